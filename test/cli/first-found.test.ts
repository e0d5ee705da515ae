import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { call } from "./call.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "hullwright-first-"));
  mkdirSync(join(folder, "files"));
  for (const name of ["here.txt", "later.txt"]) writeFileSync(join(folder, "files", name), "x");
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const NONE = "No file was found when using first_found";

/** What with_first_found is given, and what the plan says, as ansible-core 2.14 has it. */
const cases: [name: string, terms: unknown, says: string, when?: string][] = [
  ["the first that is there", ["none.txt", "here.txt", "later.txt"], "<here.txt>"],
  ["a name with something undefined is passed over", ["{{ no }}.txt", "here.txt"], "<here.txt>"],
  [
    "so is a mapping with something undefined",
    [{ files: ["{{ no }}.txt", "here.txt"], skip: true }, "later.txt"],
    "<later.txt>",
  ],
  ["what is defined is used", ["{{ known }}.txt"], "<here.txt>"],
  ["nothing is there", ["none.txt"], NONE],
  ["all are undefined", ["{{ no }}"], NONE],
  ["one text that is undefined", "{{ no }}", NONE],
  ["the task is left out", ["{{ no }}"], "ok", "false"],
];

test.each(cases)("%s", async (_name, terms, says, when) => {
  const task = { debug: { msg: "<{{ item | basename }}>" }, with_first_found: terms };
  const play = {
    hosts: "localhost",
    gather_facts: false,
    vars: { known: "here" },
    tasks: [when === undefined ? task : { ...task, when }],
  };
  const file = join(folder, "play.yml");
  writeFileSync(file, JSON.stringify([play]));
  const { said } = await call("plan", file);
  expect(said).toContain(says);
  expect(said.includes("undefined")).toBe(false);
});
