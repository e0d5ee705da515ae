import { TaskFailure } from "../../../errors.ts";
import { statPath, type PathState } from "../../../probes/files/path.ts";
import type { Probes } from "../../../probes/probe.ts";
import { lines, sh, type Script } from "../../../script/sh.ts";
import { staged } from "../../../script/write.ts";
import {
  askAbove,
  ATTRIBUTE_ARGUMENTS,
  attributeDiff,
  type Attributes,
  newFileState,
  keptOwners,
  makeAbove,
  type PathStates,
  withAttributes,
  type Present,
} from "../files/attributes.ts";
import { BACKUP, backup, plannedBackup } from "../files/backup.ts";
import { octal } from "../files/mode.ts";
import type { Change, Controller, LocalFile, Step } from "../../contract/module.ts";
import { hostPath } from "../files/ownership.ts";
import type { Argument, Schema } from "../../contract/schema.ts";
import { fromBytes, type Bytes } from "./pattern.ts";
import { validation } from "./validate.ts";
import { defined } from "../../../defined.ts";
import { restore } from "../../../script/undo.ts";
import { contentState } from "../files/placed.ts";
import { sha256Hex } from "../../../sha256.ts";

/** What all modules that edit a text take. */
export interface EditArgs extends Attributes {
  path: string;
  create?: boolean;
  backup: boolean;
  validate?: string;
}

/**
 * `file`: the path itself; `real`: the path that it leads to, which is edited; `above`: directories
 * that may have to be created.
 */
export type EditState = { file: PathState; real: PathState; above?: PathStates };

/** What an edit makes of a text. */
export interface Edited {
  /** The whole new content. */
  content: Bytes;
  /** Said in the result where it differs from before. */
  msg: string;
  /** Further keys of the result. */
  result?: { [key: string]: unknown };
}

export const EDIT_ARGUMENTS = {
  path: {
    type: "path",
    required: true,
    aliases: ["dest", "destfile", "name"],
    description: "The file; a link is followed.",
  },
  backup: BACKUP,
  validate: {
    type: "str",
    description: "A command that checks the new file, named %s in it, before it is put in place.",
  },
  ...ATTRIBUTE_ARGUMENTS,
} as const satisfies Schema["arguments"];

export const CREATE = {
  type: "bool",
  default: false,
  description:
    "Creates the file and its parent directories if it does not exist; false makes that an error.",
} as const satisfies Argument;

/** The largest text that travels, in bytes. */
export const TEXT_LIMIT = 1024 * 1024;
/** Ansible's words for it. */
const ATTRIBUTES_CHANGED = "ownership, perms or SE linux context changed";

// What must be known of a file to edit it.
export function askText(args: EditArgs): Probes<EditState> {
  const path = hostPath(args.path);
  const asked = { file: statPath(path), real: statPath(path, { follow: true, unless: "" }) };
  return args.create ? { ...asked, above: askAbove(path) } : asked;
}

// The content as it is; undefined: there is no file. Fails for what is no file,
// or cannot be read whole.
export function presentContent(
  args: Pick<EditArgs, "path">,
  before: Pick<EditState, "real"> & Partial<EditState>,
): Bytes | undefined {
  const { file, real } = before;
  if (real === null && file?.type === "link")
    throw new TaskFailure(
      `${args.path} is a broken link`,
      `make ${file.target ?? "its target"} first`,
    );
  if (real === null) return undefined;
  if (real.type === "denied")
    throw new TaskFailure(`${args.path} cannot be accessed`, "use become");
  if (real.type !== "file")
    throw new TaskFailure(`${args.path} is a ${real.type}, not a file`, "name the file itself", {
      ...(real.type === "directory" && { rc: 256, msg: `Path ${args.path} is a directory !` }),
    });
  if (real.sha256 === undefined) throw new TaskFailure(`${args.path} cannot be read`, "use become");
  if (real.content === undefined)
    throw new TaskFailure(
      `the content of ${args.path} is not known until an earlier task has run`,
      "let that task write the whole text, or edit the file in a separate run",
    );
  const bytes = Buffer.from(real.content, "base64").toString("latin1");
  if ((real.size ?? 0) > TEXT_LIMIT || bytes.length >= TEXT_LIMIT)
    throw new TaskFailure(
      `${args.path} is larger than 1 MiB`,
      "replace the whole file with copy or template",
    );
  return bytes;
}

