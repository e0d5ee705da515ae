/// <reference types="vite/types/importMeta.d.ts" />
import { describe, expect, test } from "vitest";
import type { Change } from "../../src/modules/contract/module.ts";
import type { StepOutput } from "../../src/script/output.ts";
import type { AnyProbes } from "../../src/probes/probe.ts";
import { Unknown, type Json } from "../../src/value.ts";
import { keepsWhatItReplaces } from "../../src/script/undo.ts";
import { findModule, moduleNames } from "../../src/modules/index.ts";
import { madeText } from "./shared/edited.ts";
import { allAnswers, argumentsFor, frozen, givenWith, statesAfter, type Case } from "./case.ts";

const tables = import.meta.glob<{ cases: readonly Case[] }>("./**/*.cases.ts", { eager: true });

test("every module has a table of cases", () => {
  const covered = new Set(
    Object.values(tables).flatMap(({ cases }) => cases.map(({ module }) => module.name)),
  );
  const names = [...new Set(moduleNames().map((name) => findModule(name)!.name))];
  expect(names.filter((name) => !covered.has(name))).toEqual([]);
});

describe.each(
  Object.entries(tables).map(
    ([file, { cases }]) => [file.slice(2).replace(".cases.ts", ""), cases] as const,
  ),
)("%s", (_module, cases) => {
  test.each(cases)("$name", (one) => {
    const { module, before, expect: wanted } = one;
    const controller = givenWith(one.given);
    const run = (state: object): Change<Record<string, Json>> | null => {
      const args = frozen(argumentsFor(module, one.args));
      const answers = allAnswers(probesFor(one, state), state);
      if (state === before)
        expect(answers, "before answers what observe asks").toMatchObject(before);
      return module.plan(args, frozen(answers), controller);
    };
    if (wanted.failure) return expect(() => run(before)).toThrow(wanted.failure);
    const change = run(before);
    if (wanted.unchanged) return expect(change).toBeNull();
    expect(change, "a change is expected").not.toBeNull();
    proveExpectation(change!, one);
    proveLaw(change!, one, run);
    proveKeys(change!, one);
  });
});

/** Keys that only plans have, by their modules: of a clone, which nothing tells from a copy by then. */
const PLANNED_ONLY: { readonly [module: string]: readonly string[] } = {
  git: ["remote_url_changed"],
};

// What the plan is sure to register is registered once the change is made, too.
function proveKeys(
  { result: planned = {}, after, steps }: Change<Record<string, Json>>,
  { module, args: written, given }: Case,
): void {
  const args = argumentsFor(module, written);
  const told = (outputs?: StepOutput[]): object =>
    module.result(args, after, outputs, givenWith(given));
  const sure = keysOf({ ...told(), ...planned });
  const ran = keysOf({ ...planned, ...told(steps.map(() => NO_OUTPUT)) });
  const allowed = PLANNED_ONLY[module.name] ?? [];
  expect(sure.filter((key) => !ran.includes(key) && !allowed.includes(key))).toEqual([]);
}

const NO_OUTPUT: StepOutput = { stdout: "", stderr: "", code: 0 };

// The keys that have a value which is known.
function keysOf(result: object): string[] {
  const known = ([, value]: [string, unknown]): boolean =>
    value !== undefined && !(value instanceof Unknown);
  return Object.entries(result)
    .filter(known)
    .map(([key]) => key);
}

// What is asked, with what the first answers show to be needed.
function probesFor({ module, args: written, given }: Case, state: object): AnyProbes {
  const args = frozen(argumentsFor(module, written));
  const first = module.observe(args, givenWith(given));
  return module.observeAgain?.(args, frozen(allAnswers(first, state))) ?? first;
}

// What the case's author says must come out.
function proveExpectation(change: Change<Record<string, Json>>, { expect: wanted }: Case): void {
  if (wanted.steps) expect(change.steps.map((step) => step.run.sh)).toEqual(wanted.steps);
  if (wanted.undos)
    expect(change.steps.flatMap(({ undo }) => (undo ? [undo.sh] : []))).toEqual(wanted.undos);
  if (wanted.becomes !== undefined) expect(madeText(change.after)).toBe(wanted.becomes);
  if (wanted.after) expect(change.after).toEqual(wanted.after);
  if (wanted.also)
    expect(
      Object.fromEntries(
        (change.also ?? []).map((made) => [`${made.kind} ${made.subject}`, made.after]),
      ),
    ).toEqual(wanted.also);
}

// Planned again on what it makes, a module has nothing to do; and what it makes is plain JSON.
function proveLaw(
  change: Change<Record<string, Json>>,
  one: Case,
  run: (state: object) => Change<Record<string, Json>> | null,
): void {
  expect(JSON.parse(JSON.stringify(change.after)), "after survives JSON").toStrictEqual(
    change.after,
  );
  expect(JSON.parse(JSON.stringify(change.also ?? [])), "also survives JSON").toStrictEqual(
    change.also ?? [],
  );
  expect(Object.keys(change.after), "after holds every state of before").toEqual(
    expect.arrayContaining(Object.keys(one.before)),
  );
  for (const { undo } of change.steps)
    if (undo && /\bhw_(restore|take_back) /.test(undo.sh))
      expect(keepsWhatItReplaces(undo), "an undo that restores says so").toBe(true);
  if (one.always) return;
  expect(run(change.after), "the law: nothing is left to do").toBeNull();
  expect(
    run(statesAfter(probesFor(one, change.after), one.before, change)),
    "the law, as the next task sees it",
  ).toBeNull();
}
