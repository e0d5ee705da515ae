import type { Item } from "../../playbook/play.ts";

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

// Whether an item is gone into. An import whose name variables give always is: its
// tags are those of its tasks.
export function isEntered(item: Item, options: ChosenTags): boolean {
  return (item.kind === "include" && item.imported === true) || selected(item.tags, options);
}

// Ansible's rules for always, never, all, tagged and untagged.
function isChosen(own: readonly string[], options: ChosenTags): boolean {
  const matches = (wanted: readonly string[]): boolean =>
    wanted.some(
      (tag) =>
        own.includes(tag) ||
        tag === "all" ||
        (tag === "tagged" && own.length > 0) ||
        (tag === "untagged" && own.length === 0),
    );
  const { tags, skipTags } = options;
  const isAsked = (): boolean => {
    if (tags.length === 0) return !own.includes("never");
    if (own.includes("never")) return tags.some((tag) => own.includes(tag) && tag !== "all");
    return matches(tags);
  };
  const kept = isAsked() || (own.includes("always") && !own.includes("never"));
  return (
    kept &&
    !skipTags.some((tag) =>
      tag === "all" ? !own.includes("always") || skipTags.includes("always") : matches([tag]),
    )
  );
}
