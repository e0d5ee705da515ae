import { TaskFailure } from "../../errors.ts";
import { askJournalLook, type LookedAt } from "../../probes/journal/journal.ts";
import type { LookWord, Probe } from "../../probes/probe.ts";
import type { Module } from "../contract/module.ts";
import type { ArgsOf, Schema } from "../contract/schema.ts";
import type { Undoing } from "./entry.ts";

const schema = {
  description:
    "Compares the host with what a run left there, and fails by name if something has changed since.",
  example: `name: Check that nothing has changed since
journal_check: {changes: "{{ journal.undo }}"}
register: checked`,
  returns: ["undo: the changes that are not undone by now"],
  arguments: {
    changes: {
      type: "raw",
      required: true,
      description: "What `journal_info` found that can be undone.",
    },
  },
} as const satisfies Schema;

type Args = ArgsOf<typeof schema>;
type State = { [look: string]: string };

/** Sees that what is to be undone is as its run left it. */
export const journal_check: Module<Args, State> = {
  name: "journal_check",
  collection: "hullwright.journal",
  readOnly: true,
  schema,
  observe: ({ changes }) =>
    Object.fromEntries(
      (changes as Undoing[]).flatMap(({ looks }) =>
        looks.map((look): [string, Probe<string>] => [look.id, askJournalLook(look)]),
      ),
    ),
  plan({ changes }, now) {
    const moved = compare(changes as Undoing[], now).moved;
    if (moved.length > 0)
      throw new TaskFailure(
        `nothing is undone here, as the host has changed since:\n${moved.join("\n")}`,
        "put that back by hand, or leave this host out (--limit)",
      );
    return null;
  },
  result: ({ changes }, now) => ({ undo: compare(changes as Undoing[], now).undo }),
};

// Goes back through the changes, the newest first: what an older one looks at is as the undo of the newer ones will leave it.
function compare(changes: readonly Undoing[], now: State): { moved: string[]; undo: Undoing[] } {
  const moved: string[] = [];
  const undo: Undoing[] = [];
  const undone = new Map<string, readonly (LookWord | undefined)[]>();
  // what was there before the first of the changes: the oldest is the last
  const first = new Map(
    changes.flatMap(({ looks }) => looks.map(({ subject, to }) => [subject, to] as const)),
  );
  for (const change of changes) {
    const { looks } = change;
    const words = (look: LookedAt): LookWord[] =>
      wordsBy(now[look.id] ?? "", look, undone.get(look.subject));
    const isLeft = looks.every((look) => matches(words(look), look.from));
    // what it only looked at, such as the directory around it, may be gone with it
    const made = looks.filter(({ from, to }) => JSON.stringify(from) !== JSON.stringify(to));
    const isBack =
      made.length > 0 &&
      made.every((look) =>
        [look.to, first.get(look.subject)!].some(
          (to, at) => (at === 0 || isTold(to)) && matches(wordsBy(now[look.id] ?? "", look), to),
        ),
      );
    if (!isLeft && isBack) continue;
    const others = looks.filter((look) => !matches(words(look), look.from));
    moved.push(...others.map((look) => tellMoved(change, look, now[look.id] ?? "")));
    undo.push(change);
    for (const look of looks) undone.set(look.subject, afterUndo(look, undone.get(look.subject)));
  }
  return { moved, undo };
}

// The words of a look by the time that its change is undone: as the host printed them now, but for those that newer undos change.
function wordsBy(
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

// The words that are known once a change is undone, beside those that newer undos make.
function afterUndo(
  { from, to }: LookedAt,
  before: readonly (LookWord | undefined)[] = [],
): (LookWord | undefined)[] {
  if (from.length !== to.length) return to;
  return to.map((word, at) =>
    JSON.stringify(word) === JSON.stringify(from[at]) ? before[at] : word,
  );
}

// Tells whether words say in full what was there.
function isTold(words: readonly LookWord[]): boolean {
  return words.every((word) => typeof word === "string" && word !== UNSEEN);
}

// What has changed, for people: the change, what it is about, and what is there now.
function tellMoved({ name, isCut }: Undoing, { subject }: LookedAt, now: string): string {
  const [kind, ...what] = subject.split(" ");
  const about = kind === "path" ? what.join(" ") : subject;
  const cut = isCut ? ", and its run was cut off in the middle of it" : "";
  return `${about} ("${name}"): is ${now === "" ? "something else" : now} now${cut}`;
}

/** Stands for what a look does not look at, such as the content of a file. */
const UNSEEN = "-";

// Tells whether words are those that are expected; words that nobody knows match anything.
function matches(words: readonly LookWord[], expected: readonly LookWord[]): boolean {
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
