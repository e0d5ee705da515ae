import { InputError } from "../../errors.ts";
import { hasTemplate } from "../../jinja/template.ts";
import type { Common, Item } from "../../playbook/play.ts";
import { perObject } from "../../remember.ts";
import { Unknown } from "../../value.ts";
import { wrapScalar } from "../../yaml/data.ts";
import type { Variables } from "../model/variables.ts";

/** What the command line chooses by tags. */
interface ChosenTags {
  tags: readonly string[];
  skipTags: readonly string[];
}

/** What was found of the tags of each item; they are the same for all hosts. */
const found = new WeakMap<ChosenTags, WeakMap<readonly string[], boolean>>();

// Whether a task with these tags runs, which is worked out once a run.
export function selected(own: readonly string[], options: ChosenTags): boolean {
  let known = found.get(options);
  if (!known) found.set(options, (known = new WeakMap()));
  let isSelected = known.get(own);
  if (isSelected === undefined) known.set(own, (isSelected = isChosen(own, options)));
  return isSelected;
}

/** Whether there are templates in an item's tags. */
export const areTemplated = perObject((tags: readonly string[]): boolean => tags.some(hasTemplate));

/**
 * The item with its tags as they are for a host: templates in them are rendered, and a list is as
 * many tags. Throws InputError where one is undefined, or not known before apply.
 */
export function withTags<T extends Common>(item: T, variables: () => Variables): T {
  if (!areTemplated(item.tags)) return item;
  const known = variables();
  const tags = item.tags.flatMap((tag): unknown => {
    const value = known.renderData(wrapScalar(tag, item.place));
    if (value instanceof Unknown)
      throw new InputError(
        `the tag "${tag}" is not known before apply`,
        item.place,
        "make it of variables that are set in the playbook or in the inventory",
      );
    return value;
  });
  return { ...item, tags: tags.map(String) };
}

// Whether an item is gone into. An import whose name variables give always is: its
// tags are those of its tasks.
export function isEntered(item: Item, options: ChosenTags): boolean {
  return (item.kind === "include" && item.imported === true) || selected(item.tags, options);
}

// Ansible's rules for always, never, all, tagged and untagged.
function isChosen(own: readonly string[], options: ChosenTags): boolean {
  const { tags, skipTags } = options;
  const isAlways = own.includes("always");
  const isKept = isAlways || isAsked(own, tags);
  const isSkipped = skipTags.some((tag) =>
    tag === "all" ? !isAlways || skipTags.includes("always") : matches(own, tag),
  );
  return isKept && !isSkipped;
}

// Whether --tags asks for it.
function isAsked(own: readonly string[], tags: readonly string[]): boolean {
  if (tags.length === 0) return !own.includes("never");
  if (own.includes("never")) return tags.some((tag) => own.includes(tag) && tag !== "all");
  return tags.some((tag) => matches(own, tag));
}

// Whether a word of --tags or --skip-tags is one of an item's tags, or says the same of them.
function matches(own: readonly string[], tag: string): boolean {
  if (tag === "tagged") return own.length > 0 || own.includes(tag);
  if (tag === "untagged") return own.length === 0 || own.includes(tag);
  return tag === "all" || own.includes(tag);
}
