import { expect, test } from "vitest";
import { standardEnvironment } from "../../../src/jinja/environment.ts";
import { ForeignFault } from "../../../src/jinja/core/fault.ts";
import { FOREIGN, missing } from "../../../src/jinja/core/foreign.ts";

const { filters, tests, lookups } = standardEnvironment();

test.each([
  ["filter", filters],
  ["test", tests],
  ["lookup", lookups],
] as const)("no %s of ours is listed as foreign", (kind, names) => {
  expect(FOREIGN[kind].filter((name) => names.has(name))).toEqual([]);
});

test.each([
  ["json_query", true],
  ["ansible.utils.hwaddr", true],
  ["company.tools.x", true],
  ["uper", false],
  ["ansible.builtin.uper", false],
  ["tools.x", false],
])("the filter %s is foreign: %s", (name, wanted) =>
  expect(missing("filter", name, filters.keys()) instanceof ForeignFault).toBe(wanted),
);
