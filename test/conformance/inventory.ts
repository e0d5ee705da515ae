import { load, dump } from "js-yaml";
import type { LabHost } from "../lab/host.ts";
import type { Lab } from "../lab/lab.ts";
import type { Case } from "./cases.ts";

/** One of the two programs' machines, and its own folder on this one. */
export interface Side {
  name: "ansible" | "hullwright";
  machines: LabHost[];
  /** Where the cases of this side may write here: `controller_dir` is in it. */
  folder: string;
}

// The inventory of one case: its hosts have names of their own, and the machines are shared by all cases.
export function caseInventory(lab: Lab, { machines, folder }: Side, one: Case): string {
  const { all } = load(lab.inventory()) as {
    all: { vars: object; hosts: { [name: string]: object } };
  };
  const own = { dir: `/srv/${one.id}`, from_inventory: "inventory" };
  const hosts = Object.fromEntries(
    one.hosts.map((name, number) => [name, { ...all.hosts[machines[number]!.name], ...own }]),
  );
  const names = Object.fromEntries(one.hosts.map((name) => [name, {}]));
  const children = {
    odd: { hosts: names, vars: { from_group: "group" } },
    ...(one.hosts.length > 1 && { [one.id]: { hosts: names } }),
  };
  return dump({
    all: { vars: { ...all.vars, controller_dir: `${folder}/${one.id}` }, hosts, children },
  });
}
