import { createHash } from "node:crypto";
import { execFileSync, spawnSync } from "node:child_process";
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Step } from "../../../src/modules/contract/module.ts";
import { entryOf } from "../../plan/entry-of.ts";
import type { Entry } from "../../../src/plan/model/entry.ts";
import { statPath, type PathState } from "../../../src/probes/files/path.ts";
import { changeProgram, readProgram } from "../../../src/run/program/build.ts";
import { sh } from "../../../src/script/sh.ts";
import { placeFile, remember, staged } from "../../../src/script/write.ts";
import { options, SHELLS } from "./options.ts";

let home: string;
let state: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "hullwright-"));
  state = join(home, ".local/state/hullwright");
  mkdirSync(join(state, "stage"), { recursive: true });
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const CONTENT = "a large file";
const FAKE = "0123456789abcdef".repeat(4);
const digest = (text: string): string => createHash("sha256").update(text).digest("hex");
const FILE = { sha256: digest(CONTENT), size: CONTENT.length, path: "/controller/file" };

// An entry for a large file.
function entryFor(path: string, step: Step, before: PathState, after: PathState): Entry {
  return entryOf(`bring ${path}`, {
    change: { after: {}, diff: [], files: [FILE], steps: [step] },
    probes: [[statPath(path, { indexed: true }), before, after]],
  });
}

// Runs a program as a host does.
function run(entries: Entry[], [shell, ...words]: readonly string[]) {
  const { stdout, stderr } = spawnSync(shell!, [...words, "-s"], {
    input: changeProgram(entries, new Map(), options).sh,
    encoding: "utf8",
    env: { PATH: process.env["PATH"], HOME: home },
  });
  return readProgram(stdout, stderr, entries, options.nonce).outcomes;
}

// Notes a digest of a file as a run before would have.
function note(path: string, sha256: string): void {
  const line = execFileSync("stat", ["-L", "-c", "%s %.9Y %.9Z %i %n", "--", path]);
  writeFileSync(join(state, "index"), `${sha256} ${line.toString()}`);
}

// Brings the staged file to a place.
function placed(path: string): Step {
  const { uid, gid } = statSync(home);
  return placeFile(staged(FILE), path, "0644", {
    owner: String(uid),
    group: String(gid),
  });
}

// Puts the content into the stage, as it was sent there some time ago.
function stage(): string {
  const path = join(state, "stage", digest(CONTENT));
  writeFileSync(path, CONTENT);
  utimesSync(path, 1_700_000_000, 1_700_000_000);
  return path;
}

test.each<[what: string, touch: boolean, status: string]>([
  ["that stands as noted is not read again", false, "done"],
  ["that was written since is", true, "failed"],
])("a large file %s by a check", (_what, isTouched, status) => {
  for (const shell of SHELLS) {
    rmSync(state, { recursive: true, force: true });
    mkdirSync(state, { recursive: true });
    const path = join(home, "large");
    writeFileSync(path, CONTENT);
    utimesSync(path, 1_700_000_000, 1_700_000_000);
    note(path, FAKE);
    if (isTouched) writeFileSync(path, CONTENT);
    const [before, after]: PathState[] = [
      { type: "file", sha256: FAKE },
      { type: "file", sha256: null },
    ];
    const outcomes = run([entryFor(path, { run: sh`:` }, before!, after!)], shell);
    expect(outcomes.get(0)?.status, shell.join(" ")).toBe(status);
  }
});

test.each(SHELLS)("a staged file that one step uses takes its place itself (%s)", (...shell) => {
  const { ino } = statSync(stage());
  const path = join(home, "large");
  const after: PathState = { type: "file", sha256: digest(CONTENT) };
  expect(run([entryFor(path, placed(path), null, after)], shell).get(0)?.status).toBe("done");
  expect(statSync(path).ino).toBe(ino);
});

test.each(SHELLS)("a staged file that two steps use is copied (%s)", (...shell) => {
  const { ino } = statSync(stage());
  const paths = [join(home, "one"), join(home, "two")];
  const after: PathState = { type: "file", sha256: digest(CONTENT) };
  const entries = paths.map((path) => entryFor(path, placed(path), null, after));
  expect([...run(entries, shell).values()].map(({ status }) => status)).toEqual(["done", "done"]);
  expect(paths.map((path) => readFileSync(path, "utf8"))).toEqual([CONTENT, CONTENT]);
  expect(paths.map((path) => statSync(path).ino)).not.toContain(ino);
});

test.each(SHELLS)("what a step wrote is read, whatever it noted of it (%s)", (...shell) => {
  const path = join(home, "large");
  const step = { run: sh`printf other > ${path} && ${remember(digest(CONTENT), path)}` };
  const after: PathState = { type: "file", sha256: digest(CONTENT) };
  expect(run([entryFor(path, step, null, after)], shell).get(0)?.status).toBe("failed");
});
