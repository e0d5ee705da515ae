import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { eachLimited } from "../../src/limit.ts";
import { must } from "../lab/command.ts";
import { startLab, type Lab } from "../lab/lab.ts";
import { serveReleases } from "../lab/serve.ts";
import { contentTree } from "../lab/tree.ts";
import { Ansible } from "./ansible.ts";
import { layCases, type Case } from "./cases.ts";
import { judgeCase, type Seen, type Verdict } from "./compare.ts";
import { runHullwright } from "./hullwright.ts";
import { caseInventory, type Side } from "./inventory.ts";
import type { Ran } from "./outcome.ts";

const EXTRA_VARS = ["-e", "from_extra=extra"];

type Seens = ReadonlyMap<string, Seen>;
type Work = (one: Case, args: readonly string[]) => Promise<Ran>;

// Runs the cases on fresh machines, by Ansible on one half of them and by Hullwright on the other, and compares.
export async function conform(
  choose: (cases: readonly Case[]) => readonly Case[],
  features: readonly string[] = [],
): Promise<Verdict[]> {
  const folder = mkdtempSync(join(tmpdir(), "hullwright-conformance-"));
  const cases = choose(layCases(folder, features));
  const width = Math.max(1, ...cases.map(({ hosts }) => hosts.length));
  const lab = await startLab({ hosts: width * 2, base: "python" });
  const ansible = new Ansible(folder);
  try {
    return await compareOn(lab, ansible, folder, cases);
  } finally {
    ansible.close();
    await lab.stop();
    rmSync(folder, { recursive: true });
  }
}

// Lets both have their half of the machines at the same time. What the cases name here, they name from their folder.
export async function compareOn(
  lab: Lab,
  ansible: Ansible,
  folder: string,
  cases: readonly Case[],
): Promise<Verdict[]> {
  const width = lab.hosts.length / 2;
  const side = (name: Side["name"], from: number): Side => ({
    name,
    machines: lab.hosts.slice(from, from + width),
    folder: join(folder, name),
  });
  const home = process.cwd();
  process.chdir(folder);
  try {
    const [theirs, ours] = [side("ansible", 0), side("hullwright", width)];
    const round = async (number: number, chosen: readonly Case[]): Promise<[Seens, Seens]> =>
      Promise.all([
        runAll(lab, theirs, chosen, 2, (one, args) =>
          ansible.run(
            [one.file, ...args],
            join(folder, `${one.id}.${number}.out`),
            one.withoutNative !== true,
          ),
        ),
        runAll(lab, ours, chosen, 1, (one, args) => runHullwright(one.file, args)),
      ]);
    const first = await round(1, cases);
    const second = await round(
      2,
      cases.filter((one) => first.some((seens) => hasChanged(one, seens.get(one.id)!))),
    );
    return cases.map((one) =>
      judgeCase(
        one,
        [first[0].get(one.id)!, first[1].get(one.id)!],
        [second[0].get(one.id), second[1].get(one.id)],
      ),
    );
  } finally {
    process.chdir(home);
  }
}

// Tells whether a run did anything; the second run of one that did nothing would tell nothing new.
function hasChanged(one: Case, { ran, tree }: Seen): boolean {
  return (
    tree.length > one.hosts.length + 1 ||
    [...ran.hosts.values()].some(({ outcomes }) =>
      outcomes.some(({ status }) => status === "changed"),
    )
  );
}

/** A playbook from outside of the cases. */
export interface Outer {
  file: string;
  /** A folder that is served to the hosts over HTTP: its URL is the variable `served`, and SERVED for `before`. */
  serve?: string;
  /** A script of the shell that is run on both hosts first. */
  before?: string;
}

