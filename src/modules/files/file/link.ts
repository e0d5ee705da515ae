import { TaskFailure } from "../../../errors.ts";
import { linkTarget, statPath } from "../../../probes/files/path.ts";
import type { Probes } from "../../../probes/probe.ts";
import { sh } from "../../../script/sh.ts";
import {
  attributeDiff,
  newFileState,
  withAttributes,
  attributesStep,
  type Present,
} from "../../shared/files/attributes.ts";
import type { Change, Controller, Step } from "../../contract/module.ts";
import { mustHaveParent, planAttributes } from "./present.ts";
import type { FileState, FileWay } from "./way.ts";
import { defined } from "../../../defined.ts";
import type { FileArgs } from "./schema.ts";
import { restore } from "../../../script/undo.ts";
import { fieldDiff } from "../../contract/diff.ts";

// A link is judged by its target, and by whether that exists.
export function askLink(args: FileArgs, path: string): Pick<Probes<FileState>, "src" | "below"> {
  const src =
    args.src === undefined ? {} : { src: statPath(linkTarget(path, args.src), { follow: true }) };
  return {
    ...src,
    ...defined({ below: args.force ? statPath(path, { below: "first" }) : undefined }),
  };
}

// A link to `src`; without `src`, an existing one gets its attributes.
export const planLink: FileWay = (args, path, before, controller) => {
  const { at, src = null } = before;
  if (args.src === undefined) {
    if (at?.type !== "link")
      throw new TaskFailure(`${path} is not a link yet`, "set its target with src");
    return planAttributes(args, args.follow, path, before);
  }
  if (src === null && !args.force)
    throw new TaskFailure(
      `${linkTarget(path, args.src)} does not exist, so ${path} cannot link to it`,
      "create it first, or set force: true",
      {
        msg: `src file does not exist, use "force=yes" if you really want to create the link: ${linkTarget(path, args.src)}`,
      },
    );
  if (at?.type === "link" && at.target === args.src)
    return src === null ? null : planAttributes(args, args.follow, path, before);
  mayReplace(args, path, before);
  mustHaveParent(path, before);
  return planNew(args, path, before, controller);
};

// Fails where something is in the way that must not be lost.
function mayReplace({ force }: FileArgs, path: string, { at, below }: FileState): void {
  if (at === null || at.type === "link") return;
  if (!force)
    throw new TaskFailure(
      `${path} is a ${at.type}, not a link`,
      "force: true replaces a file or an empty directory",
      { msg: `refusing to convert from ${at.type} to symlink for ${path}` },
    );
  if (at.type === "directory" && (below?.below ?? []).length > 0)
    throw new TaskFailure(
      `the directory ${path} is not empty, so it cannot be replaced with a link`,
      "move it out of the way",
      { msg: `the directory ${path} is not empty, refusing to convert it` },
    );
}

// Creates or retargets the link, then corrects the attributes of its target.
function planNew(
  args: FileArgs,
  path: string,
  before: FileState,
  controller: Controller,
): Change<FileState> {
  const { at } = before;
  const src = linkTarget(path, args.src!) === path ? null : (before.src ?? null); // a link to itself leads nowhere
  const {
    mode: _mode,
    group: _group,
    gid: _gid,
    ...owned
  } = newFileState("file", {}, null, controller);
  const bare: Present = { ...owned, type: "link", mode: 0o777, target: args.src! };
  const link = args.follow ? bare : (withAttributes(args, bare) ?? bare);
  const own: Step[] =
    args.follow || (args.owner ?? args.group) === undefined
      ? []
      : [attributesStep(args, bare, link, path)];
  const to = args.follow && src ? withAttributes(args, src) : null;
  return {
    after: {
      ...before,
      at: link,
      to: to ?? src,
      ...defined({
        src: before.src === undefined ? undefined : (to ?? src),
        below: before.below === undefined ? undefined : null,
        same: before.same === undefined ? undefined : src !== null,
      }),
    },
    steps: [
      { run: sh`hw_link ${args.src!} ${path}`, undo: restore(path) },
      ...own,
      ...(to ? [attributesStep(args, src!, to, path, true)] : []),
    ],
    diff: [
      fieldDiff(
        path,
        (at?.type === "link" ? `link to ${at.target}` : at?.type) ?? null,
        `link to ${args.src}`,
      ),
      ...(to ? attributeDiff(src!, to) : []),
    ],
  };
}
