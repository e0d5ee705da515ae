import { expect, test } from "vitest";
import { emptyInventory } from "../../src/inventory/model.ts";
import { readIniInventory } from "../../src/inventory/read-ini.ts";
import { reconcile } from "../../src/inventory/reconcile.ts";

const INVENTORY = `
[web]
node[1:3]
[db]
node[3:4]
node3
[site:children]
web
db
`;

test("hosts that are in the same groups share one list of them, which keeps the order of merging", () => {
  const inventory = emptyInventory();
  readIniInventory(inventory, INVENTORY, "hosts");
  reconcile(inventory, () => {});
  const [one, two, three, four] = [...inventory.hosts.values()].map(({ groups }) => groups);
  expect(two).toBe(one);
  expect([one, three, four]).toEqual([
    ["all", "site", "web"],
    ["all", "site", "db", "web"],
    ["all", "site", "db"],
  ]);
  expect([...inventory.groups.get("db")!.hosts]).toEqual(["node3", "node4"]);
});

test("a range may be as long as a large data centre has hosts", () => {
  const inventory = emptyInventory();
  readIniInventory(inventory, "host[00001:99999]\n", "hosts");
  expect([...inventory.hosts.keys()].at(-1)).toBe("host99999");
  expect(inventory.hosts.size).toBe(99_999);
});
