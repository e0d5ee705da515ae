import { toBoolean } from "../../boolean.ts";
import { TaskFailure } from "../../errors.ts";
import type { Module } from "../contract/module.ts";
import type { Schema } from "../contract/schema.ts";

const schema = {
  description: "Sets variables of the host for the rest of the run.",
  example: `name: Remember where the data is
set_fact: {data_dir: "/srv/{{ inventory_hostname }}"}`,
  reachesNoHost: true,
  returns: ["ansible_facts: the variables; the texts true, yes, false and no are booleans"],
  arguments: {
    cacheable: {
      type: "bool",
      default: false,
      description: "Accepted for compatibility; facts are kept until the end of the run.",
    },
  },
  anyArgument: true,
} as const satisfies Schema;

/** Sets variables of the host for the rest of the run. */
export const setFact: Module<{ [name: string]: unknown }, Record<never, never>> = {
  name: "set_fact",
  onController: { kind: "facts", names: "parameters" },
  readOnly: true,
  schema,
  observe: () => ({}),
  plan({ cacheable: _cacheable, ...args }) {
    if (Object.keys(args).length === 0)
      throw new TaskFailure(
        "No key/value pairs provided, at least one is required for this action to succeed",
        "set_fact: {name: value}",
      );
    const bad = Object.keys(args).find((name) => !/^[A-Za-z_][A-Za-z0-9_]*$/.test(name));
    if (bad !== undefined)
      throw new TaskFailure(
        `"${bad}" cannot be the name of a variable`,
        "letters, digits and underscores; no digit first",
      );
    return null;
  },
  result(args) {
    const { cacheable: _cacheable, ...facts } = args;
    const values = Object.entries(facts).map(([name, value]) => [name, toFact(value)]);
    return { ansible_facts: Object.fromEntries(values) as typeof facts };
  },
};

// Roles that were made for Ansible up to 2.18 rely on these four words being booleans; inside a
// list or a dict they are text there too.
function toFact(value: unknown): unknown {
  const isWord = typeof value === "string" && /^(?:true|false|yes|no)$/i.test(value);
  return isWord ? toBoolean(value) : value;
}