// Runs a playbook from anywhere by both, each on a fresh host, and compares all that is on the hosts then.
export async function conformOuter({ file, serve, before }: Outer): Promise<Verdict> {
  const folder = mkdtempSync(join(tmpdir(), "hullwright-conformance-"));
  const lab = await startLab({ hosts: 2, base: "python" });
  const served = serve === undefined ? undefined : await serveReleases(serve, lab.address);
  const ansible = new Ansible(dirname(file));
  const one: Case = {
    id: "host",
    feature: "playbook",
    name: file,
    file,
    hosts: ["host"],
    args: served ? ["-e", `served=${served.url}`] : [],
    refused: false,
    needsCollections: false,
    whole: true,
  };
  try {
    if (before !== undefined)
      await Promise.all(
        lab.hosts.map(async (host) =>
          host.must(`SERVED=${served?.url ?? ""}\n${readFileSync(before, "utf8")}`),
        ),
      );
    return (await compareOn(lab, ansible, folder, [one]))[0]!;
  } finally {
    ansible.close();
    await served?.close();
    await lab.stop();
    rmSync(folder, { recursive: true });
  }
}

/** What either program leaves for itself on a host that is compared whole, and what no two hosts share. */
const OWN = [
  "/root/.ansible",
  "/root/.ansible_async",
  "/home/*/.ansible",
  "/var/lib/hullwright",
  "/etc/ssh/ssh_host_*",
  "/etc/ssh/lab_keys",
  "/etc/hostname",
  "/etc/hosts",
  "/etc/machine-id",
  "/etc/systemd/network/10-lab.network",
  "/var/cache/apt",
  "/var/lib/apt/lists",
  "/var/cache/ldconfig",
  "/var/lib/dpkg",
  "/var/cache/debconf",
  "/var/lib/apt/extended_states",
  "*/__pycache__",
  "/dev",
  "/tmp",
  "/run",
  "/var/tmp/systemd-private-*",
];

// Runs cases, so many at once, and looks at the machines when all are done.
async function runAll(
  lab: Lab,
  side: Side,
  cases: readonly Case[],
  atOnce: number,
  work: Work,
): Promise<Seens> {
  if (cases.length === 0) return new Map();
  await Promise.all(
    side.machines.map(async (machine) =>
      machine.must(`mkdir -p ${cases.map(({ id }) => `/srv/${id}`).join(" ")}`),
    ),
  );
  for (const { id } of cases) mkdirSync(join(side.folder, id), { recursive: true });
  const ran = new Map<string, Ran>();
  await eachLimited(cases, atOnce, async (one) => {
    const inventory = join(side.folder, `${one.id}.yml`);
    writeFileSync(inventory, caseInventory(lab, side, one));
    ran.set(one.id, await work(one, ["-i", inventory, ...EXTRA_VARS, ...one.args]));
  });
  const trees = await treesOf(side, cases);
  return new Map(cases.map(({ id }) => [id, { ran: ran.get(id)!, tree: trees.get(id)! }]));
}

// What every case has left on its machines and here, a line a path.
async function treesOf(
  { machines, folder }: Side,
  cases: readonly Case[],
): Promise<Map<string, string[]>> {
  const isWhole = cases.some(({ whole }) => whole === true);
  const there = await Promise.all(
    machines.map(async (machine) =>
      contentTree(machine, isWhole ? { exclude: OWN } : { roots: ["/srv"] }),
    ),
  );
  const here = (
    await contentTree(
      { must: async (command) => (await must(["sh", "-c", command])).toString(), disks: [] },
      { roots: [folder] },
    )
  ).map((line) => line.slice(folder.length));
  return new Map(
    cases.map(({ id, hosts }) => {
      const own = (tree: readonly string[], root: string): string[] =>
        tree.filter(
          (line) => line.startsWith(`${root}${id}/`) || line.startsWith(`${root}${id}\t`),
        );
      const lines = hosts.flatMap((host, number) =>
        (isWhole ? there[number]! : own(there[number]!, "/srv/")).map((line) =>
          hosts.length > 1 ? `${host}: ${line}` : line,
        ),
      );
      return [id, [...lines, ...own(here, "/").map((line) => `controller: ${line}`)]];
    }),
  );
}
