/**
 * `npm run bench`: nothing to do, on real hosts, by several tools that take turns in one run. Prints medians and their
 * ratios to `ssh host true`; with `--write` they become docs/benchmarks.md. `--hosts N` (8), `--rounds N` (5), `--quick`
 * leaves out those that take long, `--render` measures templates alone, which needs no hosts.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { startLab } from "../lab/lab.ts";
import { releases } from "../lab/releases.ts";
import { serveReleases } from "../lab/serve.ts";
import { contenders, type Contender } from "./contenders.ts";
import { fitOut } from "./fit-out.ts";
import { renderSection } from "./render.ts";
import { median, table } from "./table.ts";

const HEAD = ["# Benchmarks", "", "<!-- Written by `npm run bench -- --write`. -->", ""];
const FOOT = [
  "Each is one whole command, its own start and logins included. `hullwright apply` is all of `containerd.yml`. The Ansible tools run a",
  "playbook that comes to the same on the same hosts, with as many forks as hosts. A run that changes anything does not count but ends the",
  "benchmark. Seconds depend on the machine, and on whatever else it does; the ratios are of one run.",
];

const { values } = parseArgs({
  options: {
    hosts: { type: "string", default: "8" },
    rounds: { type: "string", default: "5" },
    quick: { type: "boolean", default: false },
    render: { type: "boolean", default: false },
    write: { type: "boolean", default: false },
  },
});

/** What takes less than a second is measured so many times a round, in turns. */
const TURNS = 5;

// Lets all contenders run in every round, so that whatever else the machine does meets all alike.
async function measure(all: readonly Contender[], rounds: number): Promise<Map<string, number[]>> {
  const times = new Map(all.map(({ name }) => [name, [] as number[]]));
  for (let round = 0; round <= rounds; round++) {
    const turns = Array.from({ length: TURNS }, (_, turn) =>
      all.filter(({ slow }) => turn === 0 || !slow),
    );
    for (const { name, run } of turns.flat()) {
      const start = performance.now();
      await run();
      // the first round warms caches up and does not count
      if (round > 0) times.get(name)!.push(performance.now() - start);
    }
    process.stderr.write(round === 0 ? "warm" : ` ${round}`);
  }
  process.stderr.write("\n");
  return times;
}

const PAGE = "docs/benchmarks.md";
const SECTION = "## Templates over all hosts";

// Whole commands against real hosts: the page's first part.
async function measureHosts(): Promise<string[]> {
  const packed = await releases();
  const lab = await startLab({ hosts: Number(values.hosts), base: "python" });
  const server = await serveReleases(packed.dir, lab.address);
  try {
    const site = await fitOut(lab, packed, server.url);
    const times = await measure(await contenders(lab, site, values.quick), Number(values.rounds));
    const lines = table(new Map([...times].map(([name, all]) => [name, median(all)])));
    return [aboutHosts(), "", ...lines, "", ...FOOT, ""];
  } finally {
    await server.close();
    await lab.stop();
  }
}

function aboutHosts(): string {
  return `${values.hosts} hosts, nothing to do, medians of ${values.rounds} rounds in which all took turns (the quick ones ${TURNS} times in each), ${availableParallelism()} cores for tools and hosts together.`;
}

const before = readFileSync(PAGE, "utf8").split(SECTION)[0]!;
const first = values.render ? before : [...HEAD, ...(await measureHosts())].join("\n");
const page = [first.trimEnd(), "", SECTION, "", ...(await renderSection()), ""].join("\n");
process.stdout.write(page);
if (values.write) writeFileSync(PAGE, page);
