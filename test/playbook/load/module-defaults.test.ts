import { expect, test } from "vitest";
import { InputError } from "../../../src/errors.ts";
import { loadPlaybook } from "../../../src/playbook/load/load.ts";
import type { Item } from "../../../src/playbook/play.ts";

const noFiles = { read: () => "", find: () => undefined };

// The arguments of all tasks of a playbook, as words.
function argumentsIn(text: string): string[] {
  const visit = (item: Item): string[] => {
    if (item.kind === "block") return item.block.flatMap(visit);
    return item.kind === "task"
      ? [
          item.args.entries
            .map(
              ({ key, value }) =>
                `${String(key.value)}=${value.kind === "scalar" ? String(value.value) : value.kind}`,
            )
            .join(" "),
        ]
      : [];
  };
  return loadPlaybook(text, "site.yml", noFiles).plays.flatMap(({ sections }) =>
    sections.flatMap(({ items }) => items.flatMap(visit)),
  );
}

const cases: { name: string; play: string; args: string[] }[] = [
  {
    name: "fill in what a task does not say",
    play: "module_defaults: {debug: {msg: d}, meta: }\n  tasks: [debug: , debug: {msg: own}, ansible.builtin.debug: {verbosity: 1}]",
    args: ["msg=d", "msg=own", "msg=d verbosity=1"],
  },
  {
    name: "of the long name are those of the short one",
    play: "module_defaults: {ansible.builtin.debug: {msg: d}}\n  tasks: [debug: ]",
    args: ["msg=d"],
  },
  {
    name: "of a block replace those of the play whole",
    play: "module_defaults: {debug: {msg: d, verbosity: 1}}\n  tasks:\n    - module_defaults: {debug: {verbosity: 2}}\n      block: [debug: ]\n    - debug:",
    args: ["verbosity=2", "msg=d verbosity=1"],
  },
  {
    name: "of a task are for it alone",
    play: "tasks:\n    - {debug: , module_defaults: {debug: {msg: t}}}\n    - debug:",
    args: ["msg=t", ""],
  },
  {
    name: "in a list: the later wins",
    play: "module_defaults: [debug: {msg: a}, debug: {msg: b}]\n  tasks: [debug: ]",
    args: ["msg=b"],
  },
  {
    name: "give what is required",
    play: "module_defaults: {fail: {msg: m}, assert: {that: true}}\n  tasks: [assert: ]",
    args: ["that=true"],
  },
];

test.each(cases)("module_defaults $name", ({ play, args }) => {
  expect(argumentsIn(`- hosts: all\n  ${play}`)).toEqual(args);
});

const wrong: { name: string; value: string; place: string; says: RegExp; hint?: RegExp }[] = [
  {
    name: "a group of modules",
    value: "{group/aws: {region: x}}",
    place: "2:21",
    says: /of a group \("group\/aws"\)/,
    hint: /name each module/,
  },
  {
    name: "a module that does not exist",
    value: "{coppy: {}}",
    place: "2:21",
    says: /unknown module "coppy"/,
    hint: /"copy"/,
  },
  {
    name: "a parameter that does not exist",
    value: "{debug: {mgs: x}}",
    place: "2:29",
    says: /"debug" has no parameter "mgs"/,
    hint: /"msg"/,
  },
  {
    name: "a value of the wrong type",
    value: "{debug: {verbosity: loud}}",
    place: "2:40",
    says: /whole number/,
  },
  { name: "text", value: "debug", place: "2:20", says: /takes modules with their parameters/ },
];

test.each(wrong)("refuses module_defaults with $name", ({ value, place, says, hint }) => {
  try {
    loadPlaybook(`- hosts: all\n  module_defaults: ${value}\n  tasks: []\n`, "site.yml", noFiles);
    expect.unreachable();
  } catch (error) {
    expect(error).toBeInstanceOf(InputError);
    const { message, place: at, hint: mend } = error as InputError;
    expect([message, `${at?.line}:${at?.column}`]).toEqual([expect.stringMatching(says), place]);
    if (hint) expect(mend).toMatch(hint);
  }
});
