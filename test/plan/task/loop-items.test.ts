import { expect, test } from "vitest";
import { standardEnvironment } from "../../../src/jinja/template.ts";
import { Variables } from "../../../src/plan/model/variables.ts";
import { eachLoopItem } from "../../../src/plan/task/loop-items.ts";
import type { Common } from "../../../src/playbook/play.ts";
import { nodeOf } from "../../../src/yaml/data.ts";

const variables = new Variables([], standardEnvironment());

// The turns of a loop over three items.
function turns(control: object): ReturnType<typeof eachLoopItem> {
  const keywords = new Map([["loop_control", nodeOf(control, "play")]]);
  return eachLoopItem({ keywords } as unknown as Common, ["a", "b", "c"], variables);
}

test("extended tells of each turn where it stands, as Ansible does", () => {
  const loop = turns({ extended: true });
  const all = [0, 1, 2].map((turn) => loop.at(turn).resultKeys["ansible_loop"]);
  expect(all).toEqual([
    {
      index: 1,
      index0: 0,
      first: true,
      last: false,
      length: 3,
      revindex: 3,
      revindex0: 2,
      allitems: ["a", "b", "c"],
      nextitem: "b",
    },
    {
      index: 2,
      index0: 1,
      first: false,
      last: false,
      length: 3,
      revindex: 2,
      revindex0: 1,
      allitems: ["a", "b", "c"],
      nextitem: "c",
      previtem: "a",
    },
    {
      index: 3,
      index0: 2,
      first: false,
      last: true,
      length: 3,
      revindex: 1,
      revindex0: 0,
      allitems: ["a", "b", "c"],
      previtem: "b",
    },
  ]);
});

test("pause is between items, not before the first", () => {
  const loop = turns({ pause: 2.5 });
  expect([0, 1, 2].map((turn) => loop.at(turn).pause)).toEqual([0, 2.5, 2.5]);
});

test("loop_var and index_var name the item and its number", () => {
  const { resultKeys: told } = turns({ loop_var: "one", index_var: "number" }).at(1);
  expect(told).toEqual({
    one: "b",
    number: 1,
    ansible_loop_var: "one",
    ansible_index_var: "number",
  });
});
