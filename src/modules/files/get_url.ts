import { TaskFailure } from "../../errors.ts";
import { schema } from "./get_url/schema.ts";
import { statPath, type PathState } from "../../probes/files/path.ts";
import { readRecord } from "../../probes/record.ts";
import { lines, sh } from "../../script/sh.ts";
import { remember } from "../../script/write.ts";
import { Unknown, type Json } from "../../value.ts";
import {
  newFileState,
  keptOwners,
  withAttributes,
  attributesStep,
  mustBeAccessible,
  shownState,
} from "../shared/files/attributes.ts";
import { backupResult, plannedBackup } from "../shared/files/backup.ts";
import type { Checksum } from "../shared/files/checksum.ts";
import { fileName, filePath, shownUrl } from "../shared/download/download.ts";
import type { Probes } from "../../probes/probe.ts";
import { askServer, readAnswer } from "./get_url/ask-server.ts";
import {
  checksumOf,
  controllerFile,
  isOfHost,
  needsNote,
  noteKey,
  noteName,
} from "./get_url/source.ts";
import { downloadStep, type DownloadPlacement, placeStep } from "./get_url/steps.ts";
import { applyMode } from "../shared/files/mode.ts";
import type { Change, Controller, Module, Step, StepOutput } from "../contract/module.ts";
import { hostPath, inside, ownershipAfter, parentOf } from "../shared/files/ownership.ts";
import { showPath } from "../shared/files/show-path.ts";
import { defined } from "../../defined.ts";
import type { GetUrlArgs } from "./get_url/schema.ts";
import { fromKeys } from "../../records.ts";

/**
 * `at`: what `dest` leads to, links followed; `file`: `dest` itself; `inside`: the file,
 * if `dest` is a directory; `source`: the file of the host that is copied.
 */
export type GetUrlState = {
  at: PathState;
  file: PathState;
  inside: PathState;
  parent: PathState;
  source?: PathState;
  note?: Json;
  /** What the server says of the file, where it is not fetched. */
  told?: StepOutput;
};

/**
 * Files from URLs. A URL without a scheme is a file on the controller, which Ansible does not know.
 */
export const get_url: Module<GetUrlArgs, GetUrlState> = {
  name: "get_url",
  schema,
  observe(args, { isChecked }) {
    const dest = hostPath(args.dest);
    const name = fileName(args.url);
    const note = needsNote(args) ? { note: readRecord(noteName(args)) } : {};
    return {
      at: statPath(dest, { follow: true }),
      file: statPath(dest, { indexed: true }),
      inside: statPath(inside(dest, name), { indexed: true }),
      parent: statPath(parentOf(dest), { follow: true }),
      ...note,
      ...askSource(args),
      ...(isChecked && askServer(args)),
    };
  },
  plan(args, before, controller) {
    if (args.mode === "preserve")
      throw new TaskFailure(
        "mode: preserve is for files that are copied, not for downloads",
        'write mode: "0755"',
      );
    const place = placeOf(args, before);
    const checksum = checksumOf(args, controller);
    const wanted = wantedDigest(args, checksum, place, before, controller);
    if (wanted !== undefined && place.state?.type === "file" && place.state.sha256 === wanted)
      return planAttributes(args, place, before);
    return wanted === "any"
      ? planAttributes(args, place, before)
      : planContent(args, checksum, place, before, controller);
  },
  result(args, state, outputs) {
    const folder = state.at?.type === "directory";
    const dest = folder ? inside(hostPath(args.dest), fileName(args.url)) : hostPath(args.dest);
    const now = folder ? state.inside : state.file;
    return {
      dest,
      url: shownUrl(args.url),
      ...toldOf(args, now, outputs),
      ...backupResult(outputs),
    };
  },
};

/** What nobody knows of a file before it was brought. */
const NOT_YET = fromKeys(
  ["msg", "status_code", "size", "md5sum", "checksum_src", "checksum_dest", "elapsed"],
  () => new Unknown("the download"),
);

