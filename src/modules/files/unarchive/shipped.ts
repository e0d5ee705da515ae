import { dirname, normalize, resolve } from "node:path/posix";
import { TaskFailure } from "../../../errors.ts";
import { statPath, type PathState } from "../../../probes/files/path.ts";
import type { Probe, Probes } from "../../../probes/probe.ts";
import {
  withAttributes,
  mustBeAccessible,
  type PathStates,
} from "../../shared/files/attributes.ts";
import type { Also, Change, Controller } from "../../contract/module.ts";
import { inside, ownershipAfter } from "../../shared/files/ownership.ts";
import { showPath } from "../../shared/files/show-path.ts";
import { destOf, optionsOf, type UnarchiveArgs } from "./args.ts";
import { BIG, selectMembers, unpackedMode, type WantedMember } from "./members.ts";
import { isOwned, ownersAfter, type UnarchiveTask } from "./owners.ts";
import { attributeStep, contentStep, type Differing } from "./shipped-steps.ts";
import { defined } from "../../../defined.ts";

/** What is under the absolute path of each member. */
export type ShippedState = { paths: PathStates };

// The questions about every member of an archive of the controller.
export function observeShipped(args: UnarchiveArgs, controller: Controller): Probes<ShippedState> {
  const probes: { [path: string]: Probe<PathState> } = {};
  for (const member of membersOf(args, controller)) {
    const path = inside(destOf(args), member.path);
    probes[path] = statPath(path, optionsFor(member));
  }
  return { paths: probes };
}

// How a member's place is looked at: through links for a directory, with the digest for a file.
function optionsFor({ type, size }: WantedMember): Parameters<typeof statPath>[1] {
  if (type === "directory") return { follow: true };
  if (type !== "file") return {};
  return size >= BIG ? { indexed: true } : { digest: true };
}

// The members that the parameters choose.
export function membersOf(args: UnarchiveArgs, controller: Controller): WantedMember[] {
  return selectMembers(controller.archive(args.src), optionsOf(args), destOf(args));
}

// Replaces the members that differ, and corrects modes and owners of those whose content is right.
export function planShipped(
  args: UnarchiveArgs,
  before: ShippedState,
  controller: Controller,
): Change<ShippedState> | null {
  const task: UnarchiveTask = {
    args,
    options: optionsOf(args),
    dest: destOf(args),
    isRoot: controller.becomeUser === "root",
    user: controller.becomeUser,
  };
  const members = membersOf(args, controller);
  const all = members
    .map((member) => compare(member, before.paths[inside(task.dest, member.path)] ?? null, task))
    .filter((one) => one !== undefined);
  if (all.length === 0) return null;
  const [content, attributes] = [all.filter((one) => !one.isSame), all.filter((one) => one.isSame)];
  const archive = content.some(({ member }) => member.type !== "directory")
    ? controller.file(args.src, "files")
    : undefined;
  const steps = [
    ...(content.length > 0 ? [contentStep(content, members, task, archive)] : []),
    ...attributes.map((one) => attributeStep(one, task)),
  ];
  const paths = { ...before.paths, ...Object.fromEntries(all.map((one) => [one.path, one.after])) };
  const also: Also[] = content
    .filter(({ member }) => member.type === "directory")
    .map((one) => ({ kind: "path", subject: one.path, after: one.after }));
  return {
    after: { paths },
    also,
    steps,
    diff: all.map((one) => showPath(one.path, one.before, one.after)),
  };
}

// What is at a path after a change: the path in `creates` may come from the archive itself.
export function madeAt(change: Change<ShippedState>, path: string): PathState | undefined {
  const made = new Map([
    ...(change.also ?? []).map((one) => [one.subject, one.after as PathState] as const),
    ...Object.entries(change.after.paths),
  ]);
  return followed(made, normalize(path));
}

// What is at a path among those that the archive makes, following its links.
function followed(
  made: ReadonlyMap<string, PathState>,
  path: string,
  links = 0,
): PathState | undefined {
  const state = made.get(path);
  if (state?.type !== "link" || state.target === undefined) return state;
  return links > 40 ? undefined : followed(made, resolve(dirname(path), state.target), links + 1);
}

// Compares the present state with the wanted one; undefined: they are equal.
function compare(
  member: WantedMember,
  before: PathState,
  task: UnarchiveTask,
): Differing | undefined {
  const path = inside(task.dest, member.path);
  mustBeAccessible(path, before);
  if (member.type === "directory") return compareFolder(member, path, before, task);
  if (before?.type === "directory")
    throw new TaskFailure(
      `${path} is a directory on the host, but a ${member.type} in ${task.args.src}`,
      "move it out of the way",
    );
  const after = wantedState(member, task);
  if (
    !before ||
    before.type !== member.type ||
    before.target !== member.target ||
    before.sha256 !== member.sha256
  )
    return { member, path, before, after, isSame: false };
  const owned = isOwned(member, before, task);
  if (owned && (member.type === "link" || before.mode === after.mode)) return undefined;
  return {
    member,
    path,
    before,
    after: owned ? { ...after, ...ownershipAfter({}, before) } : after,
    isSame: true,
  };
}

// An existing directory stays as it is, unless the task says otherwise: an archive may not change
// the owner of /usr/local/bin.
function compareFolder(
  member: WantedMember,
  path: string,
  before: PathState,
  task: UnarchiveTask,
): Differing | undefined {
  if (before === null)
    return { member, path, before, after: wantedState(member, task), isSame: false };
  if (before.type !== "directory")
    throw new TaskFailure(
      `${path} is a ${before.type} on the host, but a directory in ${task.args.src}`,
      "move it out of the way",
    );
  const after = withAttributes(task.args, before);
  return after ? { member, path, before, after, isSame: true } : undefined;
}

// What will be there.
function wantedState(member: WantedMember, task: UnarchiveTask): NonNullable<PathState> {
  const { type, sha256, size, target } = member;
  const owners = ownersAfter(member, task);
  if (type === "link") return { type, mode: 0o777, ...owners, ...defined({ target }) };
  const content = type === "file" ? { size, ...defined({ sha256 }) } : {};
  return { type, mode: keptMode(member, task), ...owners, ...content };
}

// A member's mode; a change of owner takes setuid and setgid from files, as the kernel does.
function keptMode(member: WantedMember, { args, isRoot }: UnarchiveTask): number {
  const mode = unpackedMode(member, args.mode, isRoot);
  const isReowned =
    member.type === "file" &&
    args.mode === undefined &&
    (args.owner !== undefined || args.group !== undefined);
  return isReowned ? mode & ~(0o4000 | (mode & 0o010 ? 0o2000 : 0)) : mode;
}
