import { isEntered } from "../../../plan/walk/tags.ts";
import type { Block, Item, Play } from "../../../playbook/play.ts";
import type { RunFlags } from "../../settings/options.ts";
import type { Prepared } from "../prepared.ts";

// What --list-hosts, --list-tasks and --list-tags print: the plays with their hosts, the tasks that
// the tags choose, and their tags.
export function listing({ playbook, hostsOf }: Prepared, flags: RunFlags): string[] {
  return playbook.plays.flatMap((play, number) => {
    const hosts = hostsOf(play);
    const title = `play ${number + 1}: ${play.title} (${hosts.length} ${hosts.length === 1 ? "host" : "hosts"})`;
    return [
      title,
      ...(flags.listHosts ? hosts.map((host) => `  ${host}`) : []),
      ...(flags.listTasks ? tasksOf(play, flags) : []),
      ...(flags.listTags ? [`  tags: ${tagsOf(play, flags).join(", ")}`] : []),
    ];
  });
}

// The tags of all tasks of a play that the tags choose, sorted.
function tagsOf(play: Play, flags: RunFlags): string[] {
  return [...new Set(chosenItems(play, flags).flatMap(({ tags }) => tags))].sort();
}

// The tasks of a play, each with its tags.
function tasksOf(play: Play, flags: RunFlags): string[] {
  return chosenItems(play, flags).map(
    (item) => `  ${nameOfItem(item)}${item.tags.length > 0 ? `  [${item.tags.join(", ")}]` : ""}`,
  );
}

// What a task or an include is called, with the role that it belongs to.
export function nameOfItem(item: Exclude<Item, Block>): string {
  const action =
    item.kind === "task" ? item.action : `include_${item.what}: ${String(item.target.value)}`;
  return `${item.role ? `${item.role.name} : ` : ""}${String(item.name?.value ?? action)}`;
}

// The tasks that the tags choose, those of blocks and of known includes too, and
// includes that are not known yet.
export function chosenItems(play: Play, flags: RunFlags): Exclude<Item, Block>[] {
  const chosen = { tags: flags.tags ?? [], skipTags: flags.skipTags ?? [] };
  return eachItem(play, (item) => isEntered(item, chosen));
}

// The tasks of a play that are wanted; what an include brings is gone into where the
// include is wanted itself.
export function eachItem(
  play: Play,
  isWanted: (item: Item) => boolean = () => true,
): Exclude<Item, Block>[] {
  const visit = (item: Item): Exclude<Item, Block>[] => {
    if (item.kind === "block")
      return [...item.block, ...item.rescue, ...item.always].flatMap(visit);
    if (!isWanted(item)) return [];
    return item.kind === "include" ? (item.known?.items.flatMap(visit) ?? [item]) : [item];
  };
  return play.sections.flatMap((section) => section.items).flatMap(visit);
}

// Whether only hosts, tasks or tags should be listed: then no host is contacted.
export function isListing({ listHosts, listTasks, listTags }: RunFlags): boolean {
  return listHosts === true || listTasks === true || listTags === true;
}
