import { TaskFailure } from "../../errors.ts";
import { ABSENT, describePath, isDirectory } from "../../probes/files/describe-path.ts";
import { askLinks, type Links } from "../../probes/files/links.ts";
import { askBrought, type ArchivePaths } from "../../probes/journal/brought.ts";
import { askJournalLook, type LookedAt } from "../../probes/journal/journal.ts";
import type { LookSubject, Probe, Probes } from "../../probes/probe.ts";
import type { Json } from "../../value.ts";
import { sh } from "../../script/sh.ts";
import type { Module } from "../contract/module.ts";
import type { ArgsOf, Schema } from "../contract/schema.ts";
import { unpackedLists, type Undoing } from "./entry.ts";
import { isTold, matches } from "./look-words.ts";
import { UndoneState, type LookAnswer } from "./undone-state.ts";

const schema = {
  collection: "hullwright.journal",
  description:
    "Compares the host with what a run left there, and fails by name if something has changed since.",
  example: `name: Check that nothing has changed since
journal_check: {changes: "{{ journal.undo }}"}
register: checked`,
  returns: [
    "undo: the changes that are not undone by now, without directories that stay",
    "stays: the directories that the run made and that hold what others have put in them, in words",
  ],
  arguments: {
    changes: {
      type: "raw",
      required: true,
      description: "What `journal_info` found that can be undone.",
    },
  },
} as const satisfies Schema;

type Args = ArgsOf<typeof schema>;
/** What looks print, by their ids; and what archives brought, by the changes that unpacked them. */
type State = { [look: string]: string } & { [archive: `archive ${string}`]: ArchivePaths } & {
  [look: `${string} way`]: Links;
};

/** Checks that what is to be undone is still as its run left it. */
export const journal_check: Module<Args, State> = {
  name: "journal_check",
  readOnly: true,
  schema,
  observe: ({ changes }) =>
    Object.fromEntries(
      (changes as Undoing[]).flatMap((change) => [
        ...change.looks.flatMap((look): [string, Probe<Json>][] => [
          ...[look, ...namesIn(look, change.looks), ...fileAt(look)].map(
            (one): [string, Probe<Json>] => [one.id, askJournalLook(one)],
          ),
          ...wayTo(look),
        ]),
        ...unpackedLists(change.steps).map((list): [string, Probe<Json>] => [
          archiveKey(change, list),
          askBrought({ journal: change.journal, number: change.number, list }),
        ]),
      ]),
    ) as Probes<State>,
  plan({ changes }, now) {
    const moved = compare(changes as Undoing[], now).moved;
    if (moved.length > 0)
      throw new TaskFailure(
        `nothing is undone here, as the host has changed since:\n${moved.join("\n")}`,
        "put that back by hand, or leave this host out (--limit)",
      );
    return null;
  },
  result({ changes }, now) {
    const { undo } = compare(changes as Undoing[], now);
    const filled = filledByOthers(undo, now);
    return {
      undo: undo.flatMap((change) => withoutFilled(change, filled)),
      stays: [...filled].map(([path, names]) => `${path}, which holds ${names.join(", ")}`),
    };
  },
};

/** Ends the name of the question for what is in a directory. */
const NAMES = " names";
/**
 * Ends the name of the question which file is at a path: device and inode, the number of
 * its names, type and mode.
 */
const FILE = " file";
/** Ends the name of the question for the links on the way to a path. */
const WAY = " way";

// The path of what a run made and its undo removes; undefined: the look is about something else.
function madePath({ path, to }: LookedAt): string | undefined {
  return to.length === 1 && to[0] === ABSENT ? path?.path : undefined;
}

function archiveKey({ journal, number }: Undoing, list: string): `archive ${string}` {
  return `archive ${journal}/${number} ${list}`;
}

// What archives of a change brought.
function broughtBy(change: Undoing, now: State): ArchivePaths[] {
  return unpackedLists(change.steps).flatMap((list) => now[archiveKey(change, list)] ?? []);
}

