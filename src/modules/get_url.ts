import { TaskFailure } from "../errors.ts";
import { statPath, type PathState } from "../probes/path.ts";
import { readRecord } from "../probes/record.ts";
import { sh } from "../script/sh.ts";
import { remember } from "../script/write.ts";
import type { Json } from "../value.ts";
import type { Checksum } from "./checksum.ts";
import { fileName, isUrl, shownUrl } from "./fetch.ts";
import { checksumOf, controllerFile, type GetUrlArgs, needsNote, noteKey, noteName } from "./get_url/source.ts";
import { downloadStep, type Placing, placeStep } from "./get_url/steps.ts";
import { applyMode, octal } from "./mode.ts";
import type { Change, Given, Module, Step } from "./module.ts";
import { hostPath, inside, ownershipAfter, ownershipDiffers, parentOf } from "./ownership.ts";
import type { Schema } from "./schema.ts";

/** `at`: what `dest` leads to, links followed; `file`: `dest` itself; `inside`: the file, if `dest` is a folder. */
export type GetUrlState = { at: PathState; file: PathState; inside: PathState; parent: PathState; note?: Json };

const schema: Schema = {
  description: "Brings a file from a URL to the host: downloaded by the host, by the controller (from: controller), or taken from a path on the controller. It is checked before it stands in its place.",
  arguments: {
    url: { type: "str", required: true, description: "An http, https or ftp URL. A path, or file://, is a file of the controller." },
    dest: { type: "path", required: true, description: "The file, or a folder that gets it under the name in the URL." },
    checksum: { type: "str", description: "ALGORITHM:HEX, or ALGORITHM:URL of a file of checksums (a path is one on the controller). With it nothing is downloaded while the file is as it should be." },
    from: { type: "str", choices: ["host", "controller"], default: "host", description: "Who downloads. The controller does it once for all hosts." },
    force: { type: "bool", default: false, description: "Without a checksum: downloads every time, where else a file that is there is left alone." },
    backup: { type: "bool", default: false, description: "Keeps what was there beside it, with the time in its name." },
    mode: { type: "mode", description: "The file's mode; a new file has 0644 unless said." },
    owner: { type: "str", description: "Who owns the file." },
    group: { type: "str", description: "The group that owns the file." },
    timeout: { type: "int", default: 10, description: "Seconds to connect, and seconds of silence until the download is given up." },
    headers: { type: "dict", description: "Headers of the request." },
    url_username: { type: "str", aliases: ["username"], description: "The name for basic authentication." },
    url_password: { type: "str", aliases: ["password"], description: "The password for it. It is in no argument list." },
    validate_certs: { type: "bool", default: true, description: "Checks the server's certificate." },
    use_proxy: { type: "bool", default: true, description: "Uses the proxy that the environment names." },
  },
};

/** Files from URLs. A URL without a scheme is a file of the controller, which Ansible does not know. */
export const get_url: Module<GetUrlArgs, GetUrlState> = {
  name: "get_url",
  schema,
  observe(args) {
    const dest = hostPath(args.dest);
    const name = fileName(args.url);
    const note = needsNote(args) ? { note: readRecord(noteName(args)) } : {};
    return { at: statPath(dest, { follow: true }), file: statPath(dest, { indexed: true }), inside: statPath(inside(dest, name), { indexed: true }), parent: statPath(parentOf(dest), { follow: true }), ...note };
  },
  plan(args, before, given) {
    const place = placeOf(args, before);
    const checksum = checksumOf(args, given);
    const wanted = wantedDigest(args, checksum, place, before, given);
    if (wanted !== undefined && place.state?.type === "file" && place.state.sha256 === wanted) return planAttributes(args, place, before);
    return wanted === "any" ? planAttributes(args, place, before) : planContent(args, checksum, place, before, given);
  },
  result(args, state, outputs) {
    const folder = state.at?.type === "directory";
    const dest = folder ? inside(hostPath(args.dest), fileName(args.url)) : hostPath(args.dest);
    const now = folder ? state.inside : state.file;
    const backup = /^backup (.*)$/m.exec(outputs?.map((output) => output.stdout).join("\n") ?? "")?.[1];
    const known = now && { state: now.type, mode: octal(now.mode ?? 0), owner: now.owner, group: now.group, uid: now.uid, gid: now.gid, size: now.size };
    const all = { dest, url: shownUrl(args.url), ...known, ...(backup === undefined ? {} : { backup_file: backup }) };
    return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
  },
};

/** Where the file is to stand, and what stands there. */
interface Place {
  path: string;
  state: PathState;
  isInside: boolean;
}

// The file's own path: `dest`, or in it. Fails where no file can stand.
function placeOf(args: GetUrlArgs, before: GetUrlState): Place {
  const dest = hostPath(args.dest);
  const isInside = before.at?.type === "directory";
  const place = isInside ? { path: inside(dest, fileName(args.url)), state: before.inside, isInside } : { path: dest, state: before.file, isInside };
  if (place.state?.type === "denied" || before.parent?.type === "denied") throw new TaskFailure(`${place.path} may not be looked at`, "use become");
  if (place.state?.type === "directory") throw new TaskFailure(`${place.path} is a folder, but is to be a file`, "move it away, or choose another dest");
  if (!isInside && args.dest.endsWith("/")) throw new TaskFailure(`the folder ${dest} does not exist`, "make it first, with the file module");
  if (!isInside && before.parent?.type !== "directory") throw new TaskFailure(`the folder ${parentOf(dest)} does not exist`, "make it first, with the file module");
  return place;
}

