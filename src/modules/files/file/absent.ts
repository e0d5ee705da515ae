import { TaskFailure } from "../../../errors.ts";
import { sh } from "../../../script/sh.ts";
import type { FileWay } from "./way.ts";
import { restore } from "../../../script/undo.ts";
import { fieldDiff } from "../../contract/diff.ts";

// Nothing is left at the path, nor below it. What was there waits in the journal.
export const planAbsent: FileWay = (_args, path, before) => {
  if (path === "/") throw new TaskFailure("the root directory cannot be removed");
  if (before.at === null) return null;
  return {
    after: { ...before, at: null, to: null },
    steps: [{ run: sh`hw_remove ${path}`, undo: restore(path) }],
    diff: [fieldDiff(path, before.at.type, null)],
  };
};
