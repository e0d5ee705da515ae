import { selected } from "../plan/tags.ts";
import type { Item, Play } from "../playbook/play.ts";
import type { RunFlags } from "./options.ts";
import type { Prepared } from "./prepare.ts";

// What --list-hosts and --list-tasks print: the plays with their hosts, and the tasks that the tags choose.
export function listing({ playbook, runs }: Prepared, flags: RunFlags): string[] {
  return playbook.plays.flatMap((play, number) => {
    const hosts = runs.filter((run) => run.host.plays.has(number)).map((run) => run.host.name);
    const title = `play ${number + 1}: ${String(play.name?.value ?? "")} (${hosts.length} ${hosts.length === 1 ? "host" : "hosts"})`;
    return [title, ...(flags.listHosts ? hosts.map((host) => `  ${host}`) : []), ...(flags.listTasks ? tasksOf(play, flags) : [])];
  });
}

// The tasks of a play, those of blocks and of known includes too, each with its tags.
function tasksOf(play: Play, flags: RunFlags): string[] {
  const chosen = { tags: flags.tags ?? [], skipTags: flags.skipTags ?? [] };
  const line = (item: Item, action: string): string => `  ${item.role ? `${item.role.name} : ` : ""}${String(item.name?.value ?? action)}${item.tags.length > 0 ? `  [${item.tags.join(", ")}]` : ""}`;
  const visit = (item: Item): string[] => {
    if (item.kind === "block") return [...item.block, ...item.rescue, ...item.always].flatMap(visit);
    if (!selected(item.tags, chosen)) return [];
    if (item.kind === "task") return [line(item, item.action)];
    const name = String(item.target.value);
    return /\{\{|\{%/.test(name) ? [line(item, `include_${item.what}: ${name}`)] : item.expand(name).flatMap(visit);
  };
  return play.sections.flatMap((section) => section.items).flatMap(visit);
}
