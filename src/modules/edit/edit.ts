import { createHash } from "node:crypto";
import { TaskFailure } from "../../errors.ts";
import { statPath, type PathState } from "../../probes/path.ts";
import type { Probes } from "../../probes/probe.ts";
import { lines, sh, type Script } from "../../script/sh.ts";
import { staged } from "../../script/write.ts";
import { Unknown } from "../../value.ts";
import { applyMode, octal } from "../mode.ts";
import type { Change, Diff, Given, LocalFile, Step, StepOutput } from "../module.ts";
import { hostPath, ownershipAfter, ownershipDiffers, parentOf } from "../ownership.ts";
import type { Argument } from "../schema.ts";
import { fromBytes, type Bytes } from "./pattern.ts";
import { validation } from "./validate.ts";

/** What all modules that edit a text take. */
export interface EditArgs {
  path: string;
  create?: boolean;
  backup: boolean;
  validate?: string;
  mode?: string;
  owner?: string;
  group?: string;
}

/** `file`: the path itself; `real`: what it leads to, which is edited; `parent`: the folder that may have to be made. */
export type EditState = { file: PathState; real: PathState; parent?: PathState };

/** What an edit makes of a text. */
export interface Edited {
  /** The whole new content. */
  content: Bytes;
  /** Said in the result where it differs from before. */
  msg: string;
  /** Further keys of the result. */
  result?: { [key: string]: unknown };
}

type Present = NonNullable<PathState>;

export const EDIT_ARGUMENTS: { readonly [name: string]: Argument } = {
  path: { type: "path", required: true, aliases: ["dest", "destfile", "name"], description: "The file; a link is followed." },
  backup: { type: "bool", default: false, description: "Keeps the old file beside it, with the time in its name." },
  validate: { type: "str", description: "A command that checks the new file, named %s in it, before it is put in place." },
  mode: { type: "mode", description: "The file's mode. A file that is there keeps its own unless said, a new one has 0644." },
  owner: { type: "str", description: "Who owns the file." },
  group: { type: "str", description: "The group that owns the file." },
};

export const CREATE: Argument = { type: "bool", default: false, description: "Makes the file if it is not there; else it must be there." };

/** The largest text that travels, in bytes. */
const LIMIT = 1024 * 1024;

// What must be known of a file to edit it.
export function askText(args: EditArgs): Probes<EditState> {
  const path = hostPath(args.path);
  const parent = args.create ? { parent: statPath(parentOf(path), { follow: true }) } : {};
  return { file: statPath(path), real: statPath(path, { follow: true, unless: "" }), ...parent };
}

// The content as it is; undefined: there is no file. Fails for what is no file, or cannot be read whole.
export function presentContent(args: EditArgs, { file, real }: EditState): Bytes | undefined {
  if (real === null && file?.type === "link") throw new TaskFailure(`${args.path} is a link to nothing`, `make ${file.target ?? "its target"} first`);
  if (real === null) return undefined;
  if (real.type === "denied") throw new TaskFailure(`${args.path} may not be looked at`, "use become");
  if (real.type !== "file") throw new TaskFailure(`${args.path} is a ${real.type}, not a file`, "name the file itself");
  if (real.sha256 === undefined) throw new TaskFailure(`${args.path} may not be read`, "use become");
  if (real.content === undefined) throw new TaskFailure(`what stands in ${args.path} is not known before an earlier task has run`, "let that task write the whole text, or edit it in a run of its own");
  const bytes = Buffer.from(real.content, "base64").toString("latin1");
  if ((real.size ?? 0) > LIMIT || bytes.length >= LIMIT) throw new TaskFailure(`${args.path} is larger than 1 MiB`, "bring the whole file with copy or template");
  return bytes;
}

// What has to be done for the text to be as edited, and for the file to have its mode and owner.
export function planEdit(args: EditArgs, before: EditState, edited: Edited | undefined, given: Given): Change<EditState> | null {
  const content = presentContent(args, before);
  const present = before.real ?? undefined;
  const attributes = attributesOf(args, present, given);
  const diff = present === undefined ? [] : attributeDiff(present, attributes);
  if (edited !== undefined && edited.content !== content) return planContent(args, before, edited, attributes, [textDiff(args, content ?? "", edited.content), ...diff], given);
  if (present === undefined || !differs(args, present, attributes)) return null;
  const { owner: _owner, group: _group, uid: _uid, gid: _gid, ...rest } = present;
  return {
    after: after(before, { ...rest, ...attributes }), diff,
    steps: [stepAt(args, before, (at) => sh`hw_keep ${at} && hw_own ${at} ${args.owner ?? ""} ${args.group ?? ""} && chmod ${octal(attributes.mode)} ${at}`)],
    result: { msg: ATTRIBUTES_CHANGED },
  };
}

// Tells whether mode or owner are others than wanted.
function differs(args: EditArgs, present: Present, wanted: Attributes): boolean {
  return present.mode !== wanted.mode || ownershipDiffers(args, present);
}

/** Ansible's words for it. */
const ATTRIBUTES_CHANGED = "ownership, perms or SE linux context changed";

