import type { Play } from "../playbook/play.ts";
import { Unknown } from "../value.ts";
import { flagOf } from "./flags.ts";
import type { Pass } from "./fleet.ts";
import { roleDefaults, roleVars } from "./role-layers.ts";
import { Variables } from "./variables.ts";

// What is known before any host is looked at: the play's own variables, and those of the command line.
export function playVariables(play: Play, { fleet }: Pick<Pass, "fleet">): Variables {
  return new Variables([{ nodes: play.vars }, fleet.extra], fleet.env);
}

// What the size of batches may hang on: what the play and its roles say, the command line, and the inventory's variables of the first
// host, as those of a play are the same for all its hosts.
export function batchVariables(play: Play, { fleet, view }: Pick<Pass, "fleet" | "view">, hosts: readonly string[]): Variables {
  const inventory = hosts[0] === undefined ? {} : view.variables(hosts[0]);
  return new Variables([...roleDefaults(play.roles, undefined), inventory, { nodes: play.vars }, ...roleVars(play.roles, undefined), fleet.extra], fleet.env);
}

// Tells whether a play gathers facts: where it does not say, it does.
export function gathersFacts(play: Play, pass: Pick<Pass, "fleet">): boolean {
  const node = play.keywords.get("gather_facts");
  return node === undefined || (node.kind === "scalar" && node.value === null) || playFlag(play, pass, "gather_facts") !== false;
}

// Tells whether a play runs the handlers that were notified on hosts that have failed, too.
export function forcesHandlers(play: Play, pass: Pick<Pass, "fleet">): boolean {
  return playFlag(play, pass, "force_handlers") === true;
}

// A keyword of the play itself that is true or false.
function playFlag(play: Play, pass: Pick<Pass, "fleet">, name: string): boolean | undefined {
  const value = flagOf({ around: [play], variables: playVariables(play, pass) }, name);
  return value instanceof Unknown ? undefined : value;
}
