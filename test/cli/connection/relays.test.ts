import { expect, test } from "vitest";
import { relaysOf } from "../../../src/cli/connection/relays.ts";
import { standardEnvironment } from "../../../src/jinja/template.ts";
import type { InventoryView } from "../../../src/plan/model/fleet.ts";
import { Variables } from "../../../src/plan/model/variables.ts";
import { nodeOf } from "../../../src/yaml/data.ts";

const HOSTS = ["a", "b", "c"];
const VIEW = { hosts: new Set(HOSTS), groups: { all: HOSTS } } as unknown as InventoryView;

// The relays of a host whose variable has a value.
function relays(value: unknown): string[] {
  const nodes = new Map([["ansible_relay", nodeOf(value, "vars")]]);
  return relaysOf("c", new Variables([{ nodes }], standardEnvironment()), VIEW);
}

test.each([
  ["a", ["a"]],
  [
    ["a", "b"],
    ["a", "b"],
  ],
  ["{{ groups['all'][:2] }}", ["a", "b"]],
  ["", []],
  [null, []],
])("%j names %j", (value, names) => {
  expect(relays(value)).toEqual(names);
});

test("without the variable there is none", () => {
  expect(relaysOf("c", new Variables([], standardEnvironment()), VIEW)).toEqual([]);
});

test.each([["d"], [["a", "d"]], [7], ["a,b"]])("%j is refused", (value) => {
  expect(() => relays(value)).toThrow(
    /^host "c": ansible_relay names .*, which is no host of the inventory$/,
  );
});
