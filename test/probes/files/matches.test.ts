import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { existsTest, matches } from "../../../src/probes/files/matches.ts";

let folder = "";

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "hullwright-matches-"));
  for (const name of ["one", "b[1]", "a b", "x-y", ".hidden", "st*r"])
    writeFileSync(join(folder, name), "");
  symlinkSync("nowhere", join(folder, "dangling"));
});

afterAll(() => rmSync(folder, { recursive: true }));

// What Python's glob finds among those files.
test.each([
  ["o*", true],
  ["o?e", true],
  ["[no]ne", true],
  ["[!o]ne", false],
  ["b[1]", false],
  ["*[1]", false],
  ["b[[]1]", true],
  ["a [a-c]", true],
  ["a*b", true],
  ["[a-z]-y", true],
  ["st[*]r", true],
  ["st*r", true],
  ["dang*", true],
  ["*hidden", false],
  [".h*", true],
  ["$(touch pwned)*", false],
])("%s: %s", (pattern, there) => {
  const run = (script: string): string =>
    execFileSync("/bin/sh", ["-c", script], { encoding: "utf8" }).trim();
  const path = join(folder, pattern);
  expect(run(matches.script([{ pattern: path }]).sh)).toBe(there ? "yes" : "no");
  expect(run(matches.look!.script({ pattern: path }).sh)).toBe(there ? "yes" : "no");
  expect(run(`if ${existsTest(path).sh}; then echo yes; fi`)).toBe(there ? "yes" : "");
});
