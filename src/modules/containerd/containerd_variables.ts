import { InputError } from "../../errors.ts";
import { Float } from "../../jinja/core/value.ts";
import { editDistance } from "../../suggest.ts";
import type { YamlNode } from "../../yaml/node.ts";
import type { Controller, Module } from "../contract/module.ts";
import type { ArgsOf, Schema } from "../contract/schema.ts";
import { endOfLife } from "../shared/containerd/end_of_life.ts";
import { controllerPath, isUrl } from "../shared/download/download.ts";
import { checkValue } from "./containerd_variables/check.ts";
import { VARIABLE_RULES } from "./containerd_variables/rules.ts";
import { checkTogether } from "./containerd_variables/together.ts";

/** How many letters may be wrong for a name to count as a misspelled one. */
const WRONG_LETTERS = 3;

/**
 * The defaults of the shipped roles: expressions over each other and over
 * facts, which need no check.
 */
const SHIPPED_DEFAULTS = /\/roles\/hullwright\.\w+\/defaults\/main\.yml$/;

const schema = {
  collection: "hullwright.containerd",
  description:
    "Checks the variables of the shipped roles before the host is asked: refuses misspelled names, and values that a variable cannot hold. A name that resembles none of them is taken to be the user's own.",
  example: `name: Check the variables
containerd_variables:
  names: "{{ query('varnames', '^containerd_') }}"
  known: [containerd_version, containerd_root]`,
  returns: ["warnings: remarks about the values that are not mistakes"],
  arguments: {
    names: {
      type: "list",
      elements: "str",
      required: true,
      description: "The names that are set: query('varnames', '^PREFIX_').",
    },
    known: {
      type: "list",
      elements: "str",
      required: true,
      description: "The names that the role knows.",
    },
    other: {
      type: "str",
      description: "The variable that lists names to ignore.",
    },
    installs: {
      type: "bool",
      default: false,
      description:
        "The role installs containerd: warns of a containerd_version that is past its end of life.",
    },
  },
} as const satisfies Schema;

type VariablesArgs = ArgsOf<typeof schema>;

/** Checks what the user has set for a shipped role, before the host is asked. */
export const containerd_variables: Module<VariablesArgs, Record<string, never>> = {
  name: "containerd_variables",
  readOnly: true,
  schema,
  observe(args, controller) {
    const others = otherNames(args.other, controller);
    for (const name of args.names)
      if (!args.known.includes(name) && !others.includes(name)) checkName(name, args, controller);
    checkValues(args.known, controller);
    return {};
  },
  plan: () => null,
  result({ installs }, _state, _outputs, controller) {
    const warning = installs
      ? endOfLife(String(valueOf("containerd_version", controller)))
      : undefined;
    return warning === undefined ? {} : { warnings: [warning] };
  },
};

// The names to ignore: the list is checked before it is used, so that a mistake in it is
// reported at its position.
function otherNames(other: string | undefined, controller: Controller): readonly string[] {
  const rule = other === undefined ? undefined : VARIABLE_RULES[other];
  const node = other === undefined ? undefined : controller.variable(other);
  if (other === undefined || !rule || !node) return [];
  const value = controller.evaluate(other);
  checkValue(rule, { path: other, value, node });
  return (value as readonly unknown[]).map(String);
}

// Refuses a name that is nearly one that the role knows: it would do nothing.
function checkName(name: string, { known, other }: VariablesArgs, controller: Controller): void {
  const meant = nearestName(name, known);
  if (meant === undefined) return;
  const keep =
    other === undefined ? "" : `, or add it to ${other} if it is meant for something else`;
  throw new InputError(
    `there is no variable ${name}: did you mean ${meant}?`,
    controller.variable(name)?.place,
    `rename it${keep}`,
  );
}

function nearestName(name: string, known: readonly string[]): string | undefined {
  const near = known
    .map((one) => ({ one, distance: editDistance(name, one) }))
    .filter(({ distance }) => distance <= WRONG_LETTERS);
  return near.sort((a, b) => a.distance - b.distance)[0]?.one;
}

// Checks each value that is known by now. One that needs facts is checked once they
// are known, after all others.
function checkValues(known: readonly string[], controller: Controller): void {
  const values = new Map<string, unknown>();
  const set = new Map<string, YamlNode>();
  const waiting: Error[] = [];
  for (const [name, rule] of Object.entries(VARIABLE_RULES)) {
    if (!known.includes(name)) continue;
    const node = controller.variable(name);
    if (node === undefined && rule.required) refuseMissing(name, rule.description, controller);
    if (node === undefined) continue;
    const isSet = !SHIPPED_DEFAULTS.test(node.place.file);
    try {
      const value = valueOf(name, controller);
      if (isSet) {
        checkValue(rule, { path: name, value, node });
        if (rule.isFile) checkFile(name, String(value), node, controller);
        set.set(name, node);
      }
      values.set(name, value);
    } catch (error) {
      if (error instanceof InputError && isSet) throw error;
      if (isSet) waiting.push(error as Error);
    }
  }
  checkTogether({ values, set }, controller);
  if (waiting[0]) throw waiting[0];
}

// The value of a variable; a line such as 2.0, written without quotes, as text.
function valueOf(name: string, controller: Controller): unknown {
  const value = controller.evaluate(name);
  return value instanceof Float ? value.value.toFixed(1) : value;
}

// A path on the controller must be there.
function checkFile(name: string, value: string, node: YamlNode, controller: Controller): void {
  if (isUrl(value)) return;
  try {
    controller.file(controllerPath(value), "files");
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const { message, hint, missing } = error;
    throw new InputError(`${name}: ${message}`, node.place, hint, missing);
  }
}

// A variable without a default, reported at the task that needs it.
function refuseMissing(name: string, hint: string, controller: Controller): void {
  try {
    controller.evaluate(name);
  } catch (error) {
    throw error instanceof InputError
      ? new InputError(`${name} must be set`, error.place, hint)
      : error;
  }
}
