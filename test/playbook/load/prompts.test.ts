import { expect, test } from "vitest";
import { loadPlaybook } from "../../../src/playbook/load/load.ts";

// Reads a play with prompts.
function prompts(yaml: string): unknown[] {
  const [play] = loadPlaybook(`- hosts: all\n  vars_prompt: ${yaml}\n  tasks: []\n`, "site.yml", {
    read: () => "",
    find: () => undefined,
  }).plays;
  return play!.prompts.map(({ name, isPrivate, isConfirmed, fallback }) => [
    name,
    isPrivate,
    isConfirmed,
    fallback !== undefined,
  ]);
}

test("prompts hide what is typed unless they say otherwise", () => {
  expect(prompts("[{name: a}, {name: b, private: no, confirm: yes, default: x}]")).toEqual([
    ["a", true, false, false],
    ["b", false, true, true],
  ]);
});

test.each([
  ["[{prompt: x}]", /does not say the "name"/],
  ["[{name: x, promt: y}]", /no key "promt"/],
  ["[{name: x, encrypt: sha512_crypt}]", /"encrypt" of vars_prompt/],
  ["[x]", /takes mappings/],
  ["[{name: x, private: perhaps}]", /"private" takes true or false/],
])("refuses %s", (yaml, says) => {
  expect(() => prompts(yaml)).toThrow(says);
});
