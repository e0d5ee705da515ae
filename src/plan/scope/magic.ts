import { couple, folderOfPlay, type Walk } from "../model/state.ts";
import { HostVars } from "./hostvars.ts";
import type { Layer } from "../model/variables.ts";

/** The variables that Ansible sets by itself and that may change during a run. */
const MAGIC: ReadonlyMap<string, (walk: Walk) => unknown> = new Map<
  string,
  (walk: Walk) => unknown
>([
  ["groups", ({ pass }) => pass.view.groups],
  ["group_names", ({ pass, host }) => pass.view.groupNames(host.name)],
  ["hostvars", (walk) => new HostVars(walk)],
  ["ansible_play_hosts_all", ({ pass }) => pass.playHosts],
  ["ansible_play_hosts", (walk) => inPlay(walk, walk.pass.playHosts)],
  ["ansible_play_batch", (walk) => inPlay(walk, walk.pass.batch)],
  ["playbook_dir", folderOfPlay],
  ["play_hosts", (walk) => inPlay(walk, walk.pass.batch)],
]);

// Nothing overrides them.
export function magicLayer(walk: Walk): Layer {
  return { values: { get: (name) => MAGIC.get(name)?.(walk), keys: () => MAGIC.keys() } };
}

// The hosts that still take part; one that is finished does not. A pass cannot know about failures
// of hosts that it does not hold.
function inPlay({ pass }: Walk, names: readonly string[]): string[] {
  if (names.length > 1) couple(pass);
  return names.filter((name) => {
    const walk = pass.walks.get(name);
    return !walk?.failed && !walk?.ended && walk?.stopped === undefined;
  });
}
