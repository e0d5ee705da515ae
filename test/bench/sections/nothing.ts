import { startLab } from "../../lab/lab.ts";
import { releases } from "../../lab/releases.ts";
import { serveReleases } from "../../lab/serve.ts";
import { contenders } from "../contenders.ts";
import { fitOut } from "../fit-out.ts";
import type { BenchOptions, Section } from "../section.ts";
import { takeTurns, usageTable } from "../turns.ts";

/** What takes less than a second is measured so many times a round, in turns. */
const TURNS = 5;

// Whole commands against so many hosts that are as `containerd.yml` wants them.
async function nothingOn(hosts: number, { rounds, quick }: BenchOptions): Promise<string[]> {
  const packed = await releases();
  const lab = await startLab({ hosts, base: "python" });
  const server = await serveReleases(packed.dir, lab.address);
  try {
    const site = await fitOut(lab, packed, server.url);
    const all = await contenders(lab, site, quick);
    return usageTable(await takeTurns(all, rounds, TURNS));
  } finally {
    await server.close();
    await lab.stop();
  }
}

// A section for many hosts, or one.
function nothing(name: string, title: string, hosts: (options: BenchOptions) => number): Section {
  return {
    name,
    title,
    async measure(options) {
      return [
        `Medians of ${options.rounds} rounds, the quick commands ${TURNS} times in each. Each is one whole command, including its start and logins. \`hullwright apply\` is`,
        "all of `containerd.yml`. The Ansible tools run an equivalent playbook on the same hosts, with as many forks as hosts. A run that",
        "changes anything ends the benchmark.",
        "",
        ...(await nothingOn(hosts(options), options)),
      ];
    },
  };
}

export const nothingOnMany = nothing("nothing", "Nothing to do, many hosts", (o) => o.hosts);
export const nothingOnOne = nothing("nothing-one", "Nothing to do, one host", () => 1);
