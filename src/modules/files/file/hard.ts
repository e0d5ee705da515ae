import { TaskFailure } from "../../../errors.ts";
import { linkTarget, statPath } from "../../../probes/files/path.ts";
import type { Probes } from "../../../probes/probe.ts";
import { askSame } from "../../../probes/files/same-file.ts";
import { sh } from "../../../script/sh.ts";
import { withAttributes, attributesStep } from "../../shared/files/attributes.ts";
import { mustHaveParent, planAttributes } from "./present.ts";
import type { FileState, FileWay } from "./way.ts";
import type { FileArgs } from "./schema.ts";
import { restore } from "../../../script/undo.ts";

// A hard link is judged by what it is a link of.
export function askHard(args: FileArgs, path: string): Pick<Probes<FileState>, "src" | "same"> {
  const src = linkTarget(path, args.src!);
  return { src: statPath(src), same: askSame(src, path) };
}

// A second name for the file `src`.
export const planHard: FileWay = (args, path, before) => {
  const { at, src = null, same } = before;
  const from = linkTarget(path, args.src!);
  if (src === null)
    throw new TaskFailure(`${from} does not exist, so ${path} cannot be a hard link to it`);
  if (src.type === "directory")
    throw new TaskFailure(`${from} is a directory, which cannot have hard links`);
  if (same && at?.type === src.type) return planAttributes(args, false, path, before);
  if (at?.type === "directory")
    throw new TaskFailure(
      `${path} is a directory, so it cannot become a hard link`,
      "move it out of the way",
    );
  if (at !== null && !args.force)
    throw new TaskFailure(
      `${path} exists, but is not a hard link to ${from}`,
      "force: true replaces it",
    );
  mustHaveParent(path, before);
  const after = withAttributes(args, src) ?? src;
  return {
    after: { ...before, at: after, to: after, src: after, same: true },
    steps: [
      { run: sh`hw_hard ${from} ${path}`, undo: restore(path) },
      ...(after === src ? [] : [attributesStep(args, src, after, path)]),
    ],
    diff: [{ kind: "field", title: path, before: at?.type ?? null, after: `hard link of ${from}` }],
  };
};