// What Ansible tells of a download: of one that failed what the server said, of a file that was
// left alone that it is there.
function toldOf(
  { url }: GetUrlArgs,
  now: PathState,
  outputs: readonly StepOutput[] | undefined,
): { [key: string]: unknown } {
  const last = outputs?.at(-1);
  if (last && last.code !== 0) {
    const status = /(?:returned error:|ERROR|HTTP\/[\d.]+) (\d{3})\b/.exec(last.stderr)?.[1];
    return { ...defined({ status_code: status === undefined ? undefined : Number(status) }) };
  }
  const [, size, md5sum, sha1, before = ""] =
    /^got (\d+) (\w+) (\w+) (\w*)$/m.exec(last?.stdout ?? "") ?? [];
  const state = shownState(now);
  if (size === undefined) return { ...state, msg: "file already exists" };
  return {
    ...state,
    msg: `OK (${size} bytes)`,
    status_code: /^https?:/i.test(url) ? 200 : null,
    size: Number(size),
    md5sum,
    checksum_src: sha1,
    checksum_dest: before === "" ? null : before,
    elapsed: last?.times
      ? Math.floor(Number(last.times[1].split("_")[0]) - Number(last.times[0].split("_")[0]))
      : 0,
  };
}

// Asks for the file of the host that is copied, if it is one.
function askSource({ url, from }: GetUrlArgs): Probes<{ source?: PathState }> {
  const path = from === "host" ? filePath(url) : undefined;
  return path === undefined ? {} : { source: statPath(path, { follow: true, digest: true }) };
}

/** The destination of the file, and what is there. */
interface Place {
  path: string;
  state: PathState;
  isInside: boolean;
}

// The file's own path: `dest`, or a path in it. Fails if no file can be there.
function placeOf(args: GetUrlArgs, before: GetUrlState): Place {
  const dest = hostPath(args.dest);
  const isInside = before.at?.type === "directory";
  const place = isInside
    ? { path: inside(dest, fileName(args.url)), state: before.inside, isInside }
    : { path: dest, state: before.file, isInside };
  mustBeAccessible(parentOf(dest), before.parent);
  mustBeAccessible(place.path, place.state);
  if (place.state?.type === "directory")
    throw new TaskFailure(
      `${place.path} is a directory, not a file`,
      "move it out of the way, or choose another dest",
    );
  if (!isInside && args.dest.endsWith("/"))
    throw new TaskFailure(
      `the directory ${dest} does not exist`,
      "create it first, with the file module",
    );
  if (!isInside && before.parent?.type !== "directory")
    throw new TaskFailure(
      `the directory ${parentOf(dest)} does not exist`,
      "create it first, with the file module",
    );
  return place;
}

// The digest that the file must have, as far as it is known without the network;
// "any": it only has to exist.
function wantedDigest(
  args: GetUrlArgs,
  checksum: Checksum | undefined,
  place: Place,
  before: GetUrlState,
  controller: Controller,
): string | null | undefined {
  if (!isOfHost(args.url, args)) return controllerFile(args, checksum, controller).sha256;
  if (before.source !== undefined) return sourceDigest(args, before.source);
  if (checksum?.algorithm === "sha256" && checksum.hex) return checksum.hex;
  const note = before.note as { key: string; sha256: string | null } | null | undefined;
  if (checksum) return note?.key === noteKey(args) ? note.sha256 : undefined;
  const isThere = place.isInside ? place.state !== null : before.at !== null;
  return isThere && !args.force ? "any" : undefined;
}

// The digest of the file of the host that is copied; undefined: apply makes it.
function sourceDigest({ url }: GetUrlArgs, source: PathState): string | undefined {
  if (source?.type === "file") return source.sha256 ?? undefined;
  throw new TaskFailure(
    `${filePath(url)} ${source === null ? "does not exist" : "is not a file"}`,
    "file:// is a file of the host; a path without it is a file of the controller",
  );
}

