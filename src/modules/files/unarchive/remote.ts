import { TaskFailure } from "../../../errors.ts";
import { statPath, type PathState } from "../../../probes/files/path.ts";
import type { Probes } from "../../../probes/probe.ts";
import { readRecord, writeRecord } from "../../../probes/record.ts";
import { markRenewed } from "../../../probes/files/may-be-replaced.ts";
import { readUnpacked, type Unpacked } from "../../../probes/files/unpacked.ts";
import { lines, sh, type Script } from "../../../script/sh.ts";
import { remember } from "../../../script/write.ts";
import type { Json } from "../../../value.ts";
import { FETCH_FUNCTIONS, fetchTo, isUrl, shownUrl } from "../../shared/download/download.ts";
import type { Also, Change, Diff } from "../../contract/module.ts";
import { hostPath, inside } from "../../shared/files/ownership.ts";
import { destOf, optionsOf, type UnarchiveArgs } from "./args.ts";
import { modeAndOwners, optionWords } from "./shipped-steps.ts";
import { unpackStep } from "./steps.ts";
import { defined } from "../../../defined.ts";
import { sha256Hex } from "../../../sha256.ts";
import { fieldDiff } from "../../contract/diff.ts";

/**
 * `note`: which archive was unpacked last; `members`: whether everything from
 * it is still as it was.
 */
export type RemoteState = { src?: PathState; note: Json; members: Unpacked };

// The questions about an archive of the host: what is in it only the host knows.
export function observeRemote(args: UnarchiveArgs): Probes<RemoteState> {
  const src = isUrl(args.src)
    ? {}
    : { src: statPath(hostPath(args.src), { follow: true, indexed: true, source: true }) };
  return {
    ...src,
    note: readRecord(nameOf(args)),
    members: readUnpacked(nameOf(args), args.list_files),
  };
}

// Unpacks the archive if it is another than the last, or if anything from it is
// no longer as it was.
export function planRemote(args: UnarchiveArgs, before: RemoteState): Change<RemoteState> | null {
  const archive = archiveOf(args, before.src);
  const noted = (before.note as { archive?: string | null } | null)?.archive;
  if (noted !== undefined && noted === archive && before.members?.differ.length === 0) return null;
  const name = nameOf(args);
  const src = isUrl(args.src) ? sh`"$hw_w/archive"` : sh`${hostPath(args.src)}`;
  const options = optionsOf(args);
  const step = unpackStep({
    src: shownUrl(args.src),
    dest: destOf(args),
    name,
    attributes: modeAndOwners({ args }),
    isUnchecked: true,
    archive: src,
    ...defined({ fetch: isUrl(args.src) ? fetchArchive(args) : undefined }),
    options: [
      ...optionWords({ options }),
      ...options.exclude.map((pattern) => `--exclude=${pattern}`),
      ...(options.include.length > 0 ? ["--", ...options.include] : []),
    ],
    finish: lines([
      sh`hw_list ${name} || exit 1`,
      noteArchive(args, name, archive, src),
      ...(args.list_files ? [sh`printf 'file %s\n' $hw_files $hw_links`] : []),
    ]),
  });
  const after = { ...before, note: { archive, src: shownUrl(args.src) }, members: { differ: [] } };
  const known = noted !== undefined && noted === archive ? before.members : null;
  const made =
    options.include.length > 0
      ? { also: madeOf(args, known) }
      : { also: (known?.differ ?? [destOf(args)]).map(markRenewed), opaque: "files" as const };
  return { after, steps: [step], ...made, diff: show(args, before, archive) };
}

// What later tasks find, where `include` names the files: of the same archive as before, only
// those that differ are new.
function madeOf(args: UnarchiveArgs, members: Unpacked): Also[] {
  const { include, strip } = optionsOf(args);
  const paths = include.map((member) =>
    inside(
      destOf(args),
      member
        .replace(/^(\.?\/)+/, "")
        .split("/")
        .slice(strip)
        .join("/"),
    ),
  );
  return paths
    .filter((path) => members === null || members.differ.includes(path))
    .map((subject) => ({ kind: "path", subject, after: { type: "file", sha256: null } }));
}

// The key that distinguishes archives: the digest, or the URL. null: a file whose
// content is not known yet.
function archiveOf(args: UnarchiveArgs, src: PathState | undefined): string | null {
  if (isUrl(args.src)) return `url ${sha256Hex(args.src)}`;
  if (!src)
    throw new TaskFailure(
      `the archive ${args.src} does not exist on the host`,
      "put it there first, with get_url or copy, or leave out remote_src if it is on the controller",
    );
  if (src.type === "denied") throw new TaskFailure(`${args.src} cannot be accessed`, "use become");
  if (src.type !== "file") throw new TaskFailure(`${args.src} is a ${src.type}, not an archive`);
  if (src.sha256 === undefined)
    throw new TaskFailure(`${args.src} on the host cannot be read`, "use become");
  return src.sha256;
}

// One name for the records of what one set of parameters unpacks.
function nameOf(args: UnarchiveArgs): string {
  const { src, owner, group, mode } = args;
  return `unarchive-${sha256Hex(JSON.stringify([destOf(args), src, optionsOf(args), owner, group, mode])).slice(0, 32)}`;
}

// Downloads the archive into the private directory.
function fetchArchive({ src, validate_certs: validateCerts }: UnarchiveArgs): Script {
  return lines([
    { sh: FETCH_FUNCTIONS },
    sh`${fetchTo({ url: src, timeout: 10, validateCerts, useProxy: true }, sh`"$hw_w/archive"`)} || exit 1`,
  ]);
}

// Notes which archive this was, so that it need not be hashed again; a digest that was not known
// when planning is made now.
function noteArchive(
  args: UnarchiveArgs,
  name: string,
  archive: string | null,
  path: Script,
): Script {
  if (isUrl(args.src)) return writeRecord(name, { archive, src: shownUrl(args.src) });
  if (archive !== null)
    return lines([
      writeRecord(name, { archive, src: args.src }),
      remember(archive, hostPath(args.src)),
    ]);
  const [head, tail] = JSON.stringify({ archive: "@", src: args.src }).split('"@"') as [
    string,
    string,
  ];
  return sh`hw_h=$(sha256sum < ${path}) && hw_h=\${hw_h%% *} && hw_record ${name} ${head}'"'"$hw_h"'"'${tail} && hw_remember "$hw_h" ${path}`;
}

// Why it is unpacked: what differs, or another archive.
function show(args: UnarchiveArgs, { note, members }: RemoteState, archive: string | null): Diff[] {
  const noted = (note as { archive?: string } | null)?.archive;
  if (noted === archive && members)
    return members.differ.map((path) =>
      fieldDiff(path, "changed or missing", `as in ${shownUrl(args.src)}`),
    );
  return [
    fieldDiff(
      destOf(args),
      noted ? `archive ${short(noted)}` : null,
      `archive ${archive ? short(archive) : shownUrl(args.src)}`,
    ),
  ];
}

function short(archive: string): string {
  return archive.slice(0, 12);
}
