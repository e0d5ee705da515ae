import { createHash } from "node:crypto";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { makeDirectory } from "../../disk/make-directory.ts";
import type { JsonReport } from "../../report/summary.ts";
import { hideSecretText } from "../../secrets.ts";

// Where the hosts are kept that the last run of a playbook left undone, one a line, as Ansible's retry files have them.
export function retryFile(playbook: string, environment = process.env): string {
  const path = resolve(playbook);
  const state = environment["XDG_STATE_HOME"] || join(homedir(), ".local/state");
  const digest = createHash("sha256").update(path).digest("hex").slice(0, 8);
  return join(
    state,
    "hullwright",
    "retry",
    `${basename(path).replace(/\.ya?ml$/, "")}-${digest}.retry`,
  );
}

// Keeps the hosts that are not done; answers the file, or undefined where there are none, or it cannot be written, which is warned of.
export function keepUndone(
  { playbook, hosts }: Pick<JsonReport, "playbook" | "hosts">,
  warn: (message: string) => void,
  environment = process.env,
): string | undefined {
  const file = retryFile(playbook, environment);
  const undone = Object.entries(hosts)
    .filter(([, { failed, cut }]) => failed !== null || cut !== undefined)
    .map(([name]) => name);
  try {
    if (undone.length === 0) {
      forget(file, Object.keys(hosts));
      return undefined;
    }
    makeDirectory(dirname(file), 0o700);
    writeFileSync(file, `${undone.join("\n")}\n`, { mode: 0o600 });
    return file;
  } catch (error) {
    warn(
      `the hosts that are not done cannot be kept for the next run: ${(error as Error).message}`,
    );
    return undefined;
  }
}

// A file whose hosts are all done by now is of no use any more.
function forget(file: string, done: readonly string[]): void {
  if (!existsSync(file)) return;
  const kept = readFileSync(file, "utf8").split("\n").filter(Boolean);
  if (kept.every((name) => done.includes(name))) rmSync(file, { force: true });
}

/** Words after which a value stands that is not to be shown, or that the new limit replaces. */
const LIMIT = /^(?:-l|--limit)$/;

// The command line that does a run again on the hosts of a file: the same words, with another limit.
export function retryCommand(words: readonly string[], file: string): string {
  const kept: string[] = [];
  for (let at = 0; at < words.length; at++) {
    const word = words[at]!;
    if (LIMIT.test(word)) at++;
    else if (!/^(?:--limit=|-l.)/.test(word)) kept.push(word);
  }
  return ["hullwright", ...kept.map((word) => hideSecretText(word)), "--limit", `@${file}`]
    .map(quoted)
    .join(" ");
}

// A word as a shell reads it.
function quoted(word: string): string {
  return /^[\w@%+=:,./~-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