// Puts the new text in place with one rename.
function planContent(args: EditArgs, before: EditState, edited: Edited, attributes: Attributes, diff: Diff[], given: Given): Change<EditState> {
  const file = fileOf(edited.content);
  const isNew = before.real === null;
  const { owner, group } = ownerOf(args, before.real ?? undefined, given);
  const parentPath = isNew && before.parent === null ? parentOf(hostPath(args.path)) : undefined;
  const step = stepAt(args, before, (at) => lines([
    ...(args.validate === undefined ? [] : [validation(args.validate, staged(file))]),
    ...(parentPath === undefined ? [] : [sh`mkdir -p -- ${parentPath} || exit 1`]),
    ...(args.backup && !isNew ? [sh`hw_b=${at}".$$.$(date +%Y-%m-%d@%H:%M:%S)~"; cp -a -- ${at} "$hw_b" && printf 'backup %s\n' "$hw_b" || exit 1`] : []),
    sh`hw_place ${staged(file)} ${at} ${octal(attributes.mode)} ${owner} ${group}`,
  ]));
  const next: Present = { type: "file", ...attributes, size: file.size, sha256: file.sha256, content: Buffer.from(file.content!).toString("base64") };
  const parent = parentPath === undefined ? {} : { parent: { type: "directory", mode: 0o755, owner: given.becomeUser } as const };
  const undo = parentPath === undefined ? step.undo! : lines([step.undo!, sh`rmdir --ignore-fail-on-non-empty -- ${parentPath}`]);
  const msg = differs(args, before.real ?? { type: "file", mode: 0o644, owner: given.becomeUser }, attributes) ? `${edited.msg} and ${ATTRIBUTES_CHANGED}` : edited.msg;
  const backup = args.backup && !isNew ? { backup: new Unknown("the name of the backup"), backup_file: new Unknown("the name of the backup") } : {};
  return { after: { ...after(before, next), ...parent }, steps: [{ ...step, undo }], files: [file], diff, result: { ...backup, msg, ...edited.result } };
}

// The states after the file was written: a link stays one.
function after(before: EditState, next: Present): EditState {
  return { ...before, file: before.file?.type === "link" ? before.file : next, real: next };
}

// A step on the file itself, found behind the link if there is one.
function stepAt(args: EditArgs, { file }: EditState, deed: (at: Script) => Script): Step {
  const path = hostPath(args.path);
  if (file?.type !== "link") return { run: deed(sh`${path}`), undo: sh`hw_restore ${path}` };
  const find = sh`hw_e=$(readlink -f -- ${path}) || exit 1`;
  return { run: lines([find, deed(sh`"$hw_e"`)]), undo: sh`hw_restore "$(readlink -f -- ${path})"` };
}

type Attributes = { mode: number } & Partial<Present>;

// Mode and owner of the file afterwards.
function attributesOf(args: EditArgs, present: Present | undefined, given: Given): Attributes {
  if (args.mode === "preserve") throw new TaskFailure("mode: preserve is for files that are copied, not for edits", 'write mode: "0644"');
  const mode = args.mode === undefined ? (present?.mode ?? 0o644) : applyMode(args.mode, present?.mode ?? 0o644, false);
  return { mode, ...ownershipAfter(args, present ?? { owner: given.becomeUser }) };
}

// Who the new file is to be given to: who had it, unless that is who writes it anyway.
function ownerOf(args: EditArgs, present: Present | undefined, given: Given): { owner: string; group: string } {
  const kept = (name: string | undefined, number: number | undefined): string => (name === undefined || name === "UNKNOWN" ? String(number ?? "") : name);
  const owner = args.owner ?? (present ? kept(present.owner, present.uid) : "");
  return { owner: owner === given.becomeUser ? "" : owner, group: args.group ?? (present ? kept(present.group, present.gid) : "") };
}

// Bytes as a file that travels.
function fileOf(bytes: Bytes): LocalFile {
  const content = Buffer.from(bytes, "latin1");
  if (content.length > LIMIT) throw new TaskFailure("the new text is larger than 1 MiB", "bring the whole file with copy or template");
  return { content, size: content.length, sha256: createHash("sha256").update(content).digest("hex") };
}

function textDiff(args: EditArgs, before: Bytes, now: Bytes): Diff {
  return { kind: "text", title: args.path, before: fromBytes(before), after: fromBytes(now) };
}

function attributeDiff(present: Present, now: Attributes): Diff[] {
  const sides = [["mode", octal(present.mode ?? 0), octal(now.mode)], ["owner", present.owner, now.owner], ["group", present.group, now.group]] as const;
  return sides.filter(([, old, next]) => next !== undefined && old !== next).map(([title, old, next]) => ({ kind: "field", title, before: old ?? null, after: next ?? null }));
}

// The name that a step gave the backup; undefined: there is none.
export function backupName(outputs: readonly StepOutput[] | undefined): string | undefined {
  return /^backup (.*)$/m.exec(outputs?.map((output) => output.stdout).join("\n") ?? "")?.[1];
}