// The question for the names in what a change made, where that is a directory, and no link to one.
function namesIn(look: LookedAt, looks: readonly LookedAt[]): LookedAt[] {
  const path = madePath(look);
  const same = looks.filter(({ subject }) => subject === look.subject);
  if (path === undefined || !same.every(({ from }) => isDirectory(from))) return [];
  return [
    {
      ...look,
      id: `${look.id}${NAMES}`,
      script: sh`[ ! -d ${path} ] || ls -A -- ${path} 2>/dev/null || :`.sh,
    },
  ];
}

// The question which file is at the path of a look.
function fileAt(look: LookedAt): LookedAt[] {
  if (look.path === undefined) return [];
  const { path, follow } = look.path;
  const script = sh`stat ${follow ? ["-L"] : []} -c '%d:%i %h %f' -- ${path} 2>/dev/null || :`.sh;
  return [{ ...look, id: `${look.id}${FILE}`, script }];
}

// The question for the links on the way to the path of a look.
function wayTo({ id, path }: LookedAt): [string, Probe<Json>][] {
  return path === undefined ? [] : [[`${id}${WAY}`, askLinks(path.path)]];
}

// The directories that the run made and that contain things that it did not make, each with
// their names. A directory that a task filled with unknown paths, such as a clone, is not among
// them: its undo reports it.
function filledByOthers(undo: readonly Undoing[], now: State): Map<string, string[]> {
  const looks = undo.flatMap((change) => change.looks);
  const state = stateOf(undo, now);
  const placeOf = (path: string): string =>
    state.placeNow({ subject: path, path: { path, follow: false } }) ?? path;
  const made = new Set(
    [
      ...looks.flatMap((look) => madePath(look) ?? []),
      ...undo.flatMap((change) => broughtBy(change, now).flatMap(({ paths }) => paths)),
    ].map(placeOf),
  );
  const stays = new Set<string>();
  const others = looks.filter((look) => look.path === undefined);
  const filled = new Map<string, string[]>();
  // those within others first
  const asked = undo.flatMap((change) =>
    change.looks.filter((look) => namesIn(look, change.looks).length > 0),
  );
  for (const look of asked.toSorted((one, two) => two.subject.length - one.subject.length)) {
    const path = madePath(look)!;
    if (others.some(({ subject }) => subject.includes(path))) continue;
    const names = (now[`${look.id}${NAMES}`] ?? "").split("\n").filter((name) => name !== "");
    const stay = names.filter((name) => {
      const inside = `${placeOf(path)}/${name}`;
      return !made.has(inside) || stays.has(inside);
    });
    if (stay.length === 0) continue;
    filled.set(path, stay);
    stays.add(placeOf(path));
  }
  return filled;
}

// A change without its part in directories that stay; nothing where that was all of it.
function withoutFilled(change: Undoing, filled: ReadonlyMap<string, unknown>): Undoing[] {
  const isFilled = (look: LookedAt): boolean => filled.has(madePath(look) ?? "");
  const paths = change.looks.filter(isFilled).map((look) => madePath(look)!);
  if (paths.length === 0) return [change];
  const steps = change.steps.filter(
    ({ does }) => does?.kind !== "remove directory" || !paths.includes(does.path),
  );
  if (steps.length === 0) return [];
  return [
    {
      ...change,
      steps,
      looks: change.looks.filter((look) => !isFilled(look)),
      diff: change.diff.filter((diff) => diff.kind !== "field" || !paths.includes(diff.title)),
    },
  ];
}

