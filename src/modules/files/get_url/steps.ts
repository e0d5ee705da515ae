import text from "./steps.sh?raw";
import TOLD_FUNCTIONS from "./told.sh?raw";
import { writeRecord } from "../../../probes/record.ts";
import { lines, sh, type Script } from "../../../script/sh.ts";
import { remember, staged } from "../../../script/write.ts";
import type { Json } from "../../../value.ts";
import { backup } from "../../shared/files/backup.ts";
import { type Checksum, digits, SUM_FUNCTIONS } from "../../shared/files/checksum.ts";
import {
  FETCH_FUNCTIONS,
  fetchTo,
  fileName,
  filePath,
  isUrl,
  type DownloadRequest,
  shownUrl,
} from "../../shared/download/download.ts";
import { octal } from "../../shared/files/mode.ts";
import { defined } from "../../../defined.ts";
import type { LocalFile, Step } from "../../contract/module.ts";
import { restore } from "../../../script/undo.ts";

// The step that puts a file in place, between the lines that tell of it for the result.
function toldStep(path: string, place: readonly Script[], note: Script): Step {
  return {
    run: lines([
      { sh: TOLD_FUNCTIONS },
      sh`hw_old=$(hw_sha1 ${path})`,
      ...place,
      sh`hw_told ${path}`,
      note,
    ]),
    unregistered: lines([...place, note]),
    undo: restore(path),
    timed: true,
  };
}

/** Where a file goes and what it gets there. */
export interface DownloadPlacement {
  path: string;
  attributes: { mode: number; owner?: string | undefined; group?: string | undefined };
  backup: boolean;
}

/** How the host is asked, as the module's parameters say it. */
export interface HttpRequest {
  url: string;
  timeout: number;
  headers?: { readonly [name: string]: unknown };
  url_username?: string;
  url_password?: string;
  validate_certs: boolean;
  use_proxy: boolean;
  http_agent?: string;
  decompress?: boolean;
  client_cert?: string;
  client_key?: string;
}

type Place = DownloadPlacement["attributes"] & Omit<DownloadPlacement, "attributes">;

/**
 * hw_get WANTED ALGORITHM DIGITS NAME SUMS: downloads into a private directory beside
 * the destination, as $hw_t, with hw_bring_file, unless $hw_to is already right. If
 * WANTED is "", the digest is looked up in what hw_bring_sums brings; if SUMS is "" too,
 * the file is accepted as it comes.
 */
export const GET_FUNCTIONS = text;

// The host downloads, checks, and puts the file in place with one rename.
export function downloadStep(
  args: HttpRequest,
  checksum: Checksum | undefined,
  place: Place,
  note: { name: string; key: string; url: string } | undefined,
): Step {
  const { mode, owner, group, path } = place;
  const { algorithm, hex, sums } = checksum ?? { algorithm: "sha256" as const };
  const steps = [
    { sh: FETCH_FUNCTIONS },
    { sh: SUM_FUNCTIONS },
    { sh: GET_FUNCTIONS },
    sh`hw_to=${path}; hw_url=${shownUrl(args.url)}`,
    sh`hw_bring_file() { ${bring(args, args.url)}; }`,
    sh`hw_bring_sums() { ${sums === undefined ? sh`:` : bring(args, sums)}; }`,
    sh`hw_get ${hex ?? ""} ${algorithm} ${digits(algorithm)} ${fileName(args.url)} ${sums === undefined ? "" : shownUrl(sums)} || exit 1`,
    place.backup ? backup(sh`${path}`) : sh`:`,
    sh`hw_put ${octal(mode)} ${owner ?? ""} ${group ?? ""} && hw_remember "$hw_sha" ${path} || exit 1`,
  ];
  return toldStep(path, steps, note ? noteWithDigest(note) : sh`:`);
}

// Brings what a URL has, as $hw_t: it is downloaded, or one of the host's own files.
function bring(args: HttpRequest, url: string): Script {
  const path = filePath(url);
  return path === undefined
    ? fetchTo(requestFor(args, url), sh`"$hw_t"`)
    : sh`cat -- ${path} >"$hw_t"`;
}

// The staged file goes in place, and a note of where it is from.
export function placeStep(
  file: LocalFile,
  place: Place,
  note: { name: string; content: Json } | undefined,
): Step {
  const { path, mode, owner, group } = place;
  const steps = [
    sh`hw_t=brought`,
    place.backup ? backup(sh`${path}`) : sh`:`,
    sh`hw_place ${staged(file)} ${path} ${octal(mode)} ${owner ?? ""} ${group ?? ""} || exit 1`,
    remember(file.sha256, path),
  ];
  return toldStep(path, steps, note ? writeRecord(note.name, note.content) : sh`:`);
}

// Login and headers are for the file's own server; a file of checksums elsewhere does not get them.
function requestFor(args: HttpRequest, url: string): DownloadRequest {
  const isSame = isUrl(url) && new URL(url).origin === new URL(args.url).origin;
  const own = isSame
    ? {
        headers: args.headers,
        user: args.url_username,
        password: args.url_password,
        cert: args.client_cert,
        key: args.client_key,
      }
    : {};
  return {
    url,
    timeout: args.timeout,
    validateCerts: args.validate_certs,
    useProxy: args.use_proxy,
    agent: args.http_agent,
    ...defined({ decompress: args.decompress }),
    ...own,
  };
}

// The note, whose digest only the host knows.
function noteWithDigest({ name, key, url }: { name: string; key: string; url: string }): Script {
  const [head, tail] = JSON.stringify({ key, url, sha256: "@" }).split('"@"') as [string, string];
  return sh`hw_record ${name} ${head}'"'"$hw_sha"'"'${tail}`;
}
