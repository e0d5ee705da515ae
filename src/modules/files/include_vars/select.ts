import { posix } from "node:path";
import { TaskFailure } from "../../../errors.ts";
import { compileRegex } from "../../../jinja/python/regex.ts";
import type { LocalTree } from "../../contract/local-tree.ts";

/** Which files of a directory are read. */
export interface FolderArgs {
  depth: number;
  files_matching?: string;
  ignore_files: string[];
  extensions: string[];
  ignore_unknown_extensions: boolean;
}

// The files of a directory and its subdirectories, in the order in which Ansible reads them:
// directory by directory, by name.
export function filesBelow(
  args: FolderArgs,
  { path, tree }: { path: string; tree: LocalTree },
): string[] {
  const files = tree.entries.filter(({ type }) => type !== "directory").map((entry) => entry.path);
  const folders = [
    "",
    ...tree.entries.filter(({ type }) => type === "directory").map((entry) => entry.path),
  ].sort();
  const read = args.depth > 0 ? folders.slice(0, args.depth) : folders;
  const inside = (folder: string): string[] =>
    files.filter((file) => file.slice(0, file.lastIndexOf("/") + 1) === folder).sort();
  return read
    .flatMap(inside)
    .filter((file) => isWanted(posix.basename(file), args))
    .map((file) => `${path}/${file}`);
}

// Whether a file is read; one with an ending that no file of variables has is a mistake.
function isWanted(name: string, args: FolderArgs): boolean {
  if (args.files_matching !== undefined && !found(args.files_matching, name)) return false;
  if (args.ignore_files.some((pattern) => found(`${pattern}$`, name))) return false;
  if (args.extensions.includes(/[^.]\.([^.]*)$/.exec(name)?.[1] ?? "")) return true;
  if (args.ignore_unknown_extensions) return false;
  throw new TaskFailure(
    `${name} does not have a valid extension: ${args.extensions.join(", ")}`,
    "set ignore_unknown_extensions, or name it in ignore_files",
  );
}

function found(pattern: string, name: string): boolean {
  try {
    return compileRegex(pattern).test(name);
  } catch (error) {
    throw new TaskFailure(`Invalid regular expression: ${pattern}: ${(error as Error).message}`);
  }
}
