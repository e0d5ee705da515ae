import { TaskFailure } from "../../errors.ts";
import { editDistance } from "../../suggest.ts";
import type { Module } from "../contract/module.ts";
import type { ArgsOf, Schema } from "../contract/schema.ts";

/** How many letters may be wrong for a name to count as a misspelt one. */
const SLIPS = 3;

const schema = {
  description:
    "Refuses variables whose names are nearly those that a role knows, before any host is asked. Names that are like none of them are of others.",
  example: `name: Refuse misspelt variables
containerd_variables:
  names: "{{ query('varnames', '^containerd_') }}"
  known: [containerd_version, containerd_root]`,
  returns: [],
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
      description: "The names that mean something.",
    },
  },
} as const satisfies Schema;

type VariablesArgs = ArgsOf<typeof schema>;

/** Whether variables are misspelt: they would do nothing, and nobody would say so. */
export const containerd_variables: Module<VariablesArgs, Record<string, never>> = {
  name: "containerd_variables",
  collection: "hullwright.containerd",
  readOnly: true,
  schema,
  observe({ names, known }) {
    const wrong = names
      .filter((name) => !known.includes(name))
      .flatMap((name) => {
        const meant = meantBy(name, known);
        return meant === undefined ? [] : [`there is no variable ${name}: did you mean ${meant}?`];
      });
    if (wrong.length > 0)
      throw new TaskFailure(
        wrong.join("\n"),
        "rename it; one that is meant for something else belongs into containerd_other_variables, a list of names",
      );
    return {};
  },
  plan: () => null,
};

// The nearest name that is known; undefined: none is near.
function meantBy(name: string, known: readonly string[]): string | undefined {
  const near = known
    .map((one) => ({ one, distance: editDistance(name, one) }))
    .filter(({ distance }) => distance <= SLIPS);
  return near.sort((a, b) => a.distance - b.distance)[0]?.one;
}
