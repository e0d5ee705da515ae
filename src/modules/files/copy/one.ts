import { TaskFailure } from "../../../errors.ts";
import { contentText, type PathArg, type PathState } from "../../../probes/files/path.ts";
import { lines, sh, type Script } from "../../../script/sh.ts";
import { remember, staged } from "../../../script/write.ts";
import {
  attributeDiff,
  newFileState,
  keptOwners,
  withAttributes,
  attributesStep,
  type Attributes,
  type Present,
} from "../../shared/files/attributes.ts";
import { backup } from "../../shared/files/backup.ts";
import { validation } from "../../shared/edit/validate.ts";
import { applyMode, octal } from "../../shared/files/mode.ts";
import type { Diff, Controller, LocalFile, Step } from "../../contract/module.ts";
import { ownershipAfter } from "../../shared/files/ownership.ts";
import { defined } from "../../../defined.ts";
import { restore, restoring } from "../../../script/undo.ts";
import { fieldDiff } from "../../contract/diff.ts";

/** The wanted content of a file, and its source: the controller, or another file on the host. */
export interface CopySource {
  /** null: not known before apply. */
  sha256: string | null;
  size?: number | undefined;
  /** Its mode where it is from, for `mode: preserve`. */
  mode?: number | undefined;
  /** Where it waits on the host. */
  from: Script;
  file?: LocalFile;
}

/** How a file is put in its place. */
export interface FilePlacement extends Attributes {
  backup: boolean;
  /** Without force, an existing file stays as it is. */
  force: boolean;
  follow: boolean;
  validate?: string;
}

export interface PlacedFile {
  after: Present;
  steps: Step[];
  diff: Diff[];
  /** The old content is kept beside it. */
  isKept: boolean;
}

/**
 * Texts up to this size are shown when they change; larger files than `BIG` have their
 * digests remembered. In bytes.
 */
const SHOWN = 64 * 1024;
const BIG = 1024 * 1024;

// A file of the controller as a source.
export function shipped(file: LocalFile): CopySource {
  return { sha256: file.sha256, size: file.size, mode: file.mode, from: staged(file), file };
}

// How to ask for a file that should equal the source.
export function questionFor({ sha256, size = 0, file }: CopySource): Omit<PathArg, "path"> {
  if (sha256 !== null && file?.text !== undefined && size <= SHOWN) return { unless: sha256 };
  return size > BIG ? { indexed: true } : { digest: true };
}

// Plans one file; null: it is as wanted.
export function planOne(
  path: string,
  source: CopySource,
  placing: FilePlacement,
  state: PathState,
  parent: PathState,
  controller: Controller,
): PlacedFile | null {
  if (state?.type === "directory")
    throw new TaskFailure(`${path} is a directory, not a file`, "move it out of the way");
  if (state?.type === "denied") throw new TaskFailure(`${path} cannot be accessed`, "use become");
  if (state !== null && !placing.force) return null;
  const wanted = {
    ...placing,
    mode: placing.mode === "preserve" ? octal(source.mode ?? 0o644) : placing.mode,
  };
  if (state?.type === "file" && state.sha256 === source.sha256) {
    const after = withAttributes(wanted, state);
    return (
      after && {
        after,
        steps: [attributesStep(wanted, state, after, path, placing.follow)],
        diff: attributeDiff(state, after),
        isKept: false,
      }
    );
  }
  const after = { ...contentAfter(source), ...attributesAfter(wanted, state, parent, controller) };
  return {
    after,
    steps: [placeStep(path, source, wanted, state, after.mode, controller)],
    diff: diffOf(path, source, state, after),
    isKept: placing.backup && state !== null,
  };
}

// Mode and owners of new content: what is wanted, else what the file had, else
// what a new file gets.
function attributesAfter(
  wanted: Attributes,
  state: PathState,
  parent: PathState,
  controller: Controller,
): Present & { mode: number } {
  const present = state?.type === "file" ? state : undefined;
  const start = newFileState("file", wanted, parent, controller);
  if (!present) return start;
  const mode =
    wanted.mode === undefined
      ? (present.mode ?? start.mode)
      : applyMode(wanted.mode, present.mode ?? 0o644, false);
  return controller.becomeUser === "root"
    ? { type: "file", mode, ...ownershipAfter(wanted, present) }
    : { ...start, mode };
}

// The content as later tasks find it.
function contentAfter({ sha256, size, file }: CopySource): Partial<Present> {
  const isShown = file?.text !== undefined && file.size <= SHOWN;
  return {
    sha256,
    ...defined({ size, content: isShown ? Buffer.from(file.text!).toString("base64") : undefined }),
  };
}

// Validates, keeps, and swaps with one rename. Behind a link, the file itself is swapped.
function placeStep(
  path: string,
  source: CopySource,
  placing: FilePlacement,
  state: PathState,
  mode: number,
  controller: Controller,
): Step {
  const to = placing.follow ? sh`"$hw_to"` : sh`${path}`;
  const find = placing.follow ? sh`hw_to=$(hw_follow ${path}) || exit 1` : sh`:`;
  const [owner, group] = keptOwners(placing, state?.type === "file" ? state : null, controller);
  const run = lines(
    [
      find,
      placing.validate === undefined ? sh`:` : validation(placing.validate, source.from),
      placing.backup && state !== null ? backup(to) : sh`:`,
      sh`hw_place ${source.from} ${to} ${octal(mode)} ${owner} ${group} || exit 1`,
      source.sha256 !== null && (source.size ?? 0) > BIG ? remember(source.sha256, path) : sh`:`,
    ].filter((script) => script.sh !== ":"),
  );
  const undo = placing.follow ? restoring(lines([find, sh`hw_restore ${to}`])) : restore(path);
  const isPlain = state === null && !placing.follow && placing.validate === undefined;
  if (!isPlain || source.sha256 === null || !source.file) return { run, undo };
  const file = { sha256: source.sha256, mode: octal(mode), owner, group };
  return { run, undo, creates: { path, file } };
}

// What people see: the text, where both are text and small; else the digests.
function diffOf(
  path: string,
  { sha256, file }: CopySource,
  state: PathState,
  after: Present,
): Diff[] {
  const before = state === null || state.size === 0 ? "" : contentText(state);
  const attributes = state?.type === "file" ? attributeDiff(state, after) : [];
  const now = after.content === undefined ? undefined : file?.text;
  if (
    before !== undefined &&
    !before.includes("\uFFFD") &&
    !before.includes("\0") &&
    now !== undefined &&
    !now.includes("\0")
  )
    return [{ kind: "text", title: path, before, after: now }, ...attributes];
  const old = state?.type === "file" ? state.sha256 : state?.type;
  return [
    fieldDiff(`${path} sha256`, old ?? null, sha256 ?? "not known before apply"),
    ...attributes,
  ];
}
