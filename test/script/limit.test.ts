import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { within } from "../../src/script/limit.ts";
import { lines, sh, type Script } from "../../src/script/sh.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "hullwright-limit-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const SHELLS = [["sh"], ["bash"], ["busybox", "sh"]].filter(
  ([program]) => spawnSync(program!, ["-c", "true"]).error === undefined,
);

describe.each(SHELLS.map((words) => [words.join(" "), words] as const))("%s", (_name, words) => {
  // Runs a script in the shell; answers its code and what it printed.
  function run(script: Script): { code: number | null; stdout: string } {
    const { status, stdout } = spawnSync(words[0]!, [...words.slice(1), "-c", script.sh], {
      cwd: folder,
      encoding: "utf8",
      timeout: 60_000,
    });
    return { code: status, stdout };
  }

  test.each([
    ["true", 0],
    ["exit 3", 3],
    ["say; exit 124", 124],
  ])("%s within its time ends as it ends", (text, code) => {
    const script = lines([sh`say() { echo said; }`, within(30, { sh: text })]);
    expect(run(script)).toEqual({ code, stdout: text.includes("say") ? "said\n" : "" });
  });

  test("what takes longer is ended, with all that it has started, functions of the shell too", () => {
    const work = sh`work() { echo begun; sh -c 'echo $$ > child; sleep 300; :'; touch after; }`;
    expect(run(lines([work, within(1, { sh: "work" })]))).toEqual({ code: 124, stdout: "begun\n" });
    expect(existsSync(join(folder, "after"))).toBe(false);
    const child = readFileSync(join(folder, "child"), "utf8").trim();
    expect(existsSync(`/proc/${child}`)).toBe(false);
  });

  test("what does not heed the signal is killed", () => {
    expect(run(within(1, { sh: "trap '' TERM; while :; do sleep 300; done" })).code).toBe(124);
  });

  test("steps share the time of their task", () => {
    const file = sh`limit`;
    expect(run(within(30, sh`true`, { file, isFirst: true })).code).toBe(0);
    expect(run(within(30, sh`true`, { file, isFirst: false })).code).toBe(0);
    run(sh`echo 1 > limit`);
    expect(run(within(30, sh`touch after`, { file, isFirst: false })).code).toBe(124);
    expect(existsSync(join(folder, "after"))).toBe(false);
  });
});
