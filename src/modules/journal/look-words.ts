import type { LookedAt } from "../../probes/journal/journal.ts";
import type { LookWord } from "../../probes/probe.ts";

/** Stands for what a look does not look at, such as the content of a file. */
const UNSEEN = "-";

// The words of a look by the time that its change is undone: as the host printed them now, but for
// those that newer undos change.
export function wordsBy(
  now: string,
  { from }: LookedAt,
  undone: readonly (LookWord | undefined)[] = [],
): LookWord[] {
  if (undone.length > 0 && undone.every((word) => word !== undefined)) return [...undone];
  const words = now.split(" ");
  const count = undone.length > 0 ? undone.length : from.length;
  // the last word, such as where a link leads, may have blanks in it
  const last = words.slice(count - 1).join(" ");
  const split = words.length > count ? [...words.slice(0, count - 1), last] : words;
  return split.map((word, at) => (undone[at] === undefined ? word : undone[at]));
}

// The words that are known once a change is undone, beside those that newer undos make.
// `isReplaced`: the undo puts something else in its place, so what the look does not
// see may be different, too.
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

// Whether words are as expected; unknown words match anything. What a change that failed has left
// is one line as the host printed it, which is compared by the words that are known.
export function matches(words: readonly LookWord[], expected: readonly LookWord[]): boolean {
  if (expected.length === 1 && expected[0] === null) return true;
  const wanted = expected.length === 1 ? splitAs(expected[0]!, words.length) : expected;
  return (
    words.length === wanted.length &&
    wanted.every((word, at) => {
      const is = words[at] ?? null;
      if (word === null || typeof is !== "string" || [word, is].includes(UNSEEN)) return true;
      return typeof word === "string" ? is === word : is.startsWith(word.begins);
    })
  );
}

// A line of words as so many; the last one, such as where a link leads, may have blanks in it. Of a
// line of which only the beginning is known, the last word is not.
function splitAs(line: LookWord, count: number): LookWord[] {
  const text = typeof line === "string" ? line : line?.begins;
  const all = text?.split(" ") ?? [];
  const isOpen = typeof line !== "string";
  if (count === 1 || all.length < (isOpen ? count - 1 : count)) return [line];
  if (isOpen) return all.length === count - 1 ? [...all, null] : [line];
  return [...all.slice(0, count - 1), all.slice(count - 1).join(" ")];
}
