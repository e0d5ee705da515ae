import { createHash } from "node:crypto";
import { execFileSync } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startLab, type Lab } from "../../lab/lab.ts";
import { releases } from "../../lab/releases.ts";
import { smallestProgram } from "../../../src/modules/shared/containerd/check_container.ts";
import { laid } from "../commands.ts";
import { measured, type Usage } from "../measured.ts";
import type { Section } from "../section.ts";
import { median, usageTable, type Medians } from "../turns.ts";

const HOSTS = 7;
const SSH = "both files by plain ssh, all hosts at once";
const BY_HAND = "the same work by a shell program over ssh, all hosts at once";
const OWN = "hullwright apply containerd.yml";
const PROGRAM = join(import.meta.dirname, "by-hand.sh");

// How ssh logs in on the hosts.
function sshConfig(lab: Lab, folder: string): string {
  return laid(
    folder,
    "ssh_config",
    `Host *\n  User root\n  IdentityFile ${lab.keyFile}\n  UserKnownHostsFile ${lab.knownHosts}\n  BatchMode yes\n`,
  );
}

// An image of one program, which ends at once.
function smallestImage(folder: string): string {
  const tar = (name: string, members: readonly string[]): string => {
    execFileSync("tar", ["-C", folder, "-cf", join(folder, name), ...members]);
    return join(folder, name);
  };
  const json = (name: string, value: unknown): string => laid(folder, name, JSON.stringify(value));
  // xor edi, edi; push 60; pop rax; syscall
  const code = [0x31, 0xff, 0x6a, 0x3c, 0x58, 0x0f, 0x05];
  writeFileSync(join(folder, "exit"), smallestProgram({ elf: 62, code }));
  chmodSync(join(folder, "exit"), 0o755);
  const layer = digestOf(tar("layer.tar", ["exit"]));
  const rootfs = { type: "layers", diff_ids: [`sha256:${layer}`] };
  json("config.json", { architecture: "amd64", os: "linux", config: { Cmd: ["/exit"] }, rootfs });
  json("manifest.json", [
    { Config: "config.json", RepoTags: ["check.invalid/check:1"], Layers: ["layer.tar"] },
  ]);
  return tar("image.tar", ["manifest.json", "config.json", "layer.tar"]);
}

function digestOf(file: string): string {
  return createHash("sha256").update(readFileSync(file)).digest("hex");
}

// Does on all hosts at once what Hullwright does, with nothing planned, compared, or kept for an undo.
function byHand(lab: Lab, folder: string, files: readonly string[]): Promise<Usage> {
  const all = [...files, smallestImage(folder)];
  const sizes = all.map((file) => statSync(file).size).join(" ");
  const sums = ["archive", "runc", "image.tar"].map((name, at) => `${digestOf(all[at]!)}  ${name}`);
  const program = `sizes='${sizes}' sums='${sums.join("\n")}\n'\n${readFileSync(PROGRAM, "utf8")}`;
  const each = `config=$1 program=$2; shift 2; first=$1 second=$2 third=$3; shift 3; all=
for ip; do cat "$first" "$second" "$third" | ssh -F "$config" "$ip" "$program" & all="$all $!"; done
for one in $all; do wait $one || exit; done`;
  const words = [sshConfig(lab, folder), program, ...all, ...lab.hosts.map(({ ip }) => ip)];
  return measured(["sh", "-c", each, "sh", ...words]);
}

// Streams both files to all hosts at once, one login each, and does nothing else with them.
function streams(lab: Lab, folder: string, files: readonly string[]): Promise<Usage> {
  const config = sshConfig(lab, folder);
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

// Does some work on hosts that nobody has used.
async function onNewHosts(work: (lab: Lab) => Promise<void>): Promise<void> {
  const lab = await startLab({ hosts: HOSTS });
  try {
    await work(lab);
  } finally {
    await lab.stop();
  }
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
    const usages = {
      [SSH]: [] as Usage[],
      [BY_HAND]: [] as Usage[],
      [OWN]: [] as Usage[],
    };
    try {
      for (let round = 0; round < rounds; round++) {
        await onNewHosts(async (lab) => {
          usages[SSH].push(await streams(lab, folder, files));
          usages[OWN].push(await setsUp(lab, folder, vars));
        });
        await onNewHosts(async (lab) => {
          usages[BY_HAND].push(await byHand(lab, folder, files));
        });
        process.stderr.write(` ${round + 1}`);
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
      process.stderr.write("\n");
    }
    const medians = new Map(Object.entries(usages).map(([name, all]) => [name, mediansOf(all)]));
    return [
      `New hosts in each round, medians of ${rounds} rounds. ssh sends containerd's archive and runc, and that is all; the shell program and Hullwright also check,`,
      "unpack, sync, install, start, and run a container; Hullwright plans, compares and keeps what an undo needs, too. Goal: at most 1.2 times the wall time",
      "of sending alone. What the hosts themselves take of the processor is not in the table, but in its seconds: they run on the same machine.",
      "",
      ...usageTable(medians),
    ];
  },
};
