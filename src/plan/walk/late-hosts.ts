import { perObject } from "../../remember.ts";
import { Unknown } from "../../value.ts";
import { hasTemplate } from "../../jinja/template.ts";
import type { Play } from "../../playbook/play.ts";
import type { YamlNode } from "../../yaml/node.ts";
import { HostVars } from "../scope/hostvars.ts";
import { NotAsked, NotKnown } from "../model/signals.ts";
import { couple, viewAgain, type Pass, type Walk } from "../model/state.ts";

/**
 * Finds the hosts of a play by what earlier plays have made known (`hosts: "{{ hostvars['x'].fact
 * }}"`), at the play's turn. If that is not known yet, the play has no hosts for now.
 */
export function findLateHosts(pass: Pass, play: Play, number: number): void {
  if (number === 0 || !readsHostvars(play)) return;
  couple(pass);
  const [reader] = pass.walks.values();
  if (pass.partial || !reader) return;
  const found = hostsBy(reader, play);
  const { [number]: _known, ...others } = pass.unknownHosts;
  pass.unknownHosts = found instanceof Unknown ? { ...others, [number]: found } : others;
  pass.chosen = { ...pass.chosen, [number]: found instanceof Unknown ? [] : found };
  viewAgain(pass);
}

/** Whether the hosts of a play depend on variables of hosts; every pass asks. */
export const readsHostvars = perObject(({ hosts, vars }: Play) => {
  const isNamed = (node: YamlNode): boolean => textOf(node).includes("hostvars");
  return hasTemplate(textOf(hosts)) && [hosts, ...vars.values()].some(isNamed);
});

function hostsBy(reader: Walk, play: Play): readonly string[] | Unknown {
  try {
    return reader.pass.view.choose(play, new HostVars(reader));
  } catch (error) {
    if (error instanceof NotKnown) return error.unknown;
    if (error instanceof NotAsked) return new Unknown(error.message);
    throw error;
  }
}

// All texts in a value.
function textOf(node: YamlNode): string {
  if (node.kind === "scalar") return String(node.value);
  const inner = node.kind === "seq" ? node.items : node.entries.map(({ value }) => value);
  return inner.map(textOf).join("\n");
}
