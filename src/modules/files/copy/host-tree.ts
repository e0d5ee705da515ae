import { TaskFailure } from "../../../errors.ts";
import { defined } from "../../../defined.ts";
import { askHostTree, type HostTree, type HostTreeArg } from "../../../probes/files/host-tree.ts";
import { statPath, type PathState } from "../../../probes/files/path.ts";
import type { Probe, Probes } from "../../../probes/probe.ts";
import { lines, sh } from "../../../script/sh.ts";
import { restore } from "../../../script/undo.ts";
import type { Also, Change, Controller, Diff, Step } from "../../contract/module.ts";
import {
  askAbove,
  attributeDiff,
  attributesStep,
  directoryOf,
  makeAbove,
  makeFolder,
  newFileState,
  shownState,
  withAttributes,
  type Attributes,
  type PathStates,
  type Present,
} from "../../shared/files/attributes.ts";
import { octal, applyMode } from "../../shared/files/mode.ts";
import { hostPath, inside, ownershipAfter, parentOf } from "../../shared/files/ownership.ts";
import { askForLoop, isLoop, linksAfter, type LoopState } from "./loop.ts";
import { planOne, type FilePlacement } from "./one.ts";
import { baseName } from "./source.ts";
import { fieldDiff } from "../../contract/diff.ts";

/**
 * What is known of a directory of the host that is copied there: its entries, and
 * what is where they will be.
 */
export type HostTreeState = {
  tree: HostTree;
  root: PathState;
  sources: PathStates;
  /** The directories above the copy, and the copy itself. */
  above: PathStates;
  directories: PathStates;
  files: PathStates;
} & LoopState;

export interface HostTreeArgs extends Omit<FilePlacement, "validate"> {
  src?: string;
  dest: string;
  directory_mode?: string;
  local_follow?: boolean;
  validate?: string;
  checksum?: string;
}

// Whether a state is that of a directory of the host.
export function isFromHost(state: object): state is HostTreeState {
  return "root" in state;
}

// What is asked first: whether `src` is a directory, and what is in it.
export function hostTreeArg({ src = "", local_follow }: HostTreeArgs): HostTreeArg {
  return { path: directoryOf(hostPath(src)), follow: local_follow === true };
}

// The directory that receives the entries. The source's name is part of it,
// unless `src` ends in a slash.
function targetOf({ src = "", dest }: HostTreeArgs): string {
  return directoryOf(src.endsWith("/") ? hostPath(dest) : inside(hostPath(dest), baseName(src)));
}

// The directory `dest`, as the states of directories are named.
function destOf({ dest }: HostTreeArgs): string {
  return directoryOf(hostPath(dest));
}

// Asks for each entry of the source, and for everything that it will become.
export function askFromHost(
  args: HostTreeArgs,
  tree: NonNullable<HostTree>,
): Probes<HostTreeState> {
  refuse(args, tree);
  const arg = hostTreeArg(args);
  const to = targetOf(args);
  const sources: { [path: string]: Probe<PathState> } = {};
  const directories: { [path: string]: Probe<PathState> } = {};
  const files: { [path: string]: Probe<PathState> } = {};
  for (const { path, type } of tree.entries) {
    const [from, at] = [inside(arg.path, path), inside(to, path)];
    const followed = defined({ follow: arg.follow ? true : undefined });
    if (type === "directory") {
      sources[from] = statPath(from, { ...followed, source: true });
      directories[at] = statPath(at, { follow: true });
    } else if (type === "link") {
      sources[from] = statPath(from, { source: true });
      files[at] = statPath(at);
    } else {
      sources[from] = statPath(from, { ...followed, digest: true, source: true });
      files[at] = statPath(at, {
        digest: true,
        ...defined({ follow: args.follow ? true : undefined }),
      });
    }
  }
  return {
    tree: askHostTree(arg),
    root: statPath(arg.path, { follow: true, source: true }),
    sources,
    above: askAbove(inside(to, "x")),
    directories,
    files,
    ...askForLoop(arg.path, to),
  };
}

