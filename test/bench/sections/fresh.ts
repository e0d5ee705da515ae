import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startLab, type Lab } from "../../lab/lab.ts";
import { releases } from "../../lab/releases.ts";
import { laid } from "../commands.ts";
import { measured, type Usage } from "../measured.ts";
import type { Section } from "../section.ts";
import { median, usageTable, type Medians } from "../turns.ts";

const HOSTS = 7;
const SSH = "both files by plain ssh, all hosts at once";
const OWN = "hullwright apply containerd.yml";

// Streams both files to all hosts at once, one login each, and does nothing else with them.
function streams(lab: Lab, folder: string, files: readonly string[]): Promise<Usage> {
  const config = laid(
    folder,
    "ssh_config",
    `Host *\n  User root\n  IdentityFile ${lab.keyFile}\n  UserKnownHostsFile ${lab.knownHosts}\n  BatchMode yes\n`,
  );
  const program = `config=$1; shift; first=$1 second=$2; shift 2; size=$(stat -c %s "$first"); all=
for ip; do cat "$first" "$second" | ssh -F "$config" "$ip" "head -c $size > /root/first; cat > /root/second; sync" & all="$all $!"; done
for one in $all; do wait $one || exit; done`;
  return measured(["sh", "-c", program, "sh", config, ...files, ...lab.hosts.map(({ ip }) => ip)]);
}

// Sets up containerd on all hosts, from files on the controller.
function setsUp(lab: Lab, folder: string, vars: Record<string, unknown>): Promise<Usage> {
  const inventory = laid(folder, "hosts.yaml", lab.inventory(vars));
  const words = ["apply", "containerd.yml", "-i", inventory, "--yes"];
  return measured([process.execPath, "dist/main.js", ...words]);
}

// The medians of some runs.
function mediansOf(usages: readonly Usage[]): Medians {
  const of = (key: keyof Medians): number => median(usages.map((usage) => usage[key]));
  return { wall: of("wall"), cpu: of("cpu"), memory: of("memory") };
}

export const freshHosts: Section = {
  name: "fresh",
  title: `Fresh containerd on ${HOSTS} hosts`,
  async measure({ rounds }) {
    const { dir, containerd, runc } = await releases();
    const [main, low] = [containerd.at(-1)!, runc.at(-1)!];
    const files = [main, low].map(({ path }) => join(dir, path));
    const folder = mkdtempSync(join(tmpdir(), "hullwright-bench-"));
    const vars = {
      containerd_download: "controller",
      containerd_version: main.version,
      containerd_url: files[0],
      runc_version: low.version,
      runc_url: files[1],
    };
    const usages = { [SSH]: [] as Usage[], [OWN]: [] as Usage[] };
    try {
      for (let round = 0; round < rounds; round++) {
        const lab = await startLab({ hosts: HOSTS });
        try {
          usages[SSH].push(await streams(lab, folder, files));
          usages[OWN].push(await setsUp(lab, folder, vars));
        } finally {
          await lab.stop();
        }
        process.stderr.write(` ${round + 1}`);
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
      process.stderr.write("\n");
    }
    const medians = new Map(Object.entries(usages).map(([name, all]) => [name, mediansOf(all)]));
    return [
      `New hosts in each round, medians of ${rounds} rounds. ssh sends containerd's archive and runc, and that is all; Hullwright also unpacks, configures, starts`,
      "and runs a container. Goal: at most 1.2 times the wall time.",
      "",
      ...usageTable(medians),
    ];
  },
};
