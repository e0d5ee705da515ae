import { globPattern } from "../../glob.ts";
import type { Item, Play, Playbook } from "../play.ts";

/** A playbook cut at a task, or the names there are where none fits. */
export type Cut = { playbook: Playbook } | { names: string[] };

// Leaves out all tasks before the first whose name fits, as --start-at-task wants it. Only what is
// imported can be started in.
export function startAt(
  playbook: Playbook,
  pattern: string,
  isChosen: (tags: readonly string[]) => boolean,
): Cut {
  const search = new Search(pattern, isChosen);
  const plays = playbook.plays.map((play) => search.play(play));
  return search.found ? { playbook: { ...playbook, plays } } : { names: search.names };
}

/** The search for the task, in the order in which tasks run. */
class Search {
  found = false;
  readonly names: string[] = [];
  private readonly pattern: RegExp;
  private readonly isChosen: (tags: readonly string[]) => boolean;

  constructor(pattern: string, isChosen: (tags: readonly string[]) => boolean) {
    this.pattern = globPattern(pattern);
    this.isChosen = isChosen;
  }

  // A play from the task on; its handlers stay, as what is left may notify them.
  play(play: Play): Play {
    if (this.found) return play;
    return {
      ...play,
      sections: play.sections.map(({ name, items }) => ({ name, items: this.items(items) })),
    };
  }

  private items(items: readonly Item[]): Item[] {
    return items.flatMap((item) => this.item(item));
  }

  // What is left of an item. A rescue is only left where the block is begun.
  private item(item: Item): Item[] {
    if (this.found) return [item];
    if (item.kind !== "block") return this.isStart(item) ? [item] : [];
    const block = this.items(item.block);
    if (this.found) return [{ ...item, block }];
    const always = this.items(item.always);
    return this.found ? [{ ...item, block: [], rescue: [], always }] : [];
  }

  // Whether a task is the one, by its name as written, with or without its role's name.
  private isStart(item: Exclude<Item, { kind: "block" }>): boolean {
    if (!this.isChosen(item.tags)) return false;
    const name = String(
      item.name?.value ?? (item.kind === "task" ? item.action : `include_${item.what}`),
    );
    const full = item.role ? `${item.role.name} : ${name}` : name;
    if (item.name) this.names.push(name);
    this.found = this.pattern.test(full) || (item.name !== undefined && this.pattern.test(name));
    return this.found;
  }
}
