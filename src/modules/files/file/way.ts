import type { PathState } from "../../../probes/files/path.ts";
import type { Change, Controller } from "../../contract/module.ts";
import type { PathStates } from "../../shared/files/attributes.ts";
import type { FileArgs } from "./schema.ts";

/** `at`: the path itself; `to`: what it leads to; the others by need. */
export type FileState = {
  at: PathState;
  to: PathState;
  parent?: PathState;
  src?: PathState;
  same?: boolean;
  /** What `src` leads to from the path, where it is a link that gets another name. */
  target?: PathState;
  below?: PathState;
  /** The directories above. */
  above?: PathStates;
};

/** One way of being: what must be known besides the path itself, and what has to be done. */
export interface FileWay {
  (
    args: FileArgs,
    path: string,
    before: FileState,
    controller: Controller,
  ): Change<FileState> | null;
}
