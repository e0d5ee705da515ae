import { createReadStream } from "node:fs";
import { posix } from "node:path";
import { TaskFailure } from "../errors.ts";
import type { PutContent, Output } from "./transport.ts";

const CHUNK = 256 * 1024;
/** Smaller files are sent whole, without first asking how much of them is already there. */
const WORTH_RESUMING = 256 * 1024;
/** From here on openssl is so much faster than sha256sum that it makes up for its start. */
const WORTH_OPENSSL = 1024 * 1024;

const NOT_WHOLE = 64;
const NOT_SAME = 65;

/** Asks the host one program, and feeds it. */
export type Ask = (program: string, feed?: AsyncIterable<Buffer>) => Promise<Output>;

// Puts a file on the host: one question for a small one, two for one worth resuming.
export async function putFile(
  ask: Ask,
  file: PutContent,
  remotePath: string,
  onProgress: (bytes: number) => void,
): Promise<void> {
  const place = stagingPlace(file, remotePath);
  const offset = file.size < WORTH_RESUMING ? 0 : await askOffset(ask, place);
  onProgress(offset);
  const output = await send(ask, file, place, offset, onProgress);
  if (output.code === 0) return;
  if (output.code === NOT_SAME && offset > 0) return putFile(ask, file, remotePath, onProgress);
  throw putFailure(remotePath, output);
}

interface Place {
  sh: string;
  size: number;
}

// The names both programs use, as shell variables. The staged file is beside its
// place, to be renamed there.
function stagingPlace(file: PutContent, remotePath: string): Place {
  const folder = posix.dirname(remotePath);
  const staged = posix.join(folder, `.hullwright-${file.sha256.slice(0, 32)}`);
  const sh = `LC_ALL=C; export LC_ALL; umask 077
place=${quote(remotePath)} staged=${quote(staged)} folder=${quote(folder)} size=${file.size} sha256=${quote(file.sha256)}
`;
  return { sh, size: file.size };
}

// How many bytes are already staged. Anything under that name that is not our own file is not
// trusted, but created again.
async function askOffset(ask: Ask, { sh, size }: Place): Promise<number> {
  const { code, stdout } = await ask(`${sh}
if [ -f "$staged" ] && [ ! -h "$staged" ] && [ -O "$staged" ]; then stat -c %s -- "$staged"; else echo 0; fi`);
  const offset = Number(stdout.toString());
  return code === 0 && Number.isSafeInteger(offset) && offset > 0 && offset <= size ? offset : 0;
}

// Sends what is missing, has it verified, synced and renamed. Whatever fails, the
// host reads all that is sent.
async function send(
  ask: Ask,
  file: PutContent,
  place: Place,
  offset: number,
  onProgress: (bytes: number) => void,
): Promise<Output> {
  const missing = file.size - offset;
  const program = `${place.sh}
begin() { [ ! -e "$place" ] || [ -f "$place" ] || { echo "there is something that is not a file" >&2; return 1; }
  [ ${offset} -gt 0 ] || { rm -f -- "$staged" && (set -C; : >"$staged"); }; }
head -c ${missing} | { begin && cat >>"$staged"; taken=$?; cat >/dev/null; exit "$taken"; } || {
  taken=$?; [ ${offset} -gt 0 ] || rm -f -- "$staged"; exit "$taken"; }
[ "$(stat -c %s -- "$staged")" = "$size" ] || exit ${NOT_WHOLE}
${isRight(file)} || { rm -f -- "$staged"; exit ${NOT_SAME}; }
sync -- "$staged" 2>/dev/null || sync
mv -f -- "$staged" "$place" || exit
sync -- "$folder" 2>/dev/null || sync`;
  return ask(program, pieces(file, offset, onProgress));
}

// Whether the digest is the wanted one. openssl takes a fifth of the time, but need not be there,
// nor answer as we expect: so only a yes of it counts.
function isRight({ size }: PutContent): string {
  const slow = `[ "$(sha256sum <"$staged")" = "$sha256  -" ]`;
  if (size < WORTH_OPENSSL) return slow;
  return `case $(openssl dgst -sha256 -r <"$staged" 2>/dev/null) in "$sha256 "*) ;; *) ${slow} ;; esac`;
}

// The bytes from the offset on, in the chunk size that is fastest over ssh. Refuses a file
// whose length has changed, and holds back the last chunk until that is known, so that such a
// file never arrives complete.
async function* pieces(
  file: PutContent,
  offset: number,
  onProgress: (bytes: number) => void,
): AsyncGenerator<Buffer> {
  let at = offset;
  let last: Buffer | undefined;
  for await (const chunk of file.content ? slices(file.content, offset) : read(file, offset)) {
    at += chunk.length;
    if (at > file.size) break;
    if (last) yield last;
    last = chunk;
    onProgress(at);
  }
  if (at !== file.size)
    throw new TaskFailure(`${file.path ?? "the content"} changed while it was sent`, "run again");
  if (last) yield last;
}

function* slices(content: Buffer, offset: number): Generator<Buffer> {
  for (let at = offset; at < content.length; at += CHUNK) yield content.subarray(at, at + CHUNK);
}

// Reads the local file; a failure is the task's, not the host's.
async function* read({ path }: PutContent, offset: number): AsyncGenerator<Buffer> {
  if (path === undefined) throw new TypeError("a file to put has either a path or content");
  try {
    for await (const chunk of createReadStream(path, { start: offset, highWaterMark: CHUNK }))
      yield chunk as Buffer;
  } catch (error) {
    throw new TaskFailure(`cannot read ${path}: ${(error as Error).message}`);
  }
}

// What tools say when a file cannot be written, and how to fix it.
const HINTS: [RegExp, string][] = [
  [
    /No space left on device|quota exceeded/i,
    "free some space on that file system, then run again",
  ],
  [
    /Read-only file system/,
    "mount it read-write, or look in dmesg for the reason why the kernel made it read-only",
  ],
  [/(head|cat|stat|sha256sum|mv).*not found/, "install coreutils on the host"],
  [
    /Permission denied|Operation not permitted/,
    "use become: true, or check the directory's owner and mode",
  ],
  [/No such file or directory|Directory nonexistent/, "create the directory first"],
];

// Explains why the file is not there.
function putFailure(remotePath: string, { code, stderr }: Output): TaskFailure {
  if (code === NOT_SAME) {
    const hint = "the file changed while it was sent, or the host's disk or memory is bad";
    return new TaskFailure(`${remotePath} arrived with a different sha256`, hint);
  }
  if (code === NOT_WHOLE)
    return new TaskFailure(`${remotePath} did not arrive completely`, "run again");
  const said = stderr.trim().replace(/^\/bin\/sh: .*?eval: (line \d+: )?/gm, "");
  const hint = HINTS.find(([pattern]) => pattern.test(said))?.[1];
  return new TaskFailure(`cannot write ${remotePath}: ${said || `code ${code}`}`, hint);
}

// One word of sh, whatever is in it.
function quote(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
