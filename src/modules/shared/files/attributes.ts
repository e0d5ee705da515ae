import { TaskFailure } from "../../../errors.ts";
import { statPath, type PathState } from "../../../probes/files/path.ts";
import type { ProbesByName } from "../../../probes/probe.ts";
import { sh, type Script } from "../../../script/sh.ts";
import type { Ownership } from "../../../script/write.ts";
import { applyMode, octal } from "./mode.ts";
import type { Also, Diff, Controller, Step } from "../../contract/module.ts";
import { ownershipAfter, ownershipDiffers } from "./ownership.ts";
import { defined } from "../../../defined.ts";
import { removeDirectory } from "../../../script/undo.ts";
import { fieldDiff } from "../../contract/diff.ts";
import { fromKeys } from "../../../records.ts";

export type Present = NonNullable<PathState>;

/** Mode and owners as a task gives them; what is absent stays, or is what a new file gets. */
export interface Attributes extends Ownership {
  mode?: string | undefined;
}

/** States of paths. */
export type PathStates = { [path: string]: PathState };

// The parts of a file's SELinux context, for schemas.
export const CONTEXT_ARGUMENTS = {
  selevel: { type: "str", context: true, description: contextNote("level") },
  serole: { type: "str", context: true, description: contextNote("role") },
  setype: { type: "str", context: true, description: contextNote("type") },
  seuser: { type: "str", context: true, description: contextNote("user") },
} as const;

function contextNote(part: string): string {
  return `The ${part} of the SELinux context: without effect on hosts without SELinux, refused on those with it.`;
}

// The parameters that say so, for schemas.
export const ATTRIBUTE_ARGUMENTS = {
  mode: { type: "mode", description: 'Permissions, in octal ("0644") or by letters (u=rw,go=r).' },
  owner: { type: "str", account: "user", description: "The owner: a name or a number." },
  group: { type: "str", account: "group", description: "The group: a name or a number." },
  ...CONTEXT_ARGUMENTS,
  unsafe_writes: {
    type: "bool",
    description:
      "Permits Ansible to write in place where it cannot rename; here every write is a rename, and fails where that cannot be.",
  },
} as const;

// The state with the wanted attributes; null: it has them.
export function withAttributes(wanted: Attributes, state: Present): Present | null {
  const mode =
    wanted.mode === undefined || state.type === "link"
      ? state.mode
      : applyMode(wanted.mode, state.mode ?? 0o644, state.type === "directory");
  if (mode === state.mode && !ownershipDiffers(wanted, state)) return null;
  const { owner: _owner, group: _group, uid: _uid, gid: _gid, ...rest } = state;
  return { ...rest, ...ownershipAfter(wanted, state), ...defined({ mode }) };
}

// The step that gives a path its attributes, or what it leads to as a link; a
// link itself has only owners.
export function attributesStep(
  wanted: Attributes,
  before: Present,
  after: Present,
  path: string,
  isFollowed = false,
): Step {
  const at = isFollowed ? sh`"$(hw_follow ${path})"` : sh`${path}`;
  const set = (
    owner: string | number,
    group: string | number,
    mode: number | undefined,
  ): Script => {
    const permit =
      before.type === "link" || mode === undefined ? sh`` : sh` ${chmodWord(mode, before)}`;
    return sh`hw_set ${at} ${owner} ${group}${permit}`;
  };
  const undo = set(before.uid ?? before.owner ?? "", before.gid ?? before.group ?? "", before.mode);
  return { run: set(wanted.owner ?? "", wanted.group ?? "", after.mode), undo };
}

// A mode for chmod; the leading zero also clears a directory's setgid bit, as Ansible does.
function chmodWord(mode: number, { type }: Present): string {
  return type === "directory" ? `0${octal(mode)}` : octal(mode);
}

// The attributes of a new file or directory in `parent`, made by the task's user
// with the umask of the login.
export function newFileState(
  type: "file" | "directory",
  wanted: Attributes,
  parent: PathState,
  controller: Controller,
): Present & { mode: number } {
  const handsDown = ((parent?.mode ?? 0) & 0o2000) !== 0;
  const isRoot = controller.becomeUser === "root";
  const owner = isRoot ? { owner: "root", uid: 0 } : { owner: controller.becomeUser };
  const ownGroup = isRoot ? { group: "root", gid: 0 } : {};
  const group = handsDown ? defined({ group: parent?.group, gid: parent?.gid }) : ownGroup;
  return {
    type,
    ...defined({ isNew: type === "directory" ? true : undefined }),
    mode: newMode(type, wanted.mode, handsDown, controller),
    ...ownershipAfter(wanted, { ...owner, ...group }),
  };
}

// The mode of something new: the wanted one, on top of what the umask leaves.
function newMode(
  type: "file" | "directory",
  wanted: string | undefined,
  handsDown: boolean,
  controller: Controller,
): number {
  const isDirectory = type === "directory";
  if (wanted !== undefined && !needsUmask(wanted)) return applyMode(wanted, 0, isDirectory);
  const umask = controller.umask();
  const full = isDirectory ? 0o777 : 0o666;
  const start = (full & ~umask) | (isDirectory && handsDown ? 0o2000 : 0);
  return wanted === undefined ? start : applyMode(wanted, start, isDirectory, umask);
}