// Goes back through the changes, the newest first: what an older one looks at is as the undo of the
// newer ones will leave it.
function compare(changes: readonly Undoing[], now: State): { moved: string[]; undo: Undoing[] } {
  const moved: string[] = [];
  const undo: Undoing[] = [];
  const state = stateOf(changes, now);
  // what was there before the first of the changes: the oldest is the last
  const first = new Map(
    changes.flatMap(({ looks }) => looks.map((look) => [look.subject, looks] as const)),
  );
  for (const change of changes) {
    const { looks } = change;
    // what nobody can know before is compared when it is undone
    const isAsLeft = (look: LookedAt): boolean =>
      matches(state.wordsOf(look) ?? look.from, look.from);
    const others = looks.filter((look) => !isAsLeft(look));
    if (others.length > 0 && isUndone(looks, state, first)) continue;
    moved.push(
      ...others.map((look) => {
        const isAlike = describePath(state.wordsOf(look)!) === describePath(look.from);
        return tellMoved(change, look, describeNow(look, now[look.id] ?? "", isAlike));
      }),
      ...movedOfArchives(change, broughtBy(change, now), state),
    );
    undo.push(change);
    state.undo(
      change,
      broughtBy(change, now).flatMap(({ paths }) => paths),
    );
  }
  return { moved: [...new Set(moved)], undo };
}

// Whether all that a change made is as before it by now, or as before the first of the changes.
// What it only looked at, such as the directory around it, may be gone with it.
function isUndone(
  looks: readonly LookedAt[],
  state: UndoneState,
  first: ReadonlyMap<string, readonly LookedAt[]>,
): boolean {
  const made = looks.filter(({ from, to }) => JSON.stringify(from) !== JSON.stringify(to));
  return (
    made.length > 0 &&
    made.every((look) => {
      const words = state.wordsOf(look);
      if (words === undefined) return false;
      const { to } = sameView(look, first.get(look.subject)!);
      return matches(words, look.to) || (isTold(to) && matches(words, to));
    })
  );
}

// What the host has reported, before anything is undone.
function stateOf(changes: readonly Undoing[], now: State): UndoneState {
  const looks = changes.flatMap((change) => change.looks);
  const found = looks.map(({ id }): [string, LookAnswer] => {
    const [file, count, mode = ""] = (now[`${id}${FILE}`] ?? "").split(" ");
    const isShared = mode.startsWith("8") && Number(count) > 1;
    const links = now[`${id}${WAY}`] ?? {};
    return [id, { printed: now[id] ?? "", links, file: isShared ? file : undefined }];
  });
  return new UndoneState(looks, new Map(found));
}

// The files of archives that are not as they were brought, but for those that newer undos put back.
function movedOfArchives(
  change: Undoing,
  archives: readonly ArchivePaths[],
  state: UndoneState,
): string[] {
  const tell = (path: string, found: string): string[] =>
    state.isRestored(path) ? [] : [tellMoved(change, { subject: path }, found)];
  return archives.flatMap(({ changed, gone }) => [
    ...changed.flatMap((path) => tell(path, "has another size or modification time")),
    ...gone.flatMap((path) => tell(path, "is not there")),
  ]);
}

// The look of a change that sees a subject as another one does: a link as
// itself, or as what it leads to.
function sameView({ subject, path }: LookedAt, looks: readonly LookedAt[]): LookedAt {
  const ofSubject = looks.filter((look) => look.subject === subject);
  return ofSubject.find((look) => look.path?.follow === path?.follow) ?? ofSubject.at(-1)!;
}

// What has changed, for people: the change, its subject, and what is there now.
function tellMoved(
  { name, isCut }: Undoing,
  { path, subject }: LookSubject,
  found: string,
): string {
  const about = path?.path ?? subject;
  const cut = isCut ? ", and its run was cut off in the middle of it" : "";
  return `${about} ("${name}"): ${found} now${cut}`;
}

// What a look found, in words; `isAlike`: in all that they say it is as the run left it.
function describeNow({ path }: LookedAt, now: string, isAlike: boolean): string {
  if (now === "") return "is something else";
  const found = path === undefined ? undefined : describePath(now.split(" "));
  if (found === undefined) return `is ${now}`;
  return isAlike ? "has other content" : found;
}
