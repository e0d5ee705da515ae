import {
  chmodSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { command } from "../../src/modules/commands/command.ts";
import type { Module } from "../../src/modules/contract/module.ts";
import { pause } from "../../src/modules/play/pause.ts";
import { ping } from "../../src/modules/network/ping.ts";
import { raw } from "../../src/modules/commands/raw.ts";
import { script } from "../../src/modules/commands/script.ts";
import { slurp } from "../../src/modules/files/slurp.ts";
import { tempfile } from "../../src/modules/files/tempfile.ts";
import { Unknown } from "../../src/value.ts";
import { TestHost } from "./host.ts";
import { has, here, shellcheck, skipReason } from "../requires.ts";

const SHELLS = here([["dash"], ["bash"], ["busybox", "sh"]]);
const run = (
  host: TestHost,
  module: unknown,
  args: { [name: string]: unknown },
): ReturnType<TestHost["apply"]> => host.apply(module as Module<never, never>, args);
const folder = (): string => mkdtempSync(join(tmpdir(), "hw-small-"));

test.each(SHELLS)(
  "a script runs under %s with arguments that the shell reads, and leaves nothing",
  async (...shell) => {
    const host = new TestHost(shell);
    const path = join(folder(), "my 'script'");
    writeFileSync(path, '#!/bin/sh\necho "$# $1 $2 in $PWD as ${0##*/}"; echo oops >&2\n');
    const { result, failure } = await run(host, script, {
      cmd: `"${path}" 'a b' $((1 + 1)) | tr a-z A-Z`,
      chdir: "/usr",
    });
    expect(failure).toBeUndefined();
    expect(result).toEqual({
      rc: 0,
      stdout: "2 A B 2 IN /USR AS MY 'SCRIPT'\n",
      stdout_lines: ["2 A B 2 IN /USR AS MY 'SCRIPT'"],
      stderr: "oops\n",
      stderr_lines: ["oops"],
    });
    expect(readdirSync(join(host.home, ".local/state/hullwright"))).not.toContain("stage");
  },
);

test("a script's code is the task's, and another program may run it", async () => {
  const path = join(folder(), "noshebang");
  writeFileSync(path, "echo $0 $1; exit 3\n");
  chmodSync(path, 0o600);
  const failed = await run(new TestHost(), script, { cmd: `${path} x` });
  expect(failed.result).toMatchObject({ rc: 3 });
  expect(failed.failure).toBeDefined();
  const other = await run(new TestHost(), script, { cmd: `${path} x`, executable: "cat -A" });
  expect(other.failure).toContain("x");
  const shown = await run(new TestHost(), script, { cmd: path, executable: "head -n 1" });
  expect(shown.result).toMatchObject({ rc: 0, stdout: "echo $0 $1; exit 3\n" });
});

test("before apply nobody knows what a script or a line prints", async () => {
  const host = new TestHost();
  const path = join(folder(), "s");
  writeFileSync(path, "");
  expect((await host.plan(script as never, { cmd: path })).result["stdout"]).toBeInstanceOf(
    Unknown,
  );
  expect((await host.plan(raw as never, { cmd: "x" })).result["rc"]).toBeInstanceOf(Unknown);
  expect((await host.plan(tempfile as never, {})).result["path"]).toBeInstanceOf(Unknown);
});

test("raw keeps what a line prints as it is", async () => {
  const { result } = await run(new TestHost(), raw, {
    cmd: "echo 'a'; echo \"$0\"; false || exit 4",
  });
  expect(result).toEqual({
    cmd: "echo 'a'; echo \"$0\"; false || exit 4",
    rc: 4,
    stdout: "a\n/bin/sh\n",
    stderr: "",
    stdout_lines: ["a", "/bin/sh"],
    stderr_lines: [],
    msg: "non-zero return code",
  });
});

test("command still splits its line", async () => {
  expect((await run(new TestHost(), command, { cmd: "echo 'a b'" })).result).toMatchObject({
    cmd: ["echo", "a b"],
    stdout: "a b",
  });
});

test("a temporary file and directory are new each time, and nobody else's", async () => {
  const at = folder();
  const made = [];
  for (const state of ["file", "directory", "file"])
    made.push(
      await run(new TestHost(), tempfile, { path: at, state, prefix: "my x.", suffix: ".x" }),
    );
  expect(made.map(({ failure }) => failure)).toEqual([undefined, undefined, undefined]);
  const paths = made.map(({ result }) => String(result["path"]));
  expect(new Set(paths).size).toBe(3);
  expect(made[0]!.result).toMatchObject({ owner: "root", group: "root", uid: 0, gid: 0, size: 0 });
  for (const path of paths) expect(path).toMatch(/\/my x\..{8}\.x$/);
  expect(
    paths.map((path) => [lstatSync(path).isDirectory(), lstatSync(path).mode & 0o777]),
  ).toEqual([
    [false, 0o600],
    [true, 0o700],
    [false, 0o600],
  ]);
  expect((await run(new TestHost(), tempfile, { path: join(at, "gone") })).failure).toContain(
    "No such file",
  );
});

test("slurp brings bytes as they are, also behind links and out of /proc", async () => {
  const path = join(folder(), "f");
  writeFileSync(path, Buffer.from([0, 255, 10, 0]));
  const host = new TestHost();
  expect((await host.plan(slurp as never, { src: path })).result).toEqual({
    content: "AP8KAA==",
    encoding: "base64",
    source: path,
  });
  const mounts = (await host.plan(slurp as never, { src: "/proc/mounts" })).result["content"];
  expect(Buffer.from(String(mounts), "base64").toString()).toBe(
    readFileSync("/proc/mounts", "utf8"),
  );
});

test("ping asks the host", async () => {
  const { result, probes } = await new TestHost().plan(ping as never, {});
  expect(result).toEqual({ ping: "pong" });
  expect(Object.keys(probes)).toHaveLength(1);
});

test("a pause tells when it was, and says its prompt", async () => {
  const { result, change } = await run(new TestHost(), pause, { seconds: 1, prompt: "now look" });
  expect(change?.silent).toBe(true);
  expect(result).toMatchObject({
    delta: 1,
    rc: 0,
    start: expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:/),
    stop: expect.stringMatching(/^\d{4}/),
    stdout: "Paused for 1.0 seconds",
  });
  const { onController } = pause;
  expect(onController?.kind === "message" && onController.text(result)).toBe("now look");
});

test("a pause that is cut short does not say that it lasted", () => {
  const stdout = "2026-11-28 02:59:58.900000\n2026-11-28 03:00:01.800000\n";
  const outputs = [{ code: 0, stdout, stderr: "" }];
  expect(
    pause.result({ seconds: 12 } as never, {}, outputs as never, undefined as never),
  ).toMatchObject({
    delta: 2,
    stdout: "Paused for 2.0 seconds",
  });
});

test.skipIf(!has("shellcheck"))(
  `shellcheck finds nothing wrong with the steps${skipReason("shellcheck")}`,
  async () => {
    const path = join(folder(), "s");
    writeFileSync(path, "");
    const host = new TestHost();
    const changes = [
      await host.plan(script as never, { cmd: `${path} a`, chdir: "/" }),
      await host.plan(tempfile as never, {}),
      await host.plan(pause as never, { seconds: 1 }),
    ];
    const source = changes
      .flatMap(({ change }) => change!.steps.map((step) => `(\n${step.run.sh}\n)`))
      .join("\n");
    expect(shellcheck(source, ["SC2154"])).toBe("");
  },
);
