import { TaskFailure } from "../../../errors.ts";
import {
  attributeDiff,
  withAttributes,
  attributesStep,
  type Attributes,
  type Present,
} from "../../shared/files/attributes.ts";
import type { Change } from "../../contract/module.ts";
import { parentOf } from "../../shared/files/ownership.ts";
import type { FileState, FileWay } from "./way.ts";

// An existing path gets its attributes. A missing one is a failure: this state
// does not create files.
export const planPresent: FileWay = (args, path, before) => {
  const { at } = before;
  if (at === null)
    throw new TaskFailure(
      `${path} does not exist`,
      "state: file only sets attributes; state: touch or the copy module creates a file",
      { path, state: "absent", msg: `file (${path}) is absent, cannot continue` },
    );
  if (args.state === "file" && (args.follow ? before.to : at)?.type === "directory")
    throw new TaskFailure(`${path} is a directory, not a file`, "write state: directory", {
      path,
      state: "directory",
      msg: `file (${path}) is directory, cannot continue`,
    });
  return planAttributes(args, args.follow, path, before);
};

// Attributes of a path, or of what it leads to.
export function planAttributes(
  wanted: Attributes,
  follow: boolean,
  path: string,
  before: FileState,
): Change<FileState> | null {
  const { at } = before;
  if (at === null) return null;
  const isFollowed = follow && at.type === "link";
  const state = isFollowed ? before.to : at;
  if (state === null) return failWithoutTarget(wanted, path);
  const after = withAttributes(wanted, state);
  if (after === null) return null;
  return {
    after: { ...before, ...statesOf(before, after, isFollowed) },
    steps: [attributesStep(wanted, state, after, path, isFollowed)],
    diff: attributeDiff(state, after),
  };
}

// Fails if nothing can be created at a path, because its parent is not a directory.
export function mustHaveParent(path: string, { at, parent }: FileState): void {
  if (at === null && parent?.type !== "directory")
    throw new TaskFailure(
      `the directory ${parentOf(path)} does not exist, so ${path} cannot be created`,
      "create it first, with state: directory",
    );
}

// The two answers about one path, whose state becomes `after`.
export function statesOf(
  before: FileState,
  after: Present,
  isFollowed: boolean,
): { at: Present | null; to: Present | null } {
  if (isFollowed) return { at: before.at, to: after };
  return { at: after, to: after.type === "link" ? before.to : after };
}

// A link to nothing has no attributes but its own.
function failWithoutTarget(wanted: Attributes, path: string): null {
  if (wanted.mode === undefined && wanted.owner === undefined && wanted.group === undefined)
    return null;
  throw new TaskFailure(
    `${path} is a link to something that does not exist`,
    "follow: false sets the owner of the link itself",
  );
}
