import { TaskFailure } from "../../../errors.ts";
import { linkTarget } from "../../../probes/files/path.ts";
import { markTouched } from "../../../probes/files/stat.ts";
import { sh } from "../../../script/sh.ts";
import { newFileState, withAttributes, attributesStep } from "../../shared/files/attributes.ts";
import { octal } from "../../shared/files/mode.ts";
import { mustHaveParent, planAttributes, statesOf } from "./present.ts";
import type { FileWay } from "./way.ts";
import { restore } from "../../../script/undo.ts";
import { fieldDiff } from "../../contract/diff.ts";

/** The sha256 of nothing. */
const NO_CONTENT = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

// An existing file gets the present time: that is a change every time, unless
// its times are preserved.
export const planTouch: FileWay = (args, path, before, controller) => {
  const { at, to } = before;
  if (at === null) {
    mustHaveParent(path, before);
    const after = {
      ...newFileState("file", args, before.parent ?? null, controller),
      size: 0,
      sha256: NO_CONTENT,
      content: "",
    };
    const make = sh`hw_blank ${path} ${args.owner ?? ""} ${args.group ?? ""} ${octal(after.mode)}`;
    const { group: _group, gid: _gid, ...sure } = after;
    return {
      after: { ...before, at: sure, to: sure },
      steps: [{ run: make, undo: restore(path) }],
      diff: [fieldDiff(path, null, "file")],
    };
  }
  if (to === null)
    throw new TaskFailure(
      `${path} is a link to something that does not exist`,
      "remove it, or create its target",
    );
  const which = `${args.modification_time === "preserve" ? "" : "m"}${args.access_time === "preserve" ? "" : "a"}`;
  if (which === "") return planAttributes(args, args.follow, path, before);
  const isFollowed = args.follow && at.type === "link";
  const state = isFollowed ? to : at;
  const after = withAttributes(args, state);
  return {
    after: after ? { ...before, ...statesOf(before, after, isFollowed) } : before,
    also: [path, ...(isFollowed ? [linkTarget(path, at.target ?? path)] : [])].map(markTouched),
    steps: [
      ...(after ? [attributesStep(args, state, after, path, isFollowed)] : []),
      {
        run: isFollowed
          ? sh`touch ${`-c${which}`} -- ${path}`
          : sh`(hw_dir ${path} && touch ${`-ch${which}`} -- "./$hw_name")`,
      },
    ],
    diff: [{ kind: "note", title: `${path}: set its times to now` }],
  };
};
