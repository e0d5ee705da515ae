import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { named, type NamedArg } from "../../../src/probes/system/named.ts";

const ARGS: NamedArg[] = [
  { of: "group", name: "daemon" },
  { of: "user", name: "root" },
  { of: "user", name: "hw-nobody-here" },
  { of: "user", name: "daemon" },
  { of: "group", name: "hw-nobody-here" },
];
const FOUND = [true, true, false, true, false];

// Directories with some programs of this machine and no others.
const tools = mkdtempSync(join(tmpdir(), "hullwright-named-"));
const BUSYBOX = programs("busybox");
const FIND = programs("find");
beforeAll(() => {
  for (const [name, from] of Object.entries({ busybox: BUSYBOX, findutils: FIND })) {
    const folder = mkdtempSync(join(tools, "bin-"));
    symlinkSync(from ?? "/nonexistent", join(folder, "find"));
    symlinkSync(folder, join(tools, name));
  }
});
afterAll(() => rmSync(tools, { recursive: true, force: true }));

// Where this machine has a program.
function programs(name: string): string | undefined {
  return (process.env["PATH"] ?? "")
    .split(delimiter)
    .map((folder) => join(folder, name))
    .find((path) => existsSync(path));
}

// What a host with these programs answers.
function answer(path: string | undefined, args = ARGS): unknown {
  const { stdout } = spawnSync("/bin/sh", ["-c", named.script(args).sh], {
    encoding: "utf8",
    env: { PATH: path ?? process.env["PATH"], LC_ALL: "C" },
  });
  return named.parse(stdout, args);
}

describe("whether users and groups exist", () => {
  test("getent tells", () => expect(answer(undefined)).toEqual(FOUND));
  test("all of them are there", () =>
    expect(answer(undefined, [ARGS[0]!, ARGS[1]!, ARGS[3]!])).toEqual([true, true, true]));
  test.skipIf(FIND === undefined)("without getent, find does", () =>
    expect(answer(join(tools, "findutils"))).toEqual(FOUND),
  );
  test.skipIf(BUSYBOX === undefined)("so does the find of busybox", () =>
    expect(answer(join(tools, "busybox"))).toEqual(FOUND),
  );
  test("without either, nothing is said", () =>
    expect(answer("/nonexistent")).toEqual(ARGS.map(() => null)));
});
