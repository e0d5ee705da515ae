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

test("a plan shows the prompt of a pause, and no line where it has none", async () => {
  const file = join(folder, "play.yml");
  const tasks = [
    { name: "quiet", pause: { seconds: 1 } },
    { name: "loud", pause: { seconds: 1, prompt: "look now" } },
  ];
  writeFileSync(file, JSON.stringify([{ hosts: "localhost", gather_facts: false, tasks }]));
  const { said } = await call("plan", file);
  expect(said).toContain("> loud\n      look now\n");
  expect(said).not.toContain("quiet");
});
