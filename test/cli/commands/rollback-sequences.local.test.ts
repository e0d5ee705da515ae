import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test, vi } from "vitest";
import { furnish, listed, sequenceOf, withHardLinks, type Sequence } from "../../plan/sequences.ts";
import { call } from "../call.ts";

const home = mkdtempSync(join(tmpdir(), "hullwright-back-"));
vi.stubEnv("HOME", home);
vi.stubEnv("XDG_CACHE_HOME", join(home, "cache"));
vi.stubEnv("XDG_STATE_HOME", join(home, "state"));
afterAll(() => rmSync(home, { recursive: true, force: true }));

const at = join(home, "place");
const play = join(home, "play.yml");
const hosts = join(home, "hosts");
writeFileSync(hosts, "h1 ansible_connection=local ansible_user=someone\n");
/** Where root keeps journals, and everybody else. */
const journals = join(
  process.getuid?.() === 0 ? "/var/lib" : join(home, ".local/state"),
  "hullwright/journal",
);

/** What went wrong once: removed parents, links to the same file, modes of everything below, hard links, links to themselves, names of links. */
const known: readonly [seed: number, hasHardLinks: boolean][] = [
  ...[57, 94, 133, 155, 159].map((seed): [number, boolean] => [seed, false]),
  ...[208, 286, 296, 536, 590, 614, 2272, 2504].map((seed): [number, boolean] => [seed, true]),
];
const [from, to] = (process.env["ROLLBACKS"] ?? "1-2").split("-").map(Number) as [number, number];
const drawn = Array.from({ length: to - from + 1 }, (_, index): [number, boolean] => [
  from + index,
  (from + index) % 2 === 0,
]);

// The name of the last run of these tests; "": there was none.
function lastRun(): string {
  const isOurs = (name: string): boolean => {
    try {
      return readFileSync(join(journals, name, "head"), "utf8").includes(home);
    } catch {
      return false;
    }
  };
  const names = existsSync(journals) ? readdirSync(journals) : [];
  const name = names.sort().toReversed().find(isOurs) ?? "";
  return name.slice(name.indexOf("-") + 1);
}

// Applies a sequence, rolls it back, and that again; answers what is not as it should be.
async function faultsOf({ before, tasks }: Sequence): Promise<string[]> {
  rmSync(at, { recursive: true, force: true });
  mkdirSync(at);
  furnish(at, before);
  const found = listed(at);
  const first = lastRun();
  writeFileSync(play, JSON.stringify([{ hosts: "all", gather_facts: false, vars: { at }, tasks }]));
  await call("apply", play, "-i", hosts, "--yes");
  const left = listed(at);
  for (const [what, wanted] of [
    ["rolled back", found],
    ["and that again", left],
  ] as const) {
    const run = lastRun();
    if (run === first) return left.join() === found.join() ? [] : ["changed without a run"];
    const { code, said } = await call("rollback", run, "-i", hosts, "--no-become", "--yes");
    const now = listed(at);
    // what failed is not done again
    if (said.includes("Cannot be undone")) return [];
    if (code !== 0 || now.join() !== wanted.join())
      return [`${what}, code ${code}\n  is ${now}\n  not ${wanted}\n${said}`];
  }
  return [];
}

test("a run is rolled back, and the rollback too, however many names a file has", async () => {
  const faults: string[] = [];
  for (const [seed, isHard] of process.env["ROLLBACKS"] === undefined
    ? [...known, ...drawn]
    : drawn) {
    const sequence = isHard ? withHardLinks(sequenceOf(seed), seed) : sequenceOf(seed);
    for (const fault of await faultsOf(sequence))
      faults.push(
        `seed ${seed}: ${fault}\n  before ${JSON.stringify(sequence.before)}\n${sequence.tasks.map((task) => `  ${JSON.stringify(task)}`).join("\n")}`,
      );
  }
  expect(faults.join("\n\n")).toBe("");
}, 3_600_000);