// Refuses what cannot be copied as a directory.
function refuse(args: HostTreeArgs, { entries, isPartial }: NonNullable<HostTree>): void {
  const { path: from, follow } = hostTreeArg(args);
  if (args.validate !== undefined)
    throw new TaskFailure("validate checks a single file, but src is a directory");
  if (args.checksum !== undefined)
    throw new TaskFailure("a directory has no checksum", `${from} is a directory`);
  if (isPartial) throw new TaskFailure(`not all of ${from} can be read`, "use become");
  const to = targetOf(args);
  if (to !== from && to.startsWith(`${from === "/" ? "" : from}/`)) throw intoItself(from, to);
  for (const { path, type } of entries) {
    if (/\n/.test(path))
      throw new TaskFailure(`the path ${JSON.stringify(path)} in ${from} contains a line break`);
    if (type === "other")
      throw new TaskFailure(
        `${inside(from, path)} is neither a file, a directory nor a link`,
        "only these are copied",
      );
    if (type === "link" && follow)
      throw new TaskFailure(
        `${inside(from, path)} is a link that leads nowhere`,
        "without local_follow it is copied as a link",
      );
  }
}

function intoItself(from: string, to: string): TaskFailure {
  return new TaskFailure(`${to} is in ${from}, which cannot be copied into itself`);
}

/** What is gathered while a directory is planned. */
interface Gathered {
  after: HostTreeState;
  also: Also[];
  steps: Step[];
  diff: Diff[];
}

// Plans the copy: directories that are missing, then each entry. New ones get the
// mode that the source has.
export function planFromHost(
  args: HostTreeArgs,
  before: HostTreeState,
  controller: Controller,
): Change<HostTreeState> | null {
  const tree = before.tree ?? { entries: [] };
  refuse(args, tree);
  const { path: from } = hostTreeArg(args);
  const to = targetOf(args);
  if (isLoop(from, before)) throw intoItself(from, to);
  const isThere = (before.above[to] ?? null) !== null;
  if (!args.force && isThere) return null;
  if (!args.dest.endsWith("/") && before.above[parentOf(destOf(args))]?.type !== "directory")
    throw new TaskFailure(
      `Destination directory ${parentOf(destOf(args))} does not exist`,
      "create it first, with the file module",
    );
  const owners: Attributes = { owner: args.owner, group: args.group };
  const folders = args.dest.endsWith("/") ? { ...owners, mode: args.directory_mode } : owners;
  const made = makeAbove(to, folders, before.above, controller);
  const all: Gathered = {
    after: {
      ...before,
      above: made.after,
      links: linksAfter(before, made.after),
      directories: { ...before.directories },
      files: { ...before.files },
    },
    also: [...made.also],
    steps: [...made.steps],
    diff: [...made.diff],
  };
  const top = { ...owners, mode: topMode(args, before, folders.mode) };
  const parents = new Map([[to, planFolder(to, "above", top, made.parent, all, controller)]]);
  for (const { path, type } of tree.entries) {
    const at = inside(to, path);
    const source = before.sources[inside(from, path)] ?? null;
    const parent = parents.get(parentOf(at)) ?? null;
    if (source?.type === "denied")
      throw new TaskFailure(`${inside(from, path)} cannot be accessed`, "use become");
    if (type === "directory") {
      const mode = before.directories[at] ? undefined : modeOf(source);
      parents.set(at, planFolder(at, "directories", { ...owners, mode }, parent, all, controller));
    } else if (type === "link") planLink(at, source?.target ?? "", owners, all);
    else planFile(at, inside(from, path), source, args, parent, all, controller);
  }
  const { steps, ...rest } = all;
  return steps.length === 0 ? null : { ...rest, steps };
}

