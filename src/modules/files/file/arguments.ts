import type { Attributes } from "../../shared/files/attributes.ts";
import type { PathState } from "../../../probes/files/path.ts";
import type { Change, Controller } from "../../contract/module.ts";

export interface FileArgs extends Attributes {
  path: string;
  state?: "file" | "directory" | "link" | "hard" | "absent" | "touch";
  src?: string;
  recurse: boolean;
  follow: boolean;
  force: boolean;
  modification_time?: "preserve" | "now";
  access_time?: "preserve" | "now";
}

/** `at`: the path itself; `to`: what it leads to; the others by need: `parent`, `src`, `same`, `below`, `above ...`. */
export type FileState = {
  at: PathState;
  to: PathState;
  parent?: PathState;
  src?: PathState;
  same?: boolean;
  below?: PathState;
  [above: `above ${string}`]: PathState;
};

/** One way of being: what must be known besides the path itself, and what has to be done. */
export interface FileWay {
  (args: FileArgs, path: string, before: FileState, given: Controller): Change<FileState> | null;
}
