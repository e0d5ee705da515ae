import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { makeDirectory } from "../../disk/make-directory.ts";
import type { JsonReport } from "../../report/summary.ts";
import { hideSecretText } from "../../secrets.ts";
import { sha256Hex } from "../../sha256.ts";
import { commandText } from "../command-text.ts";
import { reasonOf } from "../../system-error.ts";

// Where the hosts are kept that the last run of a playbook left undone, one a line, as
// Ansible's retry files have them.
export function retryFile(playbook: string, environment = process.env): string {
  const path = resolve(playbook);
  const state = environment["XDG_STATE_HOME"] || join(homedir(), ".local/state");
  const digest = sha256Hex(path).slice(0, 8);
  return join(
    state,
    "hullwright",
    "retry",
    `${basename(path).replace(/\.ya?ml$/, "")}-${digest}.retry`,
  );
}

// Keeps the hosts that are not done; answers the file, or undefined where there are none, or it
// cannot be written, which is warned of.
export function keepUndone(
  { playbook, hosts }: Pick<JsonReport, "playbook" | "hosts">,
  warn: (message: string) => void,
  environment = process.env,
): string | undefined {
  const file = retryFile(playbook, environment);
  const undone = undoneHosts(hosts);
  try {
    if (undone.length === 0) {
      forget(file, Object.keys(hosts));
      return undefined;
    }
    makeDirectory(dirname(file), 0o700);
    writeFileSync(file, `${undone.join("\n")}\n`, { mode: 0o600 });
    return file;
  } catch (error) {
    warn(`the list of unfinished hosts cannot be saved for the next run: ${reasonOf(error)}`);
    return undefined;
  }
}

// The hosts that have failed, or whose part was cut short.
function undoneHosts(hosts: JsonReport["hosts"]): string[] {
  return Object.entries(hosts)
    .filter(([, { failed, cut }]) => failed !== null || cut !== undefined)
    .map(([name]) => name);
}

// A file whose hosts are all done by now is of no use any more.
function forget(file: string, done: readonly string[]): void {
  if (!existsSync(file)) return;
  const kept = readFileSync(file, "utf8").split("\n").filter(Boolean);
  if (kept.every((name) => done.includes(name))) rmSync(file, { force: true });
}

/** How to go on with the hosts that are not done. */
export interface GoOn {
  /** The line that does the rest, once what is wrong is put right. */
  command: string;
  /** What must be given again with it, as it is not shown. */
  again: string[];
  /** It does not do the rest, but plans it again. */
  isPlan?: true;
}

/** Options whose value is in the next word. */
const LIMIT = /^(?:-l|--limit)$/;
const EXTRA = /^(?:-e|--extra-vars)$/;

// The command line that does a run again on the hosts of a file: the same words, with another
// limit, and without what is secret.
export function retryCommand(words: readonly string[], file: string): GoOn {
  const kept: string[] = [];
  const again: string[] = [];
  for (let at = 0; at < words.length; at++) {
    const word = words[at]!;
    if (LIMIT.test(word)) at++;
    else if (word === "--resume") continue;
    else if (EXTRA.test(word) && isSecret(words[at + 1])) again.push(...secretNames(words[++at]!));
    else if (isSecret(word)) again.push(...secretNames(word));
    else if (!/^(?:--limit=|-l.)/.test(word)) kept.push(word);
  }
  return { command: commandText([...kept, "--limit", `@${file}`]), again };
}

/** What a saved plan was made with, as far as its file keeps it. */
export interface PlannedWith {
  /** Its file. */
  file: string;
  playbooks: readonly string[];
  flags: { readonly [name: string]: unknown };
}

// The line that plans again for the hosts of a file what a saved plan no longer holds for. `words`
// are those that it was applied with.
export function planAgain(
  { file, playbooks, flags }: PlannedWith,
  words: readonly string[],
  undone: string,
): GoOn {
  const own = words.flatMap((word, at) => {
    if (EXTRA.test(word)) return words.slice(at, at + 2);
    return word.startsWith("--extra-vars=") ? [word] : [];
  });
  const options = Object.entries(flags).flatMap(([name, value]) => {
    const option = `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
    if (name === "limit" || value === undefined || value === false) return [];
    if (value === true) return [option];
    return [value].flat().flatMap((one) => [option, String(one)]);
  });
  const all = ["plan", ...playbooks, ...options, ...own, "-o", file];
  return { ...retryCommand(all, undone), isPlan: true };
}

function isSecret(word: string | undefined): boolean {
  return word !== undefined && hideSecretText(word) !== word;
}

// By which names a word of the command line is given again of which a part is not shown.
function secretNames(word: string): string[] {
  const text = word.replace(/^(--extra-vars=|-e)/, "");
  const names = [...text.matchAll(/(?:^|[\s{,"'])([A-Za-z_]\w*)["']?\s*[:=]/g)].map(
    ([, name]) => name!,
  );
  if (names.length > 0) return names.map((name) => `-e ${name}=...`);
  return [hideSecretText(word)];
}
