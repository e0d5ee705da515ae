import { readFileSync } from "node:fs";
import { join } from "node:path";
import { cacheFolder } from "../../controller/download.ts";
import { writeWhole } from "../../disk/write-whole.ts";
import type { HostRun } from "../../run/host-run.ts";
import type { Json } from "../../value.ts";
import { attempt } from "../../instead-of.ts";
import { reasonOf } from "../../system-error.ts";

/** Facts by probe key, as an earlier run saw them. */
type Guesses = Map<string, Json>;

/** Facts of a host that are new: its address, the probe's key, and what it answered. */
export type NewFact = readonly [address: string, probe: string, answer: Json];

/**
 * The facts that hosts reported last time, in the user's cache directory. They only allow a run to
 * ask all its questions at once: the plan is based on the answers of this run. A cache that is lost
 * or wrong costs one more question, nothing else.
 */
export class FactMemory {
  private readonly file = join(cacheFolder(), "facts.json");
  private readonly hosts: { [address: string]: { [key: string]: Json } };

  constructor() {
    this.hosts = readHosts(this.file);
  }

  // What is remembered of a host.
  guesses(address: string): Guesses {
    return new Map(Object.entries(Object.hasOwn(this.hosts, address) ? this.hosts[address]! : {}));
  }

  // What the hosts answered in this run that is new.
  news(runs: ReadonlyMap<string, HostRun>): NewFact[] {
    const found: NewFact[] = [];
    for (const [address, run] of runs) {
      for (const [key, answer] of run.known.answers) {
        const probe = /\n((?:facts|basics) .*)$/.exec(key)?.[1];
        if (probe !== undefined && !sameFacts(this.hosts[address]?.[probe], answer))
          found.push([address, probe, answer]);
      }
    }
    return found;
  }

  // Keeps what is new, if anything is.
  save(news: readonly NewFact[], warn: (message: string) => void): void {
    for (const [address, probe, answer] of news) (this.hosts[address] ??= {})[probe] = answer;
    if (news.length > 0) writeHosts(this.file, this.hosts, warn);
  }
}

// Facts that only contain the time are no news.
function sameFacts(before: Json | undefined, now: Json): boolean {
  const settled = (value: Json | undefined): string =>
    JSON.stringify(value, (key, part: unknown) =>
      /^(date_time|uptime|loadavg|mem|env|.*free.*)/.test(key) ? undefined : part,
    );
  return before !== undefined && settled(before) === settled(now);
}

function readHosts(file: string): { [address: string]: { [key: string]: Json } } {
  const read = attempt(
    () => JSON.parse(readFileSync(file, "utf8")) as ReturnType<typeof readHosts>,
  );
  return read ?? {};
}

// A cache that cannot be written is no reason to fail.
function writeHosts(file: string, hosts: unknown, warn: (message: string) => void): void {
  try {
    writeWhole(file, JSON.stringify(hosts));
  } catch (error) {
    warn(`facts cannot be saved, so the next run asks for them again: ${reasonOf(error)}`);
  }
}
