import { toText } from "../../jinja/core/text.ts";
import { InputError, type Place } from "../../errors.ts";
import type { Step, StepOutput } from "../../modules/contract/module.ts";
import type { Probe } from "../../probes/probe.ts";
import { lines, sh, type Script } from "../../script/sh.ts";
import { ask } from "../../probes/probe.ts";
import { Unknown } from "../../value.ts";
import type { Invocation } from "../model/invocation.ts";
import { withLimit } from "./time-limit.ts";
import { NotKnown } from "../model/signals.ts";

// What `environment` of the task and of all around it sets.
export function environmentOf({
  around,
  variables,
}: Pick<Invocation, "around" | "variables">): ReadonlyMap<string, string> {
  const all = new Map<string, string>();
  for (const part of around) {
    const node = part.keywords.get("environment");
    const value = node && variables.render(node);
    if (value instanceof Unknown) throw new NotKnown(value);
    for (const [name, text] of pairsOf(value, node?.place)) all.set(name, text);
  }
  return all;
}

// A variable as it stands in the paths of a task: homes are found with it as well.
export function pathVariable(
  item: Pick<Invocation, "around" | "variables" | "task">,
  args: { readonly [name: string]: unknown },
  name: string,
): string | undefined {
  const { findsHomesBefore: before } = item.task.module.schema;
  const isBefore = before !== undefined && !(before !== true && args[before.unless] === true);
  return isBefore && name === "HOME" ? undefined : environmentOf(item).get(name);
}

// The names and values of a mapping, or of a list of mappings of which the later win.
function pairsOf(value: unknown, place: Place | undefined): [name: string, text: string][] {
  if (value === undefined || value === null || value === "") return [];
  if (Array.isArray(value)) return value.flatMap((part) => pairsOf(part, place));
  if (typeof value !== "object")
    throw new InputError("environment takes a mapping of names to values", place);
  return Object.entries(value).map(([name, text]) => {
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name))
      throw new InputError(`"${name}" cannot be the name of an environment variable`, place);
    if (/^hw_/i.test(name))
      throw new InputError(
        `environment cannot set "${name}"`,
        place,
        "names that begin with hw_ or HW_ are those of Hullwright's own shell programs",
      );
    return [name, toText(text)];
  });
}

/** Where modules look for programs behind what PATH says, as Ansible's do. */
const SYSTEM_PROGRAMS = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

// What comes before a task's own script: where and as what the login begins,
// and the task's environment.
function beginning(
  item: Invocation,
  asLogin: boolean,
  directory: string | undefined,
  isCommand = asLogin,
): Script[] {
  const variables = [...environmentOf(item)].map(([name, text]) => {
    const value = name === "PATH" && !isCommand ? `${text}:${SYSTEM_PROGRAMS}` : text;
    return sh`export ${{ sh: name }}=${value}`;
  });
  return asLogin
    ? [sh`hw_login ${directory === undefined ? [] : [directory]}`, ...variables]
    : variables;
}

// Gives a command that only looks its environment, and the directory that is not the login's own.
export function askedInEnvironment(
  item: Invocation,
  probe: Probe<StepOutput>,
  directory: string | undefined,
): Probe<StepOutput> {
  const arg = probe.arg as { script?: string };
  if (arg.script === undefined) return probe;
  const isCommand = item.task.module.probe !== undefined && item.task.module.readOnly !== true;
  const first = beginning(item, directory !== undefined, directory, isCommand);
  const limited = withLimit(item, { sh: arg.script }, isCommand ? "command" : "look");
  const limitedArg: unknown = { ...arg, script: lines([...first, limited]).sh };
  return ask<never, StepOutput>(probe.kind, limitedArg as never);
}

// The steps of a change as they run: each in its environment, the first after the
// pause that its loop makes.
export function preparedSteps(
  item: Invocation,
  steps: readonly Step[],
  directory: string | undefined,
): Step[] {
  const { pause = 0 } = item;
  return steps.map((step, i) => {
    const first = beginning(item, step.asLogin === true, directory);
    if (i === 0 && pause > 0) first.unshift(sh`sleep ${pause}`);
    const isCommand = step.asLogin === true && item.task.module.probe !== undefined;
    const run = withLimit(item, step.run, isCommand ? "command" : { step: i, of: steps.length });
    if (first.length === 0 && run === step.run) return step;
    const { creates: _creates, ...alone } = step;
    return { ...alone, run: first.length === 0 ? run : lines([...first, run]) };
  });
}
