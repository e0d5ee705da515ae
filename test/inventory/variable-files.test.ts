import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { withAdditions } from "../../src/inventory/additions.ts";
import { loadInventory } from "../../src/inventory/load.ts";
import { toValue } from "../../src/yaml/data.ts";
import { hostVars } from "../../src/inventory/precedence.ts";

const folder = mkdtempSync(join(tmpdir(), "hullwright-test-later-names-"));
afterAll(() => rmSync(folder, { recursive: true }));

const FILES = {
  "hosts.ini": "h\n",
  "group_vars/later.yml": "a: group\n",
  "group_vars/parent/one.yml": "b: parent\n",
  "group_vars/wrong.yml": "- no mapping\n",
  "group_vars/.hidden.yml": "- no mapping\n",
  "group_vars/later.yml.bak": "- no mapping\n",
  "host_vars/new": "c: host\n",
};

for (const [name, text] of Object.entries(FILES)) {
  mkdirSync(dirname(join(folder, name)), { recursive: true });
  writeFileSync(join(folder, name), text);
}

const added = (group: string) => [
  { host: "new", groups: [group], parents: ["parent"], vars: new Map() },
];

test("groups and hosts that tasks make have their files of variables", async () => {
  const inventory = withAdditions(await loadInventory([join(folder, "hosts.ini")]), added("later"));
  const found = [...hostVars(inventory, [], "new")].map(([name, node]) => [name, toValue(node)]);
  expect(Object.fromEntries(found)).toMatchObject({ a: "group", b: "parent", c: "host" });
});

test("what is wrong with a file that no name of the inventory wants is told where a task makes it", async () => {
  const inventory = await loadInventory([join(folder, "hosts.ini")]);
  expect(hostVars(inventory, [], "h").has("a")).toBe(false);
  expect(() => hostVars(withAdditions(inventory, added("wrong")), [], "new")).toThrow(
    /must be a mapping/,
  );
});
