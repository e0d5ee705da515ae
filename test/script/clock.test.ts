/** The host's clock may be set while something waits: forwards, and nothing is given up early; backwards, and nothing waits on. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { within } from "../../src/script/limit.ts";
import { lines, sh, type Script } from "../../src/script/sh.ts";
import { wait_for } from "../../src/modules/network/wait_for.ts";
import { argumentsFor, givenWith } from "../modules/case.ts";
import { here } from "../requires.ts";

let room: string;
beforeEach(() => {
  room = mkdtempSync(join(tmpdir(), "hullwright-"));
});
afterEach(() => rmSync(room, { recursive: true, force: true }));

// Waits for a path, as the module does.
function waiting(timeout: number): Script {
  const args = argumentsFor(wait_for, { path: join(room, "there"), timeout, sleep: 1, delay: 0 });
  const change = wait_for.plan(args as never, { there: false }, givenWith());
  return lines([sh`hw_fail() { printf '%s\n' "$*" >&2; }`, change!.steps[0]!.run]);
}

/** What waits, how far the clock jumps at each look, and how it ends. */
const WAITS: readonly [what: string, jump: number, script: () => Script, code: number][] = [
  ["a limited program that fails", 3600, () => within(30, sh`exit 3`), 3],
  ["a limited program that takes too long", -3600, () => within(1, sh`sleep 20`), 124],
  [
    "a wait for what comes",
    3600,
    () => lines([sh`(sleep 1; : > ${join(room, "there")}) &`, waiting(30)]),
    0,
  ],
  ["a wait for what does not come", -3600, () => waiting(2), 1],
];

describe.each(here([["dash"], ["bash", "--posix"], ["busybox", "sh"]]))(
  "through %s",
  (...shell) => {
    test.each(WAITS)(
      "%s ends as it would, though the clock jumps by %i s",
      (_, jump, script, code) => {
        const now = join(room, "now");
        writeFileSync(now, "1000000000");
        writeFileSync(
          join(room, "date"),
          `#!/bin/sh\nn=$(($(cat ${now}) + ${jump})); echo $n > ${now}; echo $n\n`,
          { mode: 0o755 },
        );
        const [command = "", ...words] = shell;
        const { status } = spawnSync(command, [...words, "-s"], {
          input: script().sh,
          env: { PATH: `${room}:${process.env["PATH"]}` },
          timeout: 20_000,
        });
        expect(status).toBe(code);
      },
    );
  },
);

/** These tell the time; whatever measures how long something takes asks for UPTIME. */
const TELL_THE_TIME = [
  "modules/containerd/ctr_exec.ts",
  "modules/files/find/question.ts",
  "modules/shared/systemd/steps.ts",
  "probes/packages/apt.ts",
  "probes/system/daemon-start.sh",
  "script/output.ts",
];

test("nothing waits by the host's clock", () => {
  const src = join(import.meta.dirname, "../../src");
  const files = readdirSync(src, { recursive: true, encoding: "utf8" });
  const asking = files.filter(
    (file) => /\.(ts|sh)$/.test(file) && readFileSync(join(src, file), "utf8").includes("date +%s"),
  );
  expect(asking.toSorted()).toEqual(TELL_THE_TIME);
});
