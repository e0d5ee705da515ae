import { spawnSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { findModule, moduleNames } from "../../src/modules/index.ts";
import type { Argument } from "../../src/modules/contract/schema.ts";
import { parameterNames } from "../../src/playbook/keywords/arguments.ts";
import { MISSING, whyMissing } from "../../src/modules/catalogue/foreign-parameters.ts";
import { FEWER_CHOICES, OTHER_DEFAULTS, OTHER_REQUIRED } from "./parameters.missing.ts";

/** One parameter as ansible-doc tells it. */
interface Option {
  aliases?: string[];
  required?: boolean;
  default?: unknown;
  choices?: unknown[] | { [choice: string]: string };
}

/** Our modules that Ansible has, by their full names. */
const MODULES = new Map(
  [...new Set(moduleNames().map((name) => findModule(name)!))]
    .map(
      (module) =>
        [`${module.schema.collection ?? "ansible.builtin"}.${module.name}`, module] as const,
    )
    .filter(([name]) => !name.startsWith("hullwright.")),
);

// What ansible-doc says of all of them, in one call; a module that is not installed is left out.
function documents(): Map<string, { [name: string]: Option }> {
  const { stdout } = spawnSync("ansible-doc", ["-j", "-t", "module", ...MODULES.keys()], {
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
  });
  const all = JSON.parse(stdout || "{}") as {
    [module: string]: { doc?: { options?: { [name: string]: Option } } };
  };
  return new Map(
    Object.entries(all).flatMap(([name, { doc }]) => (doc ? [[name, doc.options ?? {}]] : [])),
  );
}

const docs = documents();
const cases = [...MODULES].map(([name, module]) => ({ name, module, options: docs.get(name) }));
const why = (options: unknown): string =>
  options ? "" : " (skipped: ansible-doc does not have it here)";

describe.each(cases.map((one) => ({ ...one, title: `${one.name}${why(one.options)}` })))(
  "$title",
  ({ module, options }) => {
    const ours = parameterNames(module.schema.arguments);
    const each = Object.entries(options ?? {});
    const both = each.flatMap(([name, option]) =>
      ours.has(name) ? [{ name, option, argument: module.schema.arguments[ours.get(name)!]! }] : [],
    );

    test.skipIf(!options)(
      "has all parameters of Ansible's, by all their names, or says why not",
      () => {
        const names = each.flatMap(([name, { aliases = [] }]) => [name, ...aliases]);
        expect(
          names.filter((name) => !ours.has(name) && whyMissing(module.name, name) === undefined),
        ).toEqual([]);
        expect(
          names.filter(
            (name) =>
              ours.has(name) &&
              MISSING.some(({ names: known }) => known[module.name]?.split(" ").includes(name)),
          ),
          "excused, but there",
        ).toEqual([]);
      },
    );

    test.skipIf(!options)("requires what Ansible requires, and nothing else", () => {
      const wrong = both
        .filter(({ option, argument }) => requirementsDiffer(argument, option))
        .map(({ name }) => `${module.name}.${name}`);
      expect(wrong.filter((name) => !OTHER_REQUIRED[name])).toEqual([]);
    });

    test.skipIf(!options)("has Ansible's choices and defaults, or says why not", () => {
      expect(
        both
          .flatMap(({ name, option, argument }) =>
            missingChoices(argument, option).map((choice) => `${name}: ${choice}`),
          )
          .filter((text) => !FEWER_CHOICES[`${module.name}.${text.split(":")[0]!}`]),
      ).toEqual([]);
      expect(
        both
          .filter(({ option, argument }) => defaultsDiffer(argument, option))
          .map(({ name }) => `${module.name}.${name}`)
          .filter((name) => !OTHER_DEFAULTS[name]),
      ).toEqual([]);
    });
  },
);

test.skipIf(cases.some(({ options }) => !options))(
  "no excuse stands here that is not needed",
  () => {
    const needed = cases.flatMap(({ module, options = {} }) =>
      Object.entries(options).flatMap(([name, option]) => {
        const argument =
          module.schema.arguments[parameterNames(module.schema.arguments).get(name) ?? ""];
        const key = `${module.name}.${name}`;
        return argument
          ? [
              ...(missingChoices(argument, option).length > 0 ? [`choices ${key}`] : []),
              ...(defaultsDiffer(argument, option) ? [`default ${key}`] : []),
              ...(requirementsDiffer(argument, option) ? [`required ${key}`] : []),
            ]
          : [];
      }),
    );
    const excuses = { choices: FEWER_CHOICES, default: OTHER_DEFAULTS, required: OTHER_REQUIRED };
    const told = Object.entries(excuses).flatMap(([kind, names]) =>
      Object.keys(names).map((name) => `${kind} ${name}`),
    );
    expect(told.filter((name) => !needed.includes(name))).toEqual([]);
  },
);

// Choices that Ansible has and we do not; words in stars are no choices.
function missingChoices({ choices }: Argument, option: Option): string[] {
  const theirs = Array.isArray(option.choices) ? option.choices : Object.keys(option.choices ?? {});
  if (!choices) return [];
  return theirs.map(String).filter((choice) => !choices.map(String).includes(choice));
}

// Tells whether only one of the two wants the parameter.
function requirementsDiffer(argument: Argument, option: Option): boolean {
  return (argument.required ?? false) !== (option.required ?? false);
}

// A parameter that has no default of its own may do by itself what Ansible's default says.
function defaultsDiffer(argument: Argument, option: Option): boolean {
  if (argument.default === undefined) return false;
  const plain = (value: unknown): string =>
    value === undefined || value === null || (Array.isArray(value) && value.length === 0)
      ? ""
      : JSON.stringify(value)
          .replace(/^"(.*)"$/, "$1")
          .replace(/^yes$/, "true")
          .replace(/^no$/, "false");
  return plain(argument.default) !== plain(option.default);
}
