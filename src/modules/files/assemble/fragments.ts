/** The files of a directory that become one: which of them, in which order, and what is in them. */
import { defined } from "../../../defined.ts";
import { TaskFailure } from "../../../errors.ts";
import type { HostTree } from "../../../probes/files/host-tree.ts";
import type { PathState } from "../../../probes/files/path.ts";
import type { Controller, LocalFile } from "../../contract/module.ts";
import type { TreeEntry } from "../../contract/local-tree.ts";
import { presentContent } from "../../shared/edit/edit.ts";
import { search, textPattern } from "../../shared/edit/pattern.ts";
import { hostPath, inside } from "../../shared/files/ownership.ts";

/** A file of the directory. */
export interface Fragment {
  content: Buffer;
  /** It was decrypted. */
  isSecret?: true;
}

/** Which files are taken. */
interface Choice {
  src: string;
  regexp?: string;
  ignore_hidden: boolean;
}

/** What is known of a directory of the host. */
export interface FragmentState {
  src?: PathState;
  tree?: HostTree;
  /** What is in it, by names that are chosen. */
  fragments?: { [name: string]: PathState };
}

// The names of the files to join, in their order, and of links, which may lead to some; those in
// directories are not.
export function chosenNames(
  { regexp, ignore_hidden: leavesHidden }: Choice,
  entries: readonly { path: string; type: string }[],
): string[] {
  const pattern = regexp === undefined ? undefined : textPattern(regexp);
  return entries
    .filter(({ type }) => type === "file" || type === "link")
    .map(({ path }) => path)
    .filter((name) => !name.includes("/") && !(leavesHidden && name.startsWith(".")))
    .filter((name) => pattern === undefined || search(pattern, name) !== undefined)
    .sort(byCharacters);
}

// As Python sorts names: by their characters, not by halves of them.
function byCharacters(one: string, other: string): number {
  return Buffer.compare(Buffer.from(one, "utf8"), Buffer.from(other, "utf8"));
}

// The files of the host, in their order. Throws TaskFailure where they cannot be read.
export function hostFragments(args: Choice, state: FragmentState): Fragment[] {
  const { src } = args;
  if (!state.src) throw new TaskFailure(`Source (${src}) does not exist`);
  if (state.src.type === "denied" || isClosed(state.tree))
    throw new TaskFailure(`${src} cannot be read`, "use become");
  if (state.src.type !== "directory") throw new TaskFailure(`Source (${src}) is not a directory`);
  if (!state.tree)
    throw new TaskFailure(
      `${src} leads through a link that an earlier task makes`,
      "name the directory itself",
    );
  return chosenNames(args, state.tree.entries).flatMap((name) => {
    const found = state.fragments?.[name];
    return found?.type === "file" || found?.type === "denied"
      ? [{ content: hostContent(inside(hostPath(src), name), found) }]
      : [];
  });
}

// Whether a directory does not even tell its names.
function isClosed(tree: HostTree | undefined): boolean {
  return tree?.isPartial === true && tree.entries.length === 0;
}

function hostContent(path: string, found: PathState): Buffer {
  return Buffer.from(presentContent({ path }, { real: found }) ?? "", "latin1");
}

// The files of the controller, in their order. Throws TaskFailure where they cannot be read.
export function controllerFragments(
  args: Choice & { decrypt: boolean },
  controller: Controller,
): Fragment[] {
  const { src, decrypt } = args;
  const { entries } = controller.tree(src, { decrypt, follow: false });
  const files = new Map(entries.map((entry) => [entry.path, entry]));
  const behind = (name: string): LocalFile =>
    controller.file(inside(src, name), "files", { decrypt });
  return chosenNames(args, entries.filter(isFile)).map((name) =>
    fragmentOf(name, files.get(name)?.file ?? behind(name)),
  );
}

function isFile({ type, leadsToFile }: TreeEntry): boolean {
  return type === "file" || leadsToFile === true;
}

function fragmentOf(name: string, { content, text, secret }: LocalFile): Fragment {
  if (content === undefined && text === undefined)
    throw new TaskFailure(
      `${name} is not UTF-8 text, or larger than 1 MiB`,
      "copy the directory to the host, and join its files there",
    );
  const bytes = content === undefined ? Buffer.from(text!, "utf8") : Buffer.from(content);
  return { content: bytes, ...defined({ isSecret: secret }) };
}
