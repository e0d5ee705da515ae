import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { expandLimit } from "../../src/inventory/limit.ts";
import { emptyInventory } from "../../src/inventory/model.ts";
import { matchHosts } from "../../src/inventory/patterns.ts";
import { findHost, hostVars } from "../../src/inventory/precedence.ts";
import { readYamlInventory } from "../../src/inventory/read-yaml.ts";
import { reconcile } from "../../src/inventory/reconcile.ts";
import { toValue } from "../../src/yaml/data.ts";

// An inventory from YAML text, ready for use.
function inventoryOf(text: string) {
  const inventory = emptyInventory();
  readYamlInventory(inventory, text, "hosts.yml", () => {});
  reconcile(inventory, () => {});
  return inventory;
}

const inventory = inventoryOf(
  "all: {vars: {v: 1}, children: {web: {hosts: {'web[1:3]': }}, db: {hosts: {db1: , web3: }}}}\n",
);

describe("a limit", () => {
  const cases: [string, string, string, string[]][] = [
    ["keeps the pattern's order", "web", "web3,web1", ["web1", "web3"]],
    ["may be a group", "all", "db", ["web3", "db1"]],
    ["may exclude", "web", "!web2", ["web1", "web3"]],
    ["may leave nothing", "web", "db1", []],
  ];
  test.each(cases)("%s", (_name, pattern, limit, expected) => {
    expect(matchHosts(inventory, pattern, limit).toSorted()).toEqual(expected.toSorted());
  });

  test("may come from a file", async () => {
    const folder = mkdtempSync(join(tmpdir(), "hullwright-limit-"));
    writeFileSync(join(folder, "retry"), "web1\n\n db1 \n");
    const limit = await expandLimit(`@${join(folder, "retry")},web2`);
    rmSync(folder, { recursive: true });
    expect(matchHosts(inventory, "all", limit).toSorted()).toEqual(["db1", "web1", "web2"]);
    await expect(expandLimit("@nowhere")).rejects.toThrow(/no file nowhere/);
  });
});

describe("a pattern that matches nothing is warned about", () => {
  const cases: [string, string[]][] = [
    ["wbe", ['no host or group matches "wbe"; did you mean "web"?']],
    ["web1,dc1", ['no host or group matches "dc1"; did you mean "db1"?']],
    ["something", ['no host or group matches "something"']],
    ["x*", ['no host or group matches "x*"']],
    ["all:!wbe1", ['no host or group matches "wbe1"; did you mean "web1"?']],
    ["all,localhost", []],
  ];
  test.each(cases)("%s", (pattern, expected) => {
    const warnings: string[] = [];
    matchHosts(inventory, pattern, undefined, (message) => warnings.push(message));
    expect(warnings).toEqual(expected);
  });
});

test("several patterns may stand in a list", () => {
  expect(matchHosts(inventory, ["db1", "web:!web2", "&web"])).toEqual(["web1", "web3"]);
});

test.each([
  ["web[7]", /asks for host 7, but "web" has 3/],
  ["~(", /not a regular expression/],
])("%s is refused", (pattern, message) => {
  expect(() => matchHosts(inventory, pattern)).toThrow(message);
});

describe("the machine itself", () => {
  test.each(["localhost", "127.0.0.1", "::1"])(
    "is meant by %s, though no inventory names it",
    (name) => {
      expect(matchHosts(inventory, name)).toEqual([name]);
      expect(findHost(inventory, name)?.groups).toEqual([]);
      expect([...hostVars(inventory, [], name)].map(([key, node]) => [key, toValue(node)])).toEqual(
        [
          ["v", 1],
          ["ansible_connection", "local"],
        ],
      );
    },
  );
  test("is not among all hosts", () => {
    expect(matchHosts(inventory, "all:*")).not.toContain("localhost");
  });
  test("is the inventory's own, where that names it", () => {
    const own = inventoryOf("all: {hosts: {127.0.0.1: {x: 1}}}\n");
    expect(matchHosts(own, "localhost")).toEqual(["127.0.0.1"]);
    expect([...hostVars(own, [], "localhost").keys()]).toEqual(["x"]);
  });
});
