import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { eachLimited } from "../../src/apply/limit.ts";
import { must } from "../lab/command.ts";
import { startLab, type Lab } from "../lab/lab.ts";
import { contentTree } from "../lab/tree.ts";
import { Ansible } from "./ansible.ts";
import { layCases, type Case } from "./cases.ts";
import { judgeCase, type Seen, type Verdict } from "./compare.ts";
import { runHullwright } from "./hullwright.ts";
import { caseInventory, type Side } from "./inventory.ts";
import type { Ran } from "./outcome.ts";

/** Twice: the second run shows what either takes for done. */
const ROUNDS = 2;
const EXTRA_VARS = ["-e", "from_extra=extra"];

type Seens = Map<string, Seen[]>;
type Work = (one: Case, args: readonly string[], round: number) => Promise<Ran>;

// Runs the cases on fresh machines, by Ansible on one half of them and by Hullwright on the other, and compares.
export async function conform(choose: (cases: readonly Case[]) => readonly Case[], features: readonly string[] = []): Promise<Verdict[]> {
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
export async function compareOn(lab: Lab, ansible: Ansible, folder: string, cases: readonly Case[]): Promise<Verdict[]> {
  const width = lab.hosts.length / 2;
  const side = (name: Side["name"], from: number): Side => ({ name, machines: lab.hosts.slice(from, from + width), folder: join(folder, name) });
  const home = process.cwd();
  process.chdir(folder);
  try {
    const [theirs, ours] = await Promise.all([
      rounds(lab, side("ansible", 0), cases, 2, (one, args, round) => ansible.run([one.file, ...args], join(folder, `${one.id}.${round}.out`))),
      rounds(lab, side("hullwright", width), cases, 1, (one, args) => runHullwright(one.file, args)),
    ]);
    return cases.map((one) => judgeCase(one, theirs.get(one.id)!, ours.get(one.id)!));
  } finally {
    process.chdir(home);
  }
}

// Runs all cases so many times, so many at once, and looks at the machines after each round.
async function rounds(lab: Lab, side: Side, cases: readonly Case[], atOnce: number, work: Work): Promise<Seens> {
  const seens: Seens = new Map(cases.map(({ id }) => [id, []]));
  await Promise.all(side.machines.map(async (machine) => machine.must(`mkdir -p ${cases.map(({ id }) => `/srv/${id}`).join(" ")}`)));
  for (const { id } of cases) mkdirSync(join(side.folder, id), { recursive: true });
  for (let round = 0; round < ROUNDS; round++) {
    const ran = new Map<string, Ran>();
    await eachLimited(cases, atOnce, async (one) => {
      const inventory = join(side.folder, `${one.id}.yml`);
      writeFileSync(inventory, caseInventory(lab, side, one));
      ran.set(one.id, await work(one, ["-i", inventory, ...EXTRA_VARS, ...one.args], round));
    });
    const trees = await treesOf(side, cases);
    for (const { id } of cases) seens.get(id)!.push({ ran: ran.get(id)!, tree: trees.get(id)! });
  }
  return seens;
}

// What every case has left on its machines and here, a line a path.
async function treesOf({ machines, folder }: Side, cases: readonly Case[]): Promise<Map<string, string[]>> {
  const there = await Promise.all(machines.map(async (machine) => contentTree(machine, { roots: ["/srv"] })));
  const here = (await contentTree({ must: async (command) => (await must(["sh", "-c", command])).toString(), disks: [] }, { roots: [folder] })).map((line) => line.slice(folder.length));
  return new Map(cases.map(({ id, hosts }) => {
    const own = (tree: readonly string[], root: string): string[] => tree.filter((line) => line.startsWith(`${root}${id}/`) || line.startsWith(`${root}${id}\t`));
    const lines = hosts.flatMap((host, number) => own(there[number]!, "/srv/").map((line) => (hosts.length > 1 ? `${host}: ${line}` : line)));
    return [id, [...lines, ...own(here, "/").map((line) => `controller: ${line}`)]];
  }));
}
