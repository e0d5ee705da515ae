import { InputError, type Place } from "../errors.ts";
import type { Step, StepOutput } from "../modules/module.ts";
import type { Probe } from "../probes/probe.ts";
import { lines, sh, type Script } from "../script/sh.ts";
import { ask } from "../probes/probe.ts";
import { Unknown } from "../value.ts";
import type { Item } from "./spec.ts";
import { NotKnown } from "./signals.ts";

// The exports that `environment` of the task and of all around it ask for.
function exportsOf({ around, variables }: Item): Script[] {
  const all = new Map<string, string>();
  for (const part of around) {
    const node = part.keywords.get("environment");
    const value = node && variables.render(node);
    if (value instanceof Unknown) throw new NotKnown(value);
    for (const [name, text] of pairsOf(value, node?.place)) all.set(name, text);
  }
  return [...all].map(([name, text]) => sh`export ${{ sh: name }}=${text}`);
}

// The names and values of a mapping, or of a list of mappings of which the later win.
function pairsOf(value: unknown, place: Place | undefined): [name: string, text: string][] {
  if (value === undefined || value === null || value === "") return [];
  if (Array.isArray(value)) return value.flatMap((part) => pairsOf(part, place));
  if (typeof value !== "object") throw new InputError("environment takes a mapping of names to values", place);
  return Object.entries(value).map(([name, text]) => {
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) throw new InputError(`"${name}" cannot be the name of an environment variable`, place);
    return [name, String(text)];
  });
}

// Gives a step, or a command that only looks, its environment.
export function withEnvironment(item: Item, step: Step): Step;
export function withEnvironment(item: Item, probe: Probe<StepOutput>): Probe<StepOutput>;
export function withEnvironment(item: Item, target: Step | Probe<StepOutput>): Step | Probe<StepOutput> {
  const variables = exportsOf(item);
  if (variables.length === 0) return target;
  if ("run" in target) return { ...target, run: lines([...variables, target.run]) };
  const arg = target.arg as { script: string };
  return ask(target.kind as never, { ...arg, script: `${lines(variables).sh}\n${arg.script}` } as never) as Probe<StepOutput>;
}

// The steps of a change as they run: each in its environment, the first after the pause that its loop makes.
export function preparedSteps(item: Item, steps: readonly Step[]): Step[] {
  const { pause = 0 } = item;
  return steps.map((step) => withEnvironment(item, step)).map((step, i) => (i === 0 && pause > 0 ? { ...step, run: lines([sh`sleep ${pause}`, step.run]) } : step));
}
