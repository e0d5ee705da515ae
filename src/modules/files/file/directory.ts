import { TaskFailure } from "../../../errors.ts";
import {
  newFileState,
  makeAbove,
  makeFolder,
  type Present,
} from "../../shared/files/attributes.ts";
import type { Change, Controller } from "../../contract/module.ts";
import { planAttributes } from "./present.ts";
import { planBelow } from "./recurse.ts";
import type { FileState, FileWay } from "./way.ts";
import type { FileArgs } from "./schema.ts";
import { fieldDiff } from "../../contract/diff.ts";

// A directory, with all missing parents.
export const planDirectory: FileWay = (args, path, before, controller) => {
  if (before.at === null) return planNew(args, path, before, controller);
  const folder = args.follow ? before.to : before.at;
  if (folder === null)
    throw new TaskFailure(
      `${path} is a link to something that does not exist`,
      "remove it first, or create its target",
    );
  if (folder.type !== "directory")
    throw new TaskFailure(`${path} exists, but is not a directory`, "move it out of the way", {
      msg: `${path} already exists as a ${folder.type}`,
    });
  const own = planAttributes(args, args.follow, path, before);
  return args.recurse ? planBelow(args, path, before, own) : own;
};

// Folders above get the same attributes, as Ansible's do.
function planNew(
  args: FileArgs,
  path: string,
  before: FileState,
  controller: Controller,
): Change<FileState> {
  const above = makeAbove(path, args, before.above, controller);
  const after: Present = newFileState("directory", args, above.parent, controller);
  const below = args.recurse ? { below: { type: "directory" as const, below: [] } } : {};
  return {
    after: { ...before, above: above.after, at: after, to: after, ...below },
    also: above.also,
    steps: [...above.steps, makeFolder(path, args, after)],
    diff: [...above.diff, fieldDiff(path, null, "directory")],
  };
}
