import type { LocalFile } from "../../script/local-file.ts";

/** A directory on the controller, with all that is below it. */
export interface LocalTree {
  entries: TreeEntry[];
}

/** What is in a tree. Paths are relative to it, those of directories end in "/". */
export interface TreeEntry {
  path: string;
  type: "file" | "directory" | "link";
  mode: number;
  target?: string;
  /** It is a link that leads to a file in the end. */
  leadsToFile?: true;
  file?: LocalFile;
}
