import { TaskFailure } from "../../../errors.ts";
import { linkTarget, statPath, type PathState } from "../../../probes/files/path.ts";
import type { Probe, Probes } from "../../../probes/probe.ts";
import { askSame } from "../../../probes/files/same-file.ts";
import { sh } from "../../../script/sh.ts";
import { withAttributes, attributesStep, type Present } from "../../shared/files/attributes.ts";
import type { Change } from "../../contract/module.ts";
import { mustHaveParent, planAttributes } from "./present.ts";
import type { FileState, FileWay } from "./way.ts";
import type { FileArgs } from "./schema.ts";
import { restore } from "../../../script/undo.ts";
import { fieldDiff } from "../../contract/diff.ts";

// A hard link is judged by what it is a link of.
export function askHard(args: FileArgs, path: string): Pick<Probes<FileState>, "src" | "same"> {
  const src = linkTarget(path, args.src!);
  return { src: statPath(src), same: askSame(src, path) };
}

// Where the link that gets a second name leads from there; undefined: it is none.
export function askTarget(path: string, src: PathState): Probe<PathState> | undefined {
  if (src?.type !== "link" || src.target === undefined) return undefined;
  return statPath(linkTarget(path, src.target), { follow: true });
}

// A second name for the file `src`.
export const planHard: FileWay = (args, path, before) => {
  const { at, src = null, same } = before;
  const from = linkTarget(path, args.src!);
  if (src === null)
    throw new TaskFailure(
      `${from} does not exist, so ${path} cannot be a hard link to it`,
      undefined,
      { msg: "src does not exist", dest: path, src: args.src! },
    );
  if (src.type === "directory")
    throw new TaskFailure(`${from} is a directory, which cannot have hard links`);
  if (same && at?.type === src.type) return planName(args, path, before);
  if (at?.type === "directory")
    throw new TaskFailure(
      `${path} is a directory, so it cannot become a hard link`,
      "move it out of the way",
    );
  if (at !== null && !args.force)
    throw new TaskFailure(
      `${path} exists, but is not a hard link to ${from}`,
      "force: true replaces it",
      {
        msg: "Cannot link, different hard link exists at destination",
        dest: path,
        src: args.src!,
      },
    );
  mustHaveParent(path, before);
  const after = withAttributes(args, src) ?? src;
  return {
    after: { ...before, at: after, to: leadsTo(path, after, before), src: after, same: true },
    steps: [
      { run: sh`hw_hard ${from} ${path}`, undo: restore(path) },
      ...(after === src ? [] : [attributesStep(args, src, after, path)]),
    ],
    diff: [fieldDiff(path, at?.type ?? null, `hard link of ${from}`)],
  };
};

// The attributes of one name of a file are those of the other.
function planName(args: FileArgs, path: string, before: FileState): Change<FileState> | null {
  const change = planAttributes(args, false, path, before);
  return change && { ...change, after: { ...change.after, src: change.after.at } };
}

// What a path leads to once it is a name of a file, or of a link; a link to itself leads nowhere.
function leadsTo(path: string, made: Present, { target }: FileState): PathState {
  if (made.type !== "link") return made;
  if (made.target === undefined || linkTarget(path, made.target) === path) return null;
  return target ?? null;
}