// What has to be done for the text to be as edited, and for the file to have its mode and owner.
export function planEdit(
  args: EditArgs,
  before: EditState,
  edited: Edited | undefined,
  controller: Controller,
): Change<EditState> | null {
  if (args.mode === "preserve")
    throw new TaskFailure(
      "mode: preserve is for files that are copied, not for edits",
      'write mode: "0644"',
    );
  const content = presentContent(args, before);
  if (edited !== undefined && edited.content !== content)
    return planContent(args, before, edited, content ?? "", controller);
  const present = before.real;
  const hint = present && withAttributes(args, present);
  if (!hint) return null;
  const step = stepAt(
    args,
    before,
    (at) =>
      sh`hw_keep ${at} copy && hw_set ${at} ${args.owner ?? ""} ${args.group ?? ""} ${octal(hint.mode ?? 0o644)}`,
  );
  return {
    after: after(before, hint),
    steps: [step],
    diff: attributeDiff(present, hint),
    result: { msg: ATTRIBUTES_CHANGED },
  };
}

// Puts the new text in place with one rename.
function planContent(
  args: EditArgs,
  before: EditState,
  edited: Edited,
  content: Bytes,
  controller: Controller,
): Change<EditState> {
  const file = fileOf(edited.content);
  const present = before.real;
  const above = present ? undefined : makeAbove(hostPath(args.path), {}, before.above, controller);
  const start = present ?? newFileState("file", {}, above?.parent ?? null, controller);
  const {
    content: _content,
    sha256: _sha256,
    size: _size,
    ...attributes
  } = withAttributes(args, start) ?? start;
  const [owner, group] = keptOwners(args, present, controller);
  const keeps = args.backup && present !== null;
  const step = stepAt(args, before, (at) =>
    lines([
      ...(args.validate === undefined ? [] : [validation(args.validate, staged(file))]),
      ...(keeps ? [backup(at)] : []),
      sh`hw_place ${staged(file)} ${at} ${octal(attributes.mode ?? 0o644)} ${owner} ${group}`,
    ]),
  );
  const next: Present = { ...attributes, ...contentState(file) };
  const msg = withAttributes(args, start) ? `${edited.msg} and ${ATTRIBUTES_CHANGED}` : edited.msg;
  return {
    after: { ...after(before, next), ...defined({ above: above?.after }) },
    also: above?.also ?? [],
    steps: [...(above?.steps ?? []), step],
    diff: [
      ...(above?.diff ?? []),
      {
        kind: "text",
        title: args.path,
        before: fromBytes(content),
        after: fromBytes(edited.content),
      },
      ...(present ? attributeDiff(present, next) : []),
    ],
    result: {
      ...plannedBackup(keeps),
      ...defined({ backup: plannedBackup(keeps).backup_file }),
      msg,
      ...edited.result,
    },
  };
}

// The states after the file was written: a link stays one.
function after(before: EditState, next: Present): EditState {
  const { file } = before;
  return { ...before, file: file?.type === "link" ? file : next, real: next };
}

// A step on the file itself, found by following the link if there is one.
function stepAt(args: EditArgs, before: EditState, edit: (at: Script) => Script): Step {
  const path = hostPath(args.path);
  if (before.file?.type !== "link") return { run: edit(sh`${path}`), undo: restore(path) };
  const find = sh`hw_e=$(hw_follow ${path}) || exit 1`;
  return { run: lines([find, edit(sh`"$hw_e"`)]), undo: restore(sh`"$(hw_follow ${path})"`) };
}

// Bytes as a file that travels.
function fileOf(bytes: Bytes): LocalFile {
  const content = Buffer.from(bytes, "latin1");
  if (content.length > TEXT_LIMIT)
    throw new TaskFailure(
      "the new text is larger than 1 MiB",
      "replace the whole file with copy or template",
    );
  return {
    content,
    size: content.length,
    sha256: sha256Hex(content),
  };
}
