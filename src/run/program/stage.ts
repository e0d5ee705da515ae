import { TaskFailure } from "../../errors.ts";
import type { LocalFile } from "../../modules/contract/module.ts";
import type { Entry, Identity } from "../../plan/model/entry.ts";
import { sh, type Script } from "../../script/sh.ts";
import { stagePath } from "../../script/write.ts";
import type { Session } from "../../transport/transport.ts";
import { locked, lockingOf, type Locking, type LockOptions } from "./lock.ts";
import { watchMarks } from "./progress.ts";
import { defined } from "../../defined.ts";

/** Smaller files travel inside the program of changes itself. */
const INLINE_LIMIT = 48 * 1024;

/**
 * What prints small files, by digest; and what the host said of its lock, where
 * it was asked for it.
 */
export interface Staged {
  inline: Map<string, Script>;
  locking?: Locking;
}

/** Has a relay bring a file, where the host has one; false: it is sent from here. */
export type Relayed = (file: LocalFile, directory: string) => Promise<boolean>;

/**
 * Brings the files that changes need to the host's stage, each under its sha256 and never twice.
 * Answers what prints the small ones, by digest. Throws TaskFailure (no space ...),
 * UnreachableError, and the reason of `stop`.
 */
export async function stageFiles(
  session: Session,
  entries: readonly Entry[],
  { become }: Identity,
  lock: LockOptions,
  waits: (by: string) => void,
  stop?: AbortSignal,
  relayed: Relayed = () => Promise.resolve(false),
): Promise<Staged> {
  const files = new Map(
    entries.flatMap((entry) => entry.change?.files ?? []).map((file) => [file.sha256, file]),
  );
  const inline = new Map<string, Script>();
  const big: LocalFile[] = [];
  const hidden = new Set(
    entries
      .filter(({ noLog }) => noLog)
      .flatMap(({ change }) => change?.files ?? [])
      .map(({ sha256 }) => sha256),
  );
  for (const file of files.values()) {
    const content =
      file.content ?? (file.text === undefined ? undefined : Buffer.from(file.text, "utf8"));
    if (content && content.byteLength <= INLINE_LIMIT)
      inline.set(file.sha256, printFile(file, content));
    else big.push(file);
  }
  if (big.length === 0) return { inline };
  const program = locked(
    sh`umask 077; mkdir -p "$HW_STATE_DIR/stage" && cd "$HW_STATE_DIR/stage" && printf '\n@%s stage\n' ${lock.nonce} && pwd && ls -1`,
    lock,
  );
  const listed = await session.run(program.sh, {
    become,
    keep: true,
    onStdout: watchMarks(lock.nonce, () => undefined, waits),
  });
  const [, list] = listed.stdout.toString("utf8").split(`\n@${lock.nonce} stage\n`);
  const locking = lockingOf(listed.stdout.toString("utf8"), lock.nonce);
  if (list === undefined && listed.code === 0) return { inline, locking };
  if (listed.code !== 0)
    throw new TaskFailure(
      `Hullwright's directory on the host cannot be created: ${listed.stderr.trim()}`,
      "check its free space, and that the file system is mounted read-write",
    );
  const [folder = "", ...there] = (list ?? "").split("\n");
  for (const file of big) {
    if (there.includes(file.sha256)) continue;
    if (hidden.has(file.sha256) || !(await relayed(file, folder)))
      await session.put(
        { ...file, content: file.content && Buffer.from(file.content) },
        `${folder}/${file.sha256}`,
        { ...defined({ become: become ? become : undefined }), signal: stop },
      );
  }
  return { inline, locking };
}

// Prints a small file. Text is included as it is, so that no process is needed; secrets and
// everything else are encoded.
function printFile(file: LocalFile, content: Uint8Array): Script {
  const text = Buffer.from(content).toString("utf8");
  const isText = !file.secret && !text.includes("\0") && Buffer.from(text).equals(content);
  if (isText) return sh`printf %s ${text}`;
  const encoded = Buffer.from(content)
    .toString("base64")
    .replaceAll(/.{1,76}/g, "$&\n");
  return sh`base64 -d <<'HW_FILE'
${{ sh: encoded }}HW_FILE`;
}

// The step that writes a small file to the stage.
export function stageInline(sha256: string, content: Script): Script {
  return sh`{ [ -d "$HW_STATE_DIR/stage" ] || mkdir -p -m 0700 "$HW_STATE_DIR/stage"; } && {
${content}
} > "$HW_STATE_DIR/stage/"${sha256} || exit 1`;
}

// The digests of files in the stage that only one step uses, and only once: it may take them.
export function usedOnce(entries: readonly Entry[], inline: ReadonlyMap<string, Script>): string {
  const changes = entries.flatMap(({ change }) => change ?? []);
  const steps = new Map<string, Script[]>();
  for (const { files = [], steps: its } of changes)
    for (const sha256 of new Set(files.map((file) => file.sha256)))
      if (!inline.has(sha256))
        steps.set(sha256, [...(steps.get(sha256) ?? []), ...its.map(({ run }) => run)]);
  const uses = (sha256: string, runs: readonly Script[]): number =>
    runs.reduce((sum, run) => sum + run.sh.split(stagePath(sha256).sh).length - 1, 0);
  return [...steps].flatMap(([sha256, runs]) => (uses(sha256, runs) === 1 ? sha256 : [])).join(" ");
}