// The digest that the file must have, as far as it can be told without the network; "any": it only has to be there.
function wantedDigest(args: GetUrlArgs, checksum: Checksum | undefined, place: Place, before: GetUrlState, given: Given): string | null | undefined {
  if (!isUrl(args.url)) return controllerFile(args, checksum, given).sha256;
  if (checksum?.algorithm === "sha256" && checksum.hex) return checksum.hex;
  const note = before.note as { key: string; sha256: string | null } | null | undefined;
  if (checksum) return note?.key === noteKey(args) ? note.sha256 : undefined;
  const isThere = place.isInside ? place.state !== null : before.at !== null;
  return isThere && !args.force ? "any" : undefined;
}

// Brings the content, by whichever way.
function planContent(args: GetUrlArgs, checksum: Checksum | undefined, place: Place, before: GetUrlState, given: Given): Change<GetUrlState> | null {
  const attributes = attributesOf(args, place, before, given);
  if (isUrl(args.url) && args.from === "host") {
    const sha256 = checksum?.algorithm === "sha256" && checksum.hex ? checksum.hex : null;
    const note = needsNote(args) ? { name: noteName(args), key: noteKey(args), url: shownUrl(args.url) } : undefined;
    const step = downloadStep(args, checksum, { ...attributes, path: place.path, backup: args.backup && place.state !== null }, note);
    return changeTo(place, before, { ...attributes.after, sha256 }, [step], note && { key: note.key, url: note.url, sha256: null });
  }
  const file = controllerFile(args, checksum, given);
  if (place.state?.type === "file" && place.state.sha256 === file.sha256) return planAttributes(args, place, before);
  const note = needsNote(args) ? { key: noteKey(args), url: shownUrl(args.url), sha256: file.sha256 } : undefined;
  const step = placeStep(file, { ...attributes, path: place.path, backup: args.backup && place.state !== null }, note && { name: noteName(args), content: note });
  return { ...changeTo(place, before, { ...attributes.after, sha256: file.sha256, size: file.size }, [step], note), files: [file] };
}

// Mends mode and owner of a file whose content is right.
function planAttributes(args: GetUrlArgs, place: Place, before: GetUrlState): Change<GetUrlState> | null {
  const { state, path } = place;
  if (state?.type !== "file") return null;
  const mode = args.mode === undefined ? state.mode : applyMode(args.mode, state.mode ?? 0o644, false);
  if (mode === state.mode && !ownershipDiffers(args, state)) return null;
  const { owner: _owner, group: _group, uid: _uid, gid: _gid, ...rest } = state;
  const after = { ...rest, ...ownershipAfter(args, state), ...(mode === undefined ? {} : { mode }) };
  const keep = state.sha256 ? remember(state.sha256, path) : sh`:`;
  const run = sh`hw_keep ${path} && hw_own ${path} ${args.owner ?? ""} ${args.group ?? ""} && chmod ${octal(mode ?? 0o644)} ${path} && ${keep}`;
  return changeTo(place, before, after, [{ run, undo: sh`hw_restore ${path}` }], before.note ?? undefined);
}

// The state after a change of the one file.
function changeTo(place: Place, before: GetUrlState, after: NonNullable<PathState>, steps: Step[], note: Json | undefined): Change<GetUrlState> {
  const { sha256: _sha256, ...plain } = after;
  const states = place.isInside ? { inside: after } : { file: after, at: plain };
  return { after: { ...before, ...states, ...(note === undefined ? {} : { note }) }, steps };
}

// Mode and owner of new content: what is asked for, else what the file had, else what a new file gets.
function attributesOf(args: GetUrlArgs, place: Place, before: GetUrlState, given: Given): Placing["attributes"] & { after: NonNullable<PathState> } {
  if (args.mode === "preserve") throw new TaskFailure("mode: preserve is for files that are copied, not for downloads", 'write mode: "0755"');
  const present = place.state?.type === "file" ? place.state : undefined;
  const isRoot = given.becomeUser === "root";
  const mode = args.mode === undefined ? (present?.mode ?? 0o644) : applyMode(args.mode, present?.mode ?? 0o644, false);
  const kept = isRoot && present ? { owner: args.owner ?? present.owner, group: args.group ?? present.group } : { owner: args.owner, group: args.group };
  const fresh = isRoot ? (present ?? rootOwned(place.isInside ? before.at : before.parent)) : { owner: given.becomeUser };
  return { mode, ...kept, after: { type: "file", mode, ...ownershipAfter(args, fresh) } };
}

// Whom a new file of root belongs to; a setgid folder hands its group down.
function rootOwned(folder: PathState): Partial<NonNullable<PathState>> {
  const { group, gid, mode = 0 } = folder ?? { type: "directory" };
  const root = { owner: "root", uid: 0 };
  if (!(mode & 0o2000)) return { ...root, group: "root", gid: 0 };
  return { ...root, ...(group === undefined ? {} : { group }), ...(gid === undefined ? {} : { gid }) };
}
