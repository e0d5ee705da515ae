import type { LocalTree, TreeEntry } from "../../contract/local-tree.ts";
import type { Controller, LocalFile } from "../../contract/module.ts";

/** What a copied tree brings to a path below its destination. */
export type CopiedEntry =
  | { path: string; file: LocalFile }
  | { path: string; folder: true }
  | { path: string; target: string };

// The wanted state of each entry of the tree at `src`. A link to a file brings the file if
// `localFollow`; all other links that the tree has are links on the host too.
export function entriesOf(
  { src, tree }: { src: string; tree: LocalTree },
  localFollow: boolean,
  controller: Controller,
): CopiedEntry[] {
  const root = src.replace(/\/$/, "");
  const fileBehind = ({ path, file, leadsToFile }: TreeEntry): LocalFile | undefined =>
    localFollow && leadsToFile ? controller.file(`${root}/${path}`, "files") : file;
  return tree.entries.map((entry): CopiedEntry => {
    const { path, type, target } = entry;
    if (type === "directory") return { path: path.replace(/\/$/, ""), folder: true };
    const file = fileBehind(entry);
    return file ? { path, file } : { path, target: target! };
  });
}
