import { spawnSync } from "node:child_process";
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { installed, type Installed } from "../../../src/probes/containerd/installed.ts";
import { here } from "../../requires.ts";

const OURS = "# Written by Hullwright";
const shells = here(["dash", "bash", "busybox sh"]);

let root = "";
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "hullwright-installed-"));
  writeFileSync(join(root, "ours"), `${OURS} for containerd 2.1\nversion = 3\n`);
  writeFileSync(join(root, "bare"), OURS);
  writeFileSync(join(root, "a *"), `${OURS}\n`);
  writeFileSync(join(root, "other"), "version = 2\n");
  writeFileSync(join(root, "later"), `version = 2\n${OURS}\n`);
  writeFileSync(join(root, "binary"), Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 0, 0, 1]));
  writeFileSync(join(root, "empty"), "");
  writeFileSync(join(root, "other.distrib"), "");
  mkdirSync(join(root, "directory"));
  symlinkSync(join(root, "ours"), join(root, "link"));
  symlinkSync("nowhere", join(root, "broken"));
  mkdirSync(join(root, "bin"));
  writeFileSync(
    join(root, "bin/head"),
    `#!/bin/sh\necho head >>'${root}/log'\nPATH=$HW_PATH exec head "$@"\n`,
  );
  chmodSync(join(root, "bin/head"), 0o755);
});
afterAll(() => rmSync(root, { recursive: true }));

// What the probe finds in a shell, and how often it read files.
function look(shell: string, names: string[]): { found: Installed; reads: number } {
  const arg = { files: names.map((name) => join(root, name)), directories: [], state: "/none" };
  const [program = "", ...words] = shell.split(" ");
  writeFileSync(join(root, "log"), "");
  const env = {
    HOME: root,
    HW_PATH: process.env["PATH"],
    PATH: `${root}/bin:${process.env["PATH"]}`,
  };
  const { stdout, stderr } = spawnSync(program, [...words, "-c", installed.script([arg]).sh], {
    encoding: "utf8",
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  expect(stderr).toBe("");
  const reads = readFileSync(join(root, "log"), "utf8").split("\n").length - 1;
  return { found: installed.parse(stdout, [arg])[0]!, reads };
}

const CASES = {
  ours: { type: "ours", target: "-", kept: false },
  bare: { type: "ours", target: "-", kept: false },
  other: { type: "other", target: "-", kept: true },
  later: { type: "other", target: "-", kept: false },
  binary: { type: "other", target: "-", kept: false },
  empty: { type: "other", target: "-", kept: false },
  directory: { type: "other", target: "-", kept: false },
  absent: { type: "absent", target: "-", kept: false },
  broken: { type: "link", target: "nowhere", kept: false },
} as const;

describe.each(shells)("%s", (shell) => {
  test("tells ours from others by their beginning", () => {
    const { found } = look(shell, Object.keys(CASES));
    const wanted = Object.entries(CASES).map(([name, file]) => [join(root, name), file]);
    expect(found.files).toEqual(Object.fromEntries(wanted));
  });

  test.each(Object.keys(CASES))("tells %s alone", (name) => {
    const { found } = look(shell, [name]);
    expect(found.files[join(root, name)]).toEqual(CASES[name as keyof typeof CASES]);
  });

  test.skipIf(shell.startsWith("busybox"))("reads all files in one process", () => {
    expect(look(shell, ["ours", "bare", "other", "later", "binary"]).reads).toBe(1);
  });
});
