import type { Entry } from "./entry.ts";
import type { Look, LookWord, Probe } from "../../probes/probe.ts";
import { lines, quote, type Script } from "../../script/sh.ts";

/** What is looked at for one change: how, and what must be found before and after it. */
export interface Looked {
  probe: Probe<unknown>;
  look: Look<unknown, unknown>;
  before: unknown;
  after: unknown;
}

// All that a change is compared by on the host itself.
export function looksOf(entry: Entry): Looked[] {
  return entry.probes.flatMap(([probe, before, after]) => {
    const look = probe.kind.look as Look<unknown, unknown> | undefined;
    return look && look.words(before, probe.arg).length > 0 ? [{ probe, look, before, after }] : [];
  });
}

// The words of one look. A state that an opaque change says nothing of may be any.
export function wordsOf(one: Looked, which: "before" | "after", opaque: boolean): LookWord[] {
  return opaque && one.before === one.after ? [null] : one.look.words(one[which], one.probe.arg);
}

// A word as a `case` pattern. An unknown word matches anything.
export function wordPattern(word: LookWord): string {
  if (word === null) return "*";
  return typeof word === "string" ? quote(word) : `${quote(word.begins)}*`;
}

// The shell that prints what all looks find, a line for each.
export function lookScript(looks: readonly Looked[]): Script {
  return lines(looks.map(({ probe, look }) => look.script(probe.arg)));
}

// The text that the looks print, as a pattern of case.
export function lookPattern(
  looks: readonly Looked[],
  which: "before" | "after",
  opaque: boolean,
): string {
  return looks.map((one) => wordsOf(one, which, opaque).map(wordPattern).join("' '")).join("'\n'");
}