// Brings the content, by whichever way.
function planContent(
  args: GetUrlArgs,
  checksum: Checksum | undefined,
  place: Place,
  before: GetUrlState,
  controller: Controller,
): Change<GetUrlState> | null {
  const attributes = attributesOf(args, place, before, controller);
  const backup = args.backup && place.state !== null;
  if (isOfHost(args.url, args) && args.from === "host") {
    const own = before.source?.sha256 ?? null;
    const sha256 = checksum?.algorithm === "sha256" && checksum.hex ? checksum.hex : own;
    const note = needsNote(args)
      ? { name: noteName(args), key: noteKey(args), url: shownUrl(args.url) }
      : undefined;
    const step = downloadStep(args, checksum, { ...attributes, path: place.path, backup }, note);
    const after = { ...attributes.after, sha256 };
    const key = note && { key: note.key, url: note.url, sha256: null };
    const result = before.told ? readAnswer(args, before.told) : brought(backup);
    return changeTo(place, before, after, [step], key, result);
  }
  const file = controllerFile(args, checksum, controller);
  if (place.state?.type === "file" && place.state.sha256 === file.sha256)
    return planAttributes(args, place, before);
  const note = needsNote(args)
    ? { key: noteKey(args), url: shownUrl(args.url), sha256: file.sha256 }
    : undefined;
  const step = placeStep(
    file,
    { ...attributes, path: place.path, backup },
    note && { name: noteName(args), content: note },
  );
  const after = { ...attributes.after, sha256: file.sha256, size: file.size };
  return changeTo(place, before, after, [step], note, brought(backup));
}

// The keys of a result that are known only once the content was brought.
function brought(backup: boolean): { [key: string]: Unknown } {
  return { ...NOT_YET, ...plannedBackup(backup) };
}

// Corrects mode and owner of a file whose content is right.
function planAttributes(
  args: GetUrlArgs,
  place: Place,
  before: GetUrlState,
): Change<GetUrlState> | null {
  const { state, path } = place;
  const after = state?.type === "file" ? withAttributes(args, state) : null;
  if (!after) return null;
  const { run, undo } = attributesStep(args, state!, after, path);
  const step = {
    run: state!.sha256 ? lines([sh`${run} || exit 1`, remember(state!.sha256, path)]) : run,
    ...defined({ undo: undo ? undo : undefined }),
  };
  return changeTo(place, before, after, [step], before.note ?? undefined);
}

// The state after a change of the one file.
function changeTo(
  place: Place,
  before: GetUrlState,
  after: NonNullable<PathState>,
  steps: Step[],
  note: Json | undefined,
  result?: { [key: string]: unknown },
): Change<GetUrlState> {
  const { sha256: _sha256, ...plain } = after;
  const states = place.isInside ? { inside: after } : { file: after, at: plain };
  return {
    after: { ...before, ...states, ...defined({ note }) },
    steps,
    ...defined({ result }),
    diff: [showPath(place.path, place.state, after)],
  };
}

// Mode and owner of new content: what is asked for, else what the file had,
// else what a new file gets.
function attributesOf(
  args: GetUrlArgs,
  place: Place,
  before: GetUrlState,
  controller: Controller,
): DownloadPlacement["attributes"] & { after: NonNullable<PathState> } {
  const present = place.state?.type === "file" ? place.state : undefined;
  const made = newFileState("file", args, place.isInside ? before.at : before.parent, controller);
  const mode = present ? keptMode(args.mode, present.mode ?? 0o644) : made.mode;
  const [owner, group] = keptOwners(args, present ?? null, controller);
  const after = { ...made, mode };
  if (present !== undefined && controller.becomeUser === "root")
    Object.assign(after, ownershipAfter(args, present));
  return { mode, owner, group, after };
}

// The mode of an existing file: the requested one, otherwise its own.
function keptMode(wanted: string | undefined, before: number): number {
  return wanted === undefined ? before : applyMode(wanted, before, false);
}
