/** Hosts of an inventory that are one machine take turns, and each is planned by what the others have done. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import { me, ownHome } from "./own-home.ts";
import { call } from "./call.ts";

const root = ownHome(beforeEach);
beforeEach(() =>
  writeFileSync(join(root, "hosts"), "[all]\na\nb\nc\n[all:vars]\nansible_connection=local\n"),
);

test("each writes the same file in its own words, and adds to what the others have written", async () => {
  const content = "{{ inventory_hostname }}";
  writeFileSync(
    join(root, "site.yml"),
    `- hosts: all
  gather_facts: false
  tasks:
    - copy: { content: "${content}", dest: ${root}/one, ${own} }
    - lineinfile: { path: ${root}/all, line: "${content}", create: true, ${own} }
    - command: "true"
    - copy: { content: "${content}", dest: ${root}/two, ${own} }
`,
  );
  const { code, said } = await call(
    "apply",
    join(root, "site.yml"),
    "-i",
    join(root, "hosts"),
    "-y",
  );
  expect(said).not.toMatch(/someone else|moved/);
  expect(code).toBe(0);
  expect(readFileSync(join(root, "two"), "utf8")).toBe("c");
  expect(readFileSync(join(root, "all"), "utf8").split("\n").sort()).toEqual(["", "a", "b", "c"]);
});

const own = `owner: ${me}, mode: "0644"`;

// One task after another on the same file, by two names of this machine.
const touch = (at: string): string => `file: { path: ${at}, state: touch, ${own} }`;
const remove = (at: string): string => `file: { path: ${at}, state: absent }`;
const look = (at: string): string =>
  `{ stat: { path: ${at} }, register: s }, { debug: { msg: "there: {{ s.stat.exists }}" } }`;

test.each([
  [
    "a task that is delegated to the other",
    "a",
    (at: string) => `[{ ${touch(at)} }, { ${remove(at)}, delegate_to: b }, ${look(at)}]`,
  ],
  [
    "a task that comes back from the other",
    "a",
    (at: string) => `[{ ${touch(at)}, delegate_to: b }, { ${remove(at)} }, ${look(at)}]`,
  ],
  [
    "hosts of one play",
    "a,b",
    (at: string) =>
      `[{ ${touch(at)}, when: inventory_hostname == 'a' }, { ${remove(at)}, when: inventory_hostname == 'b' }, ${look(at)}]`,
  ],
  [
    "a command that the other runs",
    "a",
    (at: string) => `[{ ${touch(at)} }, { command: rm ${at}, delegate_to: b }, ${look(at)}]`,
  ],
])("what is planned under one name is seen under the other: %s", async (_, hosts, tasks) => {
  const file = join(root, "file");
  const site = join(root, "site.yml");
  writeFileSync(site, `- hosts: ${hosts}\n  gather_facts: false\n  tasks: ${tasks(file)}\n`);
  const words = [site, "-i", join(root, "hosts")];
  const plan = await call("plan", ...words);
  expect(plan.said).toContain(`2 changes on ${hosts.split(",").length} host`);
  const { code, said } = await call("apply", ...words, "-y");
  expect(code).toBe(0);
  expect(said).toContain("there: False");
  expect(existsSync(file)).toBe(false);
});
