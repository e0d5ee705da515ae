import type { LocalTree, TreeEntry } from "../../contract/local-tree.ts";
import type { Controller, LocalFile } from "../../contract/module.ts";

/** What a copied tree brings to a path below its destination. */
export type CopiedEntry =
  | { path: string; file: LocalFile }
  | { path: string; folder: true }
  | { path: string; target: string };

/** A tree of the controller that is copied, or a directory that a link in it leads to. */
interface Part {
  src: string;
  tree: LocalTree;
  /** Where its entries are in the copy: a path with a slash at its end, or "". */
  base: string;
  /** The resolved paths of the directories around it that are copied. */
  around: readonly string[];
}

// The wanted state of each entry: links are followed on the controller, unless they should be links
// on the host, or lead nowhere or round in a circle.
export function entriesOf(
  { src, tree }: Pick<Part, "src" | "tree">,
  localFollow: boolean,
  controller: Controller,
): CopiedEntry[] {
  const whole = { src: src.replace(/\/$/, ""), tree, base: "", around: [] };
  return entriesIn(whole, localFollow, controller);
}

function entriesIn(part: Part, localFollow: boolean, controller: Controller): CopiedEntry[] {
  return part.tree.entries.flatMap((entry): CopiedEntry[] => {
    const path = `${part.base}${entry.path}`;
    if (entry.type === "directory") return [{ path: path.replace(/\/$/, ""), folder: true }];
    if (entry.type === "file") return [{ path, file: entry.file! }];
    return (
      (localFollow ? followed(part, entry, controller) : undefined) ?? [
        { path, target: entry.target! },
      ]
    );
  });
}

// What a link leads to; undefined: it stays a link.
function followed(part: Part, entry: TreeEntry, controller: Controller): CopiedEntry[] | undefined {
  const path = `${part.base}${entry.path}`;
  const { leadsTo } = entry;
  if (leadsTo === "file")
    return [{ path, file: controller.file(`${part.src}/${entry.path}`, "files") }];
  if (leadsTo === undefined) return undefined;
  const { directory } = leadsTo;
  const around = [...part.around, ...directoriesTo(part.tree.real, entry.path)];
  if (around.includes(directory)) return undefined;
  const tree = controller.tree(directory);
  const behind = { src: directory, tree, base: `${path}/`, around };
  return [{ path, folder: true }, ...entriesIn(behind, true, controller)];
}

// A directory, and those below it that a path leads through.
function directoriesTo(root: string, path: string): string[] {
  const names = path.split("/").slice(0, -1);
  return [root, ...names.map((_name, at) => `${root}/${names.slice(0, at + 1).join("/")}`)];
}
