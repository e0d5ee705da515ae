import type { LocalFile } from "../../script/local-file.ts";

/** A directory on the controller, with all that is below it. */
export interface LocalTree {
  /** Its path, with links resolved. */
  real: string;
  entries: TreeEntry[];
}

/** What is in a tree. Paths are relative to it, those of directories end in "/". */
export interface TreeEntry {
  path: string;
  type: "file" | "directory" | "link";
  mode: number;
  target?: string;
  /** Where a link leads in the end, a directory by its resolved path; undefined: to neither. */
  leadsTo?: "file" | { readonly directory: string };
  file?: LocalFile;
}