// The mode of the copy itself: what the task says; else one that is made gets that of the source,
// where Ansible copies it as a whole.
function topMode(
  args: HostTreeArgs,
  { root, above }: HostTreeState,
  folderMode: string | undefined,
): string | undefined {
  const dest = destOf(args);
  const to = targetOf(args);
  const isWhole =
    to === dest ? !args.dest.endsWith("/") : args.dest.endsWith("/") || Boolean(above[dest]);
  const given = to === dest ? folderMode : undefined;
  const start = isWhole ? modeOf(root) : given;
  if (args.mode === "preserve") return modeOf(root);
  if (above[to]) return args.mode;
  if (args.mode === undefined) return start;
  const from = start === undefined ? 0o755 : applyMode(start, 0o755, true);
  return octal(applyMode(args.mode, from, true));
}

function modeOf(state: PathState): string | undefined {
  return state?.mode === undefined ? undefined : octal(state.mode);
}

// A directory of the copy: it is made, or an existing one gets the attributes that the task says.
function planFolder(
  at: string,
  part: "above" | "directories",
  wanted: Attributes,
  parent: PathState,
  all: Gathered,
  controller: Controller,
): PathState {
  const state = all.after[part][at] ?? null;
  if (state?.type === "denied") throw new TaskFailure(`${at} cannot be accessed`, "use become");
  if (state !== null && state.type !== "directory")
    throw new TaskFailure(`${at} is not a directory`, "move it out of the way");
  const after =
    state === null
      ? newFileState("directory", wanted, parent, controller)
      : withAttributes(wanted, state);
  if (after === null) return state;
  all.after[part][at] = after;
  all.also.push({ kind: "path", subject: at, after });
  all.steps.push(
    state === null ? makeFolder(at, wanted, after) : attributesStep(wanted, state, after, at, true),
  );
  all.diff.push(
    ...(state === null ? [fieldDiff(at, null, "directory")] : attributeDiff(state, after)),
  );
  return after;
}

// A file of the copy. One that has the same content keeps its mode, as in Ansible.
function planFile(
  at: string,
  from: string,
  source: PathState,
  args: HostTreeArgs,
  parent: PathState,
  all: Gathered,
  controller: Controller,
): void {
  const state = all.after.files[at] ?? null;
  const sha256 = source?.sha256 ?? null;
  const isSame = state?.type === "file" && sha256 !== null && state.sha256 === sha256;
  const { validate: _validate, ...placing } = args;
  const placed = planOne(
    at,
    { sha256, size: source?.size, mode: source?.mode, from: sh`${from}` },
    { ...placing, mode: isSame ? undefined : modeOf(source) },
    state,
    parent,
    controller,
  );
  if (!placed) return;
  all.after.files[at] = placed.after;
  all.steps.push(...placed.steps);
  all.diff.push(...placed.diff);
}

// A link of the copy.
function planLink(at: string, target: string, owners: Attributes, all: Gathered): void {
  const state = all.after.files[at] ?? null;
  if (state?.type === "directory")
    throw new TaskFailure(
      `${at} is a directory, so it cannot become a link`,
      "move it out of the way",
    );
  const isLink = state?.type === "link" && state.target === target;
  const start: Present = isLink ? state : { type: "link", target };
  const owned = withAttributes(owners, start);
  if (isLink && owned === null) return;
  const hasOwners = owners.owner !== undefined || owners.group !== undefined;
  const after: Present = owned ?? { ...start, ...ownershipAfter(owners, start) };
  const own = sh`hw_set ${at} ${owners.owner ?? ""} ${owners.group ?? ""}`;
  all.after.files[at] = after;
  if (isLink) all.steps.push(attributesStep(owners, state, after, at));
  else
    all.steps.push({
      run: lines([sh`hw_link ${target} ${at} || exit 1`, ...(hasOwners ? [own] : [])]),
      undo: restore(at),
    });
  const wasThere = state && (state.target ?? state.type);
  all.diff.push(fieldDiff(at, wasThere, `link to ${target}`));
}

// What `register` gets.
export function fromHostResult(
  args: HostTreeArgs,
  { above }: HostTreeState,
): { [key: string]: unknown } {
  const dest = targetOf(args);
  return { dest, ...shownState(above[dest] ?? null), checksum: null, md5sum: null };
}
