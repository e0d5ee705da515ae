import { appendFileSync, readFileSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { makeDirectory } from "../../../disk/make-directory.ts";
import { type KnownHost, parseKnownHosts } from "./known-hosts.ts";
import { attempt } from "../../../instead-of.ts";

/** Known_hosts files, read once for all hosts and again when they have changed. */
export class KnownHostsFiles {
  readonly #read = new Map<string, { state: string; hosts: KnownHost[] }>();

  /** The lines of all files. A missing file has none. */
  lines(files: string[]): KnownHost[] {
    return files.flatMap((file) => this.#lines(file));
  }

  /** Appends a line; creates the file (0600) and its directory (0700) if they are missing. */
  add(file: string, line: string): void {
    makeDirectory(dirname(file), 0o700);
    const last = readIfThere(file)?.at(-1);
    appendFileSync(file, last === undefined || last === "\n" ? line : `\n${line}`, { mode: 0o600 });
    this.#read.delete(file);
  }

  #lines(file: string): KnownHost[] {
    const stat = attempt(() => statSync(file));
    if (!stat) return [];
    const state = `${stat.mtimeMs} ${stat.size} ${stat.ino}`;
    const known = this.#read.get(file);
    if (known?.state === state) return known.hosts;
    const hosts = parseKnownHosts(readIfThere(file) ?? "", file);
    this.#read.set(file, { state, hosts });
    return hosts;
  }
}

// A file's text, unless there is none that can be read.
function readIfThere(file: string): string | undefined {
  return attempt(() => readFileSync(file, "utf8"));
}
