import { describe, expect, test } from "vitest";
import { InputError } from "../../src/errors.ts";
import { coerceArgument } from "../../src/modules/contract/coerce.ts";
import { findModule, moduleNames } from "../../src/modules/index.ts";
import type { Argument } from "../../src/modules/contract/schema.ts";
import { argumentSchema, VALUES } from "../../src/schema/values.ts";
import { skipped, validate } from "./oracle.ts";

/** What people write, as JSON. */
const WRITTEN: readonly unknown[] = [
  null,
  true,
  false,
  0,
  1,
  8,
  420,
  1.5,
  -3,
  "",
  "yes",
  "No",
  "TRUE",
  "off",
  "0",
  "22",
  "1.5",
  "-1",
  "x",
  "present",
  "0644",
  "u=rwX,go=rX",
  "a,b",
  [],
  ["x"],
  [1, true],
  [null],
  [[1]],
  [{ a: 1 }],
  {},
  { a: 1 },
  { name: "x" },
  "{{ x }}",
];

/** One parameter of a module, or a key of one, with something that is written there. */
interface Case {
  path: string;
  argument: Argument;
  value: unknown;
}

// Every parameter of every module, once of those that take the same, with everything that is written there.
function allCases(): Case[] {
  const modules = [...new Set(moduleNames().map((name) => findModule(name)!))];
  const inside = (path: string, argument: Argument): [string, Argument][] => [
    [path, argument],
    ...Object.entries(argument.options ?? {}).flatMap(([name, option]) =>
      inside(`${path}.${name}`, option),
    ),
  ];
  const parameters = modules.flatMap(({ name, schema }) =>
    Object.entries(schema.arguments).flatMap(([key, argument]) =>
      inside(`${name}.${key}`, argument),
    ),
  );
  const alike = new Map(
    parameters.map(([path, { description: _, default: _fallback, ...argument }]) => [
      JSON.stringify(argument),
      [path, { description: "", ...argument }] as const,
    ]),
  );
  return [...alike.values()].flatMap(([path, argument]) =>
    WRITTEN.map((value) => ({ path, argument, value })),
  );
}

// What the reader says: a value with a template is not looked at before it is known.
function isTaken({ path, argument, value }: Case): boolean {
  if (value === "{{ x }}") return true;
  try {
    coerceArgument(argument, path, value);
    return true;
  } catch (error) {
    if (error instanceof InputError) return false;
    throw error;
  }
}

describe.skipIf(skipped !== undefined)(
  `the schemas of values${skipped ? ` (skipped: ${skipped})` : ""}`,
  () => {
    test("take for every parameter of every module what the reader takes, and nothing else", () => {
      const cases = allCases();
      const properties = Object.fromEntries(
        cases.map(({ path, argument }) => [path, argumentSchema(argument)]),
      );
      const answers = validate(
        { properties, definitions: VALUES },
        cases.map(({ path, value }) => JSON.stringify({ [path]: value })),
      );
      const differ = cases.filter((one, i) => isTaken(one) !== (answers[i] === ""));
      expect(cases.length).toBeGreaterThan(2_000);
      expect(
        differ.map(
          ({ path, argument, value }) => `${path} (${argument.type}): ${JSON.stringify(value)}`,
        ),
      ).toEqual([]);
    });
  },
);
