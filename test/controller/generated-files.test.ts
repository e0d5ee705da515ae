import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { GeneratedFiles } from "../../src/controller/generated-files.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "kept-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

test("what is there already is read in a plan, and is not written", () => {
  const path = join(folder, "p");
  writeFileSync(path, "here  \n");
  expect(new GeneratedFiles().keep(path, (before) => before ?? "new")).toBe("here");
  expect(readFileSync(path, "utf8")).toBe("here  \n");
});

test("a plan writes nothing, and tells that something is to be written", () => {
  const [path, kept] = [join(folder, "deep/p"), new GeneratedFiles()];
  expect(kept.keep(path, () => "new")).toBeUndefined();
  expect(() => statSync(path)).toThrow("ENOENT");
  expect([kept.begin(), kept.begin()]).toEqual([true, false]);
});

test("apply writes once, for the owner alone", () => {
  const [path, kept] = [join(folder, "deep/p"), new GeneratedFiles()];
  expect(kept.begin()).toBe(false);
  expect(kept.keep(path, (before) => before ?? "first")).toBe("first");
  expect(kept.keep(path, (before) => before ?? "second")).toBe("first");
  expect(readFileSync(path, "utf8")).toBe("first\n");
  expect([statSync(path).mode & 0o777, statSync(join(folder, "deep")).mode & 0o777]).toEqual([
    0o600, 0o700,
  ]);
});

test("a file that another process makes meanwhile is read", () => {
  const [path, kept] = [join(folder, "p"), new GeneratedFiles()];
  kept.begin();
  const make = (before: string | undefined): string => {
    if (before === undefined) writeFileSync(path, "theirs\n");
    return before ?? "ours";
  };
  expect(kept.keep(path, make)).toBe("theirs");
});

test("another process finds the whole file, or none", async () => {
  const [path, kept] = [join(folder, "p"), new GeneratedFiles()];
  kept.begin();
  const text = "x".repeat(1 << 24);
  const look = `echo ready; until [ -e p ]; do :; done; wc -c < p`;
  const child = spawn("sh", ["-c", look], { cwd: folder, stdio: ["ignore", "pipe", "inherit"] });
  const said: string[] = [];
  child.stdout.on("data", (bytes: Buffer) => said.push(bytes.toString()));
  await once(child.stdout, "data");
  expect(kept.keep(path, (before) => before ?? text)).toBe(text);
  await once(child, "close");
  expect(said.join("")).toBe(`ready\n${text.length + 1}\n`);
  expect(readdirSync(folder)).toEqual(["p"]);
});

test("what lacks something is written anew", () => {
  const [path, kept] = [join(folder, "p"), new GeneratedFiles()];
  kept.begin();
  writeFileSync(path, "secret\n");
  expect(kept.keep(path, (before) => `${before} salt=x`)).toBe("secret salt=x");
  expect(readFileSync(path, "utf8")).toBe("secret salt=x\n");
});
