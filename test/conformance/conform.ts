import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { load, dump } from "js-yaml";
import type { LabHost } from "../lab/host.ts";
import { startLab, type Lab } from "../lab/lab.ts";
import { contentTree } from "../lab/tree.ts";
import { runAnsible } from "./ansible.ts";
import { layCases, type Case } from "./cases.ts";
import { judgeCase, type Seen, type Verdict } from "./compare.ts";
import { runHullwright } from "./hullwright.ts";
import type { Ran } from "./outcome.ts";

/** Twice: the second run shows what either takes for done. */
const ROUNDS = 2;
const EXTRA_VARS = ["from_extra=extra"];

type Seens = Map<string, Seen[]>;

// Runs the cases on two fresh hosts, by Ansible on one and by Hullwright on the other, and compares.
export async function conform(choose: (cases: readonly Case[]) => readonly Case[], features: readonly string[] = []): Promise<Verdict[]> {
  const folder = mkdtempSync(join(tmpdir(), "hullwright-conformance-"));
  const lab = await startLab({ hosts: 2, base: "python" });
  try {
    const cases = choose(layCases(folder, features));
    const [theirs, ours] = [lab.hosts[0]!, lab.hosts[1]!];
    await Promise.all([theirs, ours].map(async (host) => host.must(`mkdir -p ${cases.map(({ id }) => `/srv/${id}`).join(" ")}`)));
    const [ansible, hullwright] = await Promise.all([
      rounds(theirs, cases, async () => byAnsible(folder, inventory(lab, theirs, cases), cases)),
      rounds(ours, cases, async () => byHullwright(folder, inventory(lab, ours, cases), cases)),
    ]);
    return cases.map((one) => judgeCase(one, ansible.get(one.id)!, hullwright.get(one.id)!));
  } finally {
    await lab.stop();
    rmSync(folder, { recursive: true });
  }
}

// Every case is a host of its own name, so that one that fails takes no other with it; all lead to the same machine.
function inventory(lab: Lab, host: LabHost, cases: readonly Case[]): string {
  const { all } = load(lab.inventory()) as { all: { vars: object; hosts: { [name: string]: object } } };
  const hosts = Object.fromEntries(cases.map(({ id }) => [id, { ...all.hosts[host.name], dir: `/srv/${id}`, from_inventory: "inventory" }]));
  return dump({ all: { vars: all.vars, hosts, children: { odd: { hosts: Object.fromEntries(cases.map(({ id }) => [id, {}])), vars: { from_group: "group" } } } } });
}

// Runs all cases so many times, and looks at the host after each.
async function rounds(host: LabHost, cases: readonly Case[], work: () => Promise<Map<string, Ran>>): Promise<Seens> {
  const seens: Seens = new Map(cases.map(({ id }) => [id, []]));
  for (let round = 0; round < ROUNDS; round++) {
    const ran = await work();
    const tree = await contentTree(host, { roots: ["/srv"] });
    for (const { id } of cases) seens.get(id)!.push({ ran: ran.get(id)!, tree: tree.filter((line) => line.startsWith(`/srv/${id}/`) || line.startsWith(`/srv/${id}\t`)) });
  }
  return seens;
}

async function byAnsible(folder: string, hosts: string, cases: readonly Case[]): Promise<Map<string, Ran>> {
  const ran = new Map<string, Ran>();
  for (const args of new Set(cases.map((one) => one.args.join(" ")))) {
    const batch = cases.filter((one) => one.args.join(" ") === args);
    for (const [id, one] of await runAnsible(folder, hosts, batch, EXTRA_VARS.flatMap((word) => ["-e", word]))) ran.set(id, one);
  }
  return ran;
}

async function byHullwright(folder: string, hosts: string, cases: readonly Case[]): Promise<Map<string, Ran>> {
  const ran = new Map<string, Ran>();
  for (const one of cases) ran.set(one.id, await runHullwright(folder, hosts, one, EXTRA_VARS));
  return ran;
}
