import type { LookedAt } from "../../probes/journal/journal.ts";
import type { LookWord } from "../../probes/probe.ts";

/** Stands for what a look does not look at, such as the content of a file. */
const UNSEEN = "-";

// The words of a look by the time that its change is undone: as the host printed them now, but for those that newer undos change.
export function wordsBy(
  now: string,
  { from }: LookedAt,
  undone: readonly (LookWord | undefined)[] = [],
): LookWord[] {
  if (undone.length > 0 && undone.every((word) => word !== undefined)) return [...undone];
  const words = now.split(" ");
  // the last word, such as where a link leads, may have blanks in it
  const last = words.slice(from.length - 1).join(" ");
  const split = words.length > from.length ? [...words.slice(0, from.length - 1), last] : words;
  return split.map((word, at) => (undone[at] === undefined ? word : undone[at]));
}

// The words that are known once a change is undone, beside those that newer undos make. `isReplaced`: the undo puts something else
// in its place, so what the look does not see may be different, too.
export function afterUndo(
  { from, to }: LookedAt,
  before: readonly (LookWord | undefined)[] = [],
  isReplaced = false,
): (LookWord | undefined)[] {
  if (from.length !== to.length) return to;
  return to.map((word, at) => {
    if (isReplaced && word === UNSEEN) return UNSEEN;
    return JSON.stringify(word) === JSON.stringify(from[at]) ? before[at] : word;
  });
}

// Whether words say in full what was there.
export function isTold(words: readonly LookWord[]): boolean {
  return words.every((word) => typeof word === "string" && word !== UNSEEN);
}

// Whether words are as expected; unknown words match anything.
export function matches(words: readonly LookWord[], expected: readonly LookWord[]): boolean {
  if (expected.length === 1 && expected[0] === null) return true;
  return (
    words.length === expected.length &&
    expected.every((word, at) => {
      const is = words[at] ?? null;
      if (word === null || typeof is !== "string" || [word, is].includes(UNSEEN)) return true;
      return typeof word === "string" ? is === word : is.startsWith(word.begins);
    })
  );
}