// Whether the mode of something new depends on the umask: it is not given, or given by letters.
export function needsUmask(mode: unknown): boolean {
  return typeof mode !== "string" || !/^[0-7]+$/.test(mode);
}

// The owners to give a file that takes the place of another: what is wanted,
// else those of the other.
export function keptOwners(
  wanted: Ownership,
  present: PathState,
  controller: Controller,
): [owner: string, group: string] {
  const keeps = controller.becomeUser === "root" && present !== null;
  const kept = (number: number | undefined, name: string | undefined): string =>
    keeps ? String(number ?? name ?? "") : "";
  return [
    wanted.owner ?? kept(present?.uid, present?.owner),
    wanted.group ?? kept(present?.gid, present?.group),
  ];
}

// All directories above a path, the outermost first.
export function foldersAbove(path: string): string[] {
  const names = path
    .split("/")
    .filter((name) => name !== "" && name !== ".")
    .slice(0, -1);
  return names.map((_name, i) => `/${names.slice(0, i + 1).join("/")}`);
}

// Asks for all directories above a path.
export function askAbove(path: string): ProbesByName<PathState> {
  return fromKeys(foldersAbove(path), (folder) => statPath(folder, { follow: true }));
}

// A directory, as it is called among those above a path: without needless slashes and dots.
export function directoryOf(path: string): string {
  return foldersAbove(`${path}/x`).at(-1) ?? "/";
}

/** Folders that a change makes on its way. */
export interface MadeFolders {
  steps: Step[];
  /** The states of all directories above, as they will be. */
  after: PathStates;
  also: Also[];
  diff: Diff[];
  /** The innermost, or the one that was there. */
  parent: PathState;
}

// Plans the missing directories above a path; `before` has the states of all that are there.
export function makeAbove(
  path: string,
  wanted: Attributes,
  before: PathStates = {},
  controller: Controller,
): MadeFolders {
  const made: MadeFolders = {
    steps: [],
    after: { ...before },
    also: [],
    diff: [],
    parent: { type: "directory" },
  };
  for (const folder of foldersAbove(path)) {
    const state = before[folder] ?? null;
    if (state?.type === "denied")
      throw new TaskFailure(`${folder} cannot be accessed`, "use become");
    if (state !== null && state.type !== "directory")
      throw new TaskFailure(
        `${folder} is not a directory, so ${path} cannot be created`,
        "move it out of the way",
      );
    if (state === null) {
      const after = newFileState("directory", wanted, made.parent, controller);
      made.steps.push(makeFolder(folder, wanted, after));
      made.after[folder] = after;
      made.also.push({ kind: "path", subject: folder, after });
      made.diff.push(fieldDiff(folder, null, "directory"));
    }
    made.parent = made.after[folder] ?? state;
  }
  return made;
}

/** What the umask of our own programs leaves of a directory's mode. */
const USUAL = 0o755;

// Creates a directory; its undo keeps it if others have put something in it.
export function makeFolder(folder: string, wanted: Attributes, after: Present): Step {
  const isUsual = wanted.mode === undefined && ((after.mode ?? USUAL) & 0o777) === USUAL;
  const isPlain = wanted.owner === undefined && wanted.group === undefined && isUsual;
  const mode = isUsual ? sh`` : sh` ${chmodWord(after.mode ?? USUAL, after)}`;
  const make = isPlain
    ? sh`mkdir -- ${folder}`
    : sh`hw_mkdir ${folder} ${wanted.owner ?? ""} ${wanted.group ?? ""}${mode}`;
  return {
    run: make,
    undo: removeDirectory(folder),
    creates: { path: folder },
  };
}

// Fails where a path cannot be accessed.
export function mustBeAccessible(path: string, state: PathState): PathState {
  if (state?.type === "denied") throw new TaskFailure(`${path} cannot be accessed`, "use become");
  return state;
}

// Ansible's result keys for what is at a path; unknown ones are left out.
export function shownState(state: PathState): { [key: string]: unknown } {
  if (state === null) return { state: "absent" };
  const { type, mode, owner, group, uid, gid, size } = state;
  const all = {
    state: type,
    mode: mode === undefined ? undefined : shownMode(mode),
    owner,
    group,
    uid,
    gid,
    size,
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}

// A mode as results of tasks that write files show it; with further bits it has five digits, as
// in Ansible.
function shownMode(mode: number): string {
  return `0${mode.toString(8).padStart(3, "0")}`;
}

// What changes of a path, field by field.
export function attributeDiff(before: Present, after: Present): Diff[] {
  const fields = (state: Present): { [title: string]: string | undefined } => ({
    type: state.type,
    mode: state.mode === undefined ? undefined : octal(state.mode),
    owner: state.owner ?? state.uid?.toString(),
    group: state.group ?? state.gid?.toString(),
  });
  const [old, now] = [fields(before), fields(after)];
  return Object.keys(now)
    .filter((title) => now[title] !== undefined && now[title] !== old[title])
    .map((title) => fieldDiff(title, old[title] ?? null, now[title]!));
}
