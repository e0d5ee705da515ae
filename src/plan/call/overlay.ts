import { path, type PathState } from "../../probes/files/path.ts";
import type { Entry } from "../model/entry.ts";
import { couple, noteChange, type Walk } from "../model/state.ts";
import { noteOnMachine } from "../model/pass-walks.ts";
import type { Made } from "../view/observed.ts";
import { setChange } from "../entry/write-entry.ts";
import { folderOfPlay } from "../model/state.ts";
import { mentions, mentionsIn } from "./mentions.ts";
import { canonical } from "../../canonical.ts";

// The states that an entry makes: directories before their contents, and paths
// before the targets of links.
export function madeBy({ change, probes }: Pick<Entry, "change" | "probes">): Made[] {
  const states = probes.map(([{ kind, arg }, before, after]): Made => ({
    kind: kind.name,
    subject: kind.subject(arg as never),
    before,
    after,
  }));
  const paths = states.filter(
    ({ kind, before, after }) => kind === path.name && canonical(before) !== canonical(after),
  );
  const isOfPathItself = ({ subject }: Made): boolean => subject.startsWith("/");
  return [
    ...(change?.also ?? []),
    ...states.filter(({ kind }) => kind !== path.name),
    ...paths.filter(isOfPathItself),
    ...paths.filter((one) => !isOfPathItself(one)),
  ];
}

// What a planned entry means for the tasks after it.
export function overlay(walk: Walk, entry: Entry): void {
  const { change } = entry;
  if (!change) return;
  setChange(entry, change, walk.view.agreed(entry.probes));
  const { opaque } = change;
  for (const made of madeBy(entry)) noteOnMachine(walk, (view) => view.make(made));
  if (opaque === true || opaque === "start")
    noteOnMachine(walk, (view) => view.blur(entry.task, opaque));
  if (walk.host.isLocal) expectFiles(walk, entry);
  if (change.runner?.kind === "bring") walk.host.files.expect(change.runner.to, entry.task, true);
  if (!change.silent || (opaque && opaque !== "wait")) noteChange(walk);
}

// Records which files on the controller a change makes, since later tasks may read them.
function expectFiles(walk: Walk, { change, probes, args, task }: Entry): void {
  const { opaque } = change!;
  if (opaque === true || opaque === "files") expectAnyFile(walk, { args, task });
  if (opaque === true) return;
  const made = probes.filter(
    ([{ kind }, before, after]) =>
      kind.name === path.name && canonical(before) !== canonical(after),
  );
  for (const [{ kind, arg }, before, after] of made) {
    const subject = kind.subject(arg as never).replace(/^\w+ (?=\/)/, "");
    const isOther = (before as PathState)?.type !== (after as PathState)?.type;
    walk.host.files.expectMany({
      task,
      mayMake: (one) => one === subject || subject.startsWith(`${one}/`),
      places: isOther ? [subject] : [],
    });
    couple(walk.pass);
  }
}

// Records that a task may make any file on the controller. Which ones cannot be known: while
// planning, it is the files that its arguments mention; during apply, all files are read again
// afterwards.
export function expectAnyFile(walk: Walk, { args, task }: Pick<Entry, "args" | "task">): void {
  const folder = folderOfPlay(walk);
  const { applying } = walk.known;
  const mayMake = (file: string): boolean => applying || mentions(args, file, folder);
  const mayMakeIn = (directory: string, isNamed: (name: string) => boolean): boolean =>
    applying || mentionsIn(args, directory, isNamed, folder);
  walk.host.files.expectMany({ task, mayMake, mayMakeIn });
  couple(walk.pass);
}
