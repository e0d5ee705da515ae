import { TaskFailure } from "../../../errors.ts";
import { contentText, type PathState } from "../../../probes/files/path.ts";
import { lines, sh, type Script } from "../../../script/sh.ts";
import { placeFile, staged } from "../../../script/write.ts";
import { BACKUP, backup } from "../files/backup.ts";
import { textFile } from "../../files/copy/source.ts";
import { applyMode, octal } from "../files/mode.ts";
import { contentState } from "../files/placed.ts";
import type { Diff, Step } from "../../contract/module.ts";
import { hostPath, ownershipAfter, ownershipDiffers } from "../files/ownership.ts";
import { restore } from "../../../script/undo.ts";
import { fieldDiff } from "../../contract/diff.ts";

/** The wanted text file on the host. */
export interface WantedText {
  path: string;
  text: string;
  mode: string;
  owner?: string | undefined;
  group?: string | undefined;
  backup?: boolean | undefined;
  /** Whether the present text means the same. */
  same(text: string): boolean;
  /** Fails where the staged file must not be put in place. */
  check?(file: Script): Script;
}

/** What has to be done for it. */
export interface TextPlacement {
  after: PathState;
  steps: Step[];
  /** The text is written again; otherwise only mode or owner change. */
  rewrites: boolean;
  diff: Diff[];
}

// The parameters that every module of ours has for the file it writes.
export const FILE_ARGUMENTS = {
  mode: { type: "mode", default: "0644", description: "The file's mode." },
  owner: { type: "str", account: "user", description: "The owner of the file." },
  group: { type: "str", account: "group", description: "The group of the file." },
  backup: BACKUP,
} as const;

// Plans a text file; null: the present one means the same, and has the same mode and owner.
export function planText(wanted: WantedText, before: PathState): TextPlacement | null {
  const path = hostPath(wanted.path);
  if (before && before.type !== "file" && before.type !== "link")
    throw new TaskFailure(
      `${path} is a ${before.type}, not a file`,
      before.type === "denied" ? "use become" : "move it out of the way",
    );
  const file = textFile(wanted.text);
  const present = before?.type === "file" ? before : undefined;
  const old = present && contentText(present);
  if (present && (present.sha256 === file.sha256 || (old !== undefined && wanted.same(old))))
    return planAttributes(wanted, present);
  const now = attributes(wanted, present);
  const place = placeFile(staged(file), path, octal(now.mode), {
    owner: wanted.owner ?? present?.owner,
    group: wanted.group ?? present?.group,
  });
  const keep = wanted.backup && before ? backup(sh`${path}`) : sh`:`;
  const run = lines([wanted.check?.(staged(file)) ?? sh`:`, keep, place.run]);
  const after = {
    type: "file" as const,
    ...now,
    ...contentState(file),
  };
  return {
    after,
    steps: [{ run, undo: place.undo }],
    rewrites: true,
    diff: present ? attributeDiff(present, now) : [],
  };
}

// The same text, with another mode or owner.
function planAttributes(wanted: WantedText, before: NonNullable<PathState>): TextPlacement | null {
  const now = attributes(wanted, before);
  if (now.mode === before.mode && !ownershipDiffers(wanted, before)) return null;
  const run = sh`hw_keep ${wanted.path} copy && hw_set ${wanted.path} ${wanted.owner ?? ""} ${wanted.group ?? ""} ${octal(now.mode)}`;
  const { owner: _owner, group: _group, uid: _uid, gid: _gid, ...rest } = before;
  return {
    after: { ...rest, ...now },
    steps: [{ run, undo: restore(wanted.path) }],
    rewrites: false,
    diff: attributeDiff(before, now),
  };
}

// The file's mode and owner afterwards: what is asked for, else what they are.
function attributes(
  wanted: WantedText,
  present: PathState | undefined,
): Partial<NonNullable<PathState>> & { mode: number } {
  return {
    mode: applyMode(wanted.mode, present?.mode ?? 0o644, false),
    ...ownershipAfter(wanted, present ?? {}),
  };
}

function attributeDiff(
  before: NonNullable<PathState>,
  now: Partial<NonNullable<PathState>>,
): Diff[] {
  const after = new Map(shownAttributes(now));
  return shownAttributes(before)
    .filter(([title, old]) => after.get(title) !== undefined && after.get(title) !== old)
    .map(([title, old]) =>
      fieldDiff(title, old === undefined ? null : String(old), String(after.get(title))),
    );
}

// The attributes of a path as people see them.
function shownAttributes(
  state: Partial<NonNullable<PathState>>,
): [title: string, value: string | number | undefined][] {
  return [
    ["mode", state.mode === undefined ? undefined : octal(state.mode)],
    ["owner", state.owner ?? state.uid],
    ["group", state.group ?? state.gid],
  ];
}

// Ansible's result keys for a file.
export function fileResult(path: string, state: PathState): { [key: string]: unknown } {
  const known = state && {
    state: state.type,
    owner: state.owner,
    group: state.group,
    size: state.size,
    mode: state.mode === undefined ? undefined : octal(state.mode),
  };
  return Object.fromEntries(
    Object.entries({ dest: path, ...known }).filter(([, value]) => value !== undefined),
  );
}
