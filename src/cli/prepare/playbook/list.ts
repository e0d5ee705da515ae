import { InputError, TaskFailure } from "../../../errors.ts";
import type { Variables } from "../../../plan/model/variables.ts";
import { isEntered, withTags } from "../../../plan/walk/tags.ts";
import type { Block, Item, Play, Playbook } from "../../../playbook/play.ts";
import { Unknown } from "../../../value.ts";
import { wrapScalar } from "../../../yaml/data.ts";
import type { RunFlags } from "../../settings/options.ts";

/** A run whose plays are listed. */
interface Listed {
  playbook: Playbook;
  /** The hosts of a play, as far as they are known before it runs. */
  hostsOf(play: Play): readonly string[];
  variablesOf(play: Play): Variables;
}

// What --list-hosts, --list-tasks and --list-tags print: the plays with their hosts, the tasks that
// the tags choose, and their tags.
export function listing(run: Listed, flags: RunFlags): string[] {
  return run.playbook.plays.flatMap((play, number) => {
    const hosts = run.hostsOf(play);
    const variables = run.variablesOf(play);
    const items = chosenItems(play, flags, variables).map((item) => tagged(item, variables));
    const count = `${hosts.length} ${hosts.length === 1 ? "host" : "hosts"}`;
    return [
      `play ${number + 1}: ${titleOf(play, variables)} (${count})`,
      ...(flags.listHosts ? hosts.map((host) => `  ${host}`) : []),
      ...(flags.listTasks ? items.map(lineOf) : []),
      ...(flags.listTags ? [`  tags: ${tagsOf(items).join(", ")}`] : []),
    ];
  });
}

// The title of a play as the run shows it, as far as it is known before.
function titleOf({ title, place }: Play, variables: Variables): string {
  const name = asKnown(() => variables.render(wrapScalar(title, place)), title);
  return name instanceof Unknown ? title : String(name);
}

// An item with its tags as the run sees them, as far as they are known before.
function tagged<T extends Item>(item: T, variables: Variables): T {
  return asKnown(() => withTags(item, () => variables), item);
}

// What is made of variables; where one of them is not known yet, what is written.
function asKnown<T>(make: () => T, written: T): T {
  try {
    return make();
  } catch (error) {
    if (error instanceof InputError || error instanceof TaskFailure) return written;
    throw error;
  }
}

// The tags of some tasks, sorted.
function tagsOf(items: readonly Item[]): string[] {
  return [...new Set(items.flatMap(({ tags }) => tags))].sort();
}

// A task with its tags.
function lineOf(item: Exclude<Item, Block>): string {
  return `  ${nameOfItem(item)}${item.tags.length > 0 ? `  [${item.tags.join(", ")}]` : ""}`;
}

// What a task or an include is called, with the role that it belongs to.
export function nameOfItem(item: Exclude<Item, Block>): string {
  const action =
    item.kind === "task" ? item.action : `include_${item.what}: ${String(item.target.value)}`;
  return `${item.role ? `${item.role.name} : ` : ""}${String(item.name?.value ?? action)}`;
}

// The tasks that the tags choose, those of blocks and of known includes too, and
// includes that are not known yet. Templates in tags are rendered where variables are given.
export function chosenItems(
  play: Play,
  flags: RunFlags,
  variables?: Variables,
): Exclude<Item, Block>[] {
  const chosen = { tags: flags.tags ?? [], skipTags: flags.skipTags ?? [] };
  return eachItem(play, (item) => isEntered(variables ? tagged(item, variables) : item, chosen));
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
