import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { call } from "./call.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "hullwright-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** What add_host is given one after another, and whether Ansible says that it changed something. */
const STEPS: [args: object, changed: boolean][] = [
  [{ name: "new", groups: "g", x: 1 }, true],
  [{ name: "new", groups: "g", x: 1 }, false],
  [{ name: "new", groups: "g" }, false],
  [{ name: "new", groups: "g", x: 2 }, true],
  [{ name: "new", groups: "g", x: 2, y: [1] }, true],
  [{ name: "new", groups: "g", x: 2, y: [1] }, false],
  [{ name: "new", groups: ["g", "h"], y: [1] }, true],
];

test("add_host is a change where a host, a group or a variable is new, as in Ansible", async () => {
  const file = join(folder, "play.yml");
  const tasks = [
    ...STEPS.map(([args], i) => ({ add_host: args, register: `r${i}` })),
    { debug: { msg: `{{ [${STEPS.map((_step, i) => `r${i}.changed`).join(", ")}] | to_json }}` } },
  ];
  writeFileSync(file, JSON.stringify([{ hosts: "localhost", gather_facts: false, tasks }]));
  const { said } = await call("plan", file);
  expect(said).toContain(JSON.stringify(STEPS.map(([, changed]) => changed)).replaceAll(",", ", "));
});
