import { lstatSync, readdirSync, readFileSync, rmSync, statSync, utimesSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { isOurs } from "../../../disk/is-ours.ts";
import { makeDirectory } from "../../../disk/make-directory.ts";
import { noteUnrepeatable } from "../../../disk/reading.ts";
import { writeWhole } from "../../../disk/write-whole.ts";
import { account } from "../../account.ts";
import type { ConfigScan } from "./config-files.ts";
import { sha256Hex } from "../../../sha256.ts";
import { attempt } from "../../../instead-of.ts";

/** Answers for a configuration are removed if none was added for this long, in milliseconds. */
const UNUSED = 30 * 24 * 60 * 60 * 1000;

/** An answer of `ssh -G`, and the host that it was given for. */
export interface KeptAnswer {
  destination: string;
  stdout: string;
}

/**
 * Answers of `ssh -G` from earlier runs, each in a file of its own. They hold while nothing changes
 * that ssh decides by: its configuration files (content, owner and mode), its program, this account
 * and this machine's name. Where more decides (Match, canonical names, variables of the
 * environment), nothing is kept. A directory that others may write to is not used.
 */
export class KeptAnswers {
  readonly #root: string;
  readonly #directories = new Map<string, string | undefined>();
  readonly #opened = new Set<string>();

  /** `root`: the directory for the answers, created when there is something to keep. */
  constructor(root: string) {
    this.#root = root;
  }

  /** The answer for a key; undefined: there is none that holds. */
  get(scan: ConfigScan, program: string, key: string): KeptAnswer | undefined {
    const directory = this.#directoryFor(scan, program);
    if (directory === undefined) noteUnrepeatable("what ssh decides by cannot be seen");
    if (directory === undefined || !isOurs(directory)) return undefined;
    const text = attempt(() => readFileSync(join(directory, hash(key)), "utf8"));
    const [destination, ...lines] = text?.split("\n") ?? [];
    return destination === undefined ? undefined : { destination, stdout: lines.join("\n") };
  }

  /** Keeps an answer. One that cannot be kept is asked for again by the next run. */
  keep(scan: ConfigScan, program: string, key: string, answer: KeptAnswer): void {
    const directory = this.#directoryFor(scan, program);
    if (directory === undefined) return;
    try {
      this.#open(directory);
      if (!isOurs(directory)) return;
      writeWhole(join(directory, hash(key)), `${answer.destination}\n${answer.stdout}`);
    } catch {
      // a cache that is not there costs one process a host
    }
  }

  // Makes the directory of a configuration, and removes those of old ones, once
  // for all of its answers.
  #open(directory: string): void {
    if (this.#opened.has(directory)) return;
    this.#opened.add(directory);
    makeDirectory(directory, 0o700);
    const now = new Date();
    utimesSync(directory, now, now);
    for (const name of readdirSync(this.#root)) {
      const other = join(this.#root, name);
      if (now.getTime() - lstatSync(other).mtimeMs > UNUSED) rmSync(other, { recursive: true });
    }
  }

  // Where the answers for a configuration are; undefined: they depend on more than can be seen.
  #directoryFor(scan: ConfigScan, program: string): string | undefined {
    const id = `${program}\n${scan.digest ?? ""}`;
    if (!this.#directories.has(id)) {
      const state = scan.digest === undefined ? undefined : programState(program);
      const user = account();
      const name =
        state === undefined
          ? undefined
          : hash(JSON.stringify([scan.digest, state, user, hostname()]));
      this.#directories.set(id, name === undefined ? undefined : join(this.#root, name));
    }
    return this.#directories.get(id);
  }
}

// What tells one version of a program from another; undefined: it is not found.
function programState(program: string): string | undefined {
  const paths = program.includes("/")
    ? [program]
    : (process.env["PATH"] ?? "").split(":").map((directory) => join(directory, program));
  for (const path of paths) {
    const state = attempt(() => statSync(path));
    if (state?.isFile()) return `${path} ${state.size} ${state.mtimeMs} ${state.ino}`;
  }
  return undefined;
}

function hash(text: string): string {
  return sha256Hex(text).slice(0, 32);
}
