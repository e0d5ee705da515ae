import { execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { OpenChannel } from "../../src/transport/channel.ts";
import { openProcess } from "../../src/transport/local.ts";
import { killText, loopText } from "../../src/transport/loop.ts";
import { Wire } from "../../src/transport/wire.ts";
import { has, here, shellcheck, skipReason } from "../requires.ts";

const SHELLS: Record<string, string[]> = {
  dash: ["dash"],
  bash: ["bash", "--posix"],
  busybox: ["busybox", "sh"],
};
const EVERY_BYTE = Buffer.from(Array.from({ length: 255 }, (_, index) => index + 1)).toString(
  "latin1",
);

test("the loop travels through every login shell: one line without quote, backslash or history", () => {
  expect(loopText("0123abcd", ":")).not.toMatch(/['\\!\n]/);
});

test.skipIf(!has("shellcheck"))(`shellcheck has nothing to say${skipReason("shellcheck")}`, () => {
  for (const text of [loopText("0123abcd", ":"), killText(123)]) {
    // Left out: it wants quotes around words that are split on purpose, and takes literals for mistakes.
    expect(shellcheck(text, ["SC2086", "SC2050", "SC2161", "SC2015"])).toBe("");
  }
});

describe.each(here(Object.keys(SHELLS)))("under %s", { timeout: 60_000 }, (name) => {
  let wire: Wire;
  const open: OpenChannel = ([, ...args], sinks) =>
    openProcess([...(SHELLS[name] ?? []), ...args], sinks);
  const start = (): Wire =>
    new Wire({ open, become: undefined, login: "me@here", timeoutMs: 10_000 });
  beforeEach(() => {
    wire = start();
  });
  afterEach(() => wire.close());

  test.each<[what: string, program: string, code: number, stdout: string, stderr: string]>([
    ["an exit code", "echo out; echo err >&2; exit 7", 7, "out\n", "err\n"],
    ["no newline at the end", "printf x; printf y >&2", 0, "x", "y"],
    ["an empty program", "", 0, "", ""],
    ["an empty stdin", "cat; echo done", 0, "done\n", ""],
    ["errexit", "set -e; false; echo no", 1, "", ""],
    ["a here-document up to the program's end", "cat <<E\na $((1 + 1))\nE", 0, "a 2\n", ""],
    ["a child killed by a signal", "exec 2>/dev/null; sh -c 'kill -KILL $$'; exit $?", 137, "", ""],
    ["its own redirections", "exec >/dev/null 2>&1; echo gone", 0, "", ""],
    ["words that look like marks", "echo 0123 0; set | grep -c '^hw_c=' ", 0, "0123 0\n1\n", ""],
    [
      "bytes above ASCII",
      "printf %s 'häßlich → 漢字 \u0081\u0088'",
      0,
      "häßlich → 漢字 \u0081\u0088",
      "",
    ],
  ])("a program may have %s", async (_what, program, code, stdout, stderr) => {
    const output = await wire.ask({ program });
    expect({ ...output, stdout: output.stdout.toString() }).toEqual({ code, stdout, stderr });
  });

  test("a program may have any bytes but NUL, in quotes and in here-documents", async () => {
    const quoted = `'${EVERY_BYTE.replace("'", "'\\''")}'`;
    const program = `printf %s ${quoted}\ncat <<'THE END'\n${EVERY_BYTE}\nTHE END\n`;
    const { stdout } = await wire.ask({ program });
    expect(stdout.toString()).toBe(`${EVERY_BYTE}${EVERY_BYTE}\n`);
    await expect(wire.ask({ program: "echo \0" })).rejects.toThrow(TypeError);
  });

  test("a syntax error is the program's own", async () => {
    const broken = await wire.ask({ program: "if then" });
    expect(broken.code).toBeGreaterThan(0);
    expect(broken.stderr).toMatch(/[Ss]yntax/);
    expect((await wire.ask({ program: "echo still here" })).stdout.toString()).toBe("still here\n");
  });

  test("nothing of one program is left for the next", async () => {
    await wire.ask({
      program: "cd /; umask 0; x=1; trap 'echo trapped' EXIT; f() { :; }; set -u; exec </dev/null",
    });
    const program = 'pwd; umask; echo "${x-unset} $y"; f 2>/dev/null || echo no f';
    const { stdout } = await wire.ask({ program });
    const umask = process.umask().toString(8).padStart(4, "0");
    expect(stdout.toString()).toBe(`${process.cwd()}\n${umask}\nunset \nno f\n`);
  });

  test("a program of some MB arrives", async () => {
    const { stdout } = await wire.ask({ program: `x='${"a b\n".repeat(1_000_000)}'; echo \${#x}` });
    expect(stdout.toString()).toBe("4000000\n");
  });

  test("a child that keeps the streams open does not hold up the answer, nor spoil the next", async () => {
    const { stdout } = await wire.ask({ program: "sleep 60 & echo $!" });
    const pid = Number(stdout.toString());
    expect((await wire.ask({ program: "echo next" })).stdout.toString()).toBe("next\n");
    process.kill(pid);
  });

  test("programs asked at once are answered one after another", async () => {
    const answers = await Promise.all(
      [1, 2, 3].map((n) => wire.ask({ program: `echo ${n} $PPID` })),
    );
    const words = answers.map(({ stdout }) => stdout.toString().split(" "));
    expect(words.map(([first]) => first)).toEqual(["1", "2", "3"]);
  });

  test("what was fed to a program that stopped reading is never run", async () => {
    async function* evil(): AsyncGenerator<Buffer> {
      for (let n = 0; n < 20; n++)
        yield Buffer.from("x 30 y\necho touched >/tmp/hullwright-evil\n".repeat(1000));
    }
    await wire.ask({ program: "exit 3", feed: evil() }).catch(() => undefined);
    await expect(wire.ask({ program: "echo astray" })).rejects.toMatchObject({ kind: "lost" });
    expect(spawnSync("test", ["-e", "/tmp/hullwright-evil"]).status).toBe(1);
  });

  test("a program that takes too long is ended, with all its children but daemons", async () => {
    const marker = `${process.pid}${name.length}`;
    const program = `setsid sleep 61${marker} & timeout 99 sleep 62${marker} & sleep 63${marker}`;
    await wire.ask({ program: "true" });
    await expect(wire.ask({ program, timeoutMs: 300 })).rejects.toMatchObject({ kind: "timeout" });
    const left = execFileSync("ps", ["-eo", "args"], { encoding: "utf8" })
      .split("\n")
      .filter((line) => line.includes(marker) && line.startsWith("sleep"));
    expect(left).toEqual([`sleep 61${marker}`]);
    const daemon = execFileSync("ps", ["-eo", "pid,args"], { encoding: "utf8" })
      .split("\n")
      .find((line) => line.includes(`sleep 61${marker}`));
    process.kill(Number.parseInt(daemon ?? "", 10));
  });

  test("an abort ends the program and rejects with its own reason", async () => {
    const controller = new AbortController();
    const answer = wire.ask({
      program: "echo begun; sleep 60",
      signal: controller.signal,
      onStdout: () => controller.abort(new Error("enough")),
    });
    await expect(answer).rejects.toThrow("enough");
  });

  test("what is run in the shell itself stays for later programs: variables, open files and their locks", async () => {
    await wire.ask({ program: "kept=yes; command exec 9</; cd /tmp", keep: true });
    const { stdout } = await wire.ask({
      program: 'echo "$kept"; [ / -ef /proc/self/fd/9 ] && pwd',
    });
    expect(stdout.toString()).toBe("yes\n/tmp\n");
    await expect(wire.ask({ program: "cat; echo fine", keep: true })).resolves.toMatchObject({
      code: 0,
      stdout: Buffer.from("fine\n"),
    });
  });

  test("nobody listens any more: what runs may end by itself for a while, then all that the shell started is ended", async () => {
    const [word, ...args] = SHELLS[name]!;
    const marker = `${process.pid}${name.length}7`;
    const [shell, key] = [
      spawn(word!, [...args, "-c", loopText("0123", ":", { beat: 0.1, orphan: 1 })], {
        detached: true,
      }),
      "0123",
    ];
    shell.stdin.on("error", () => undefined);
    const [begun, ended] = ["begun", "ended"].map((word) =>
      join(tmpdir(), `hw-orphan-${word}-${marker}`),
    ) as [string, string];
    const program = `: > ${begun}; sleep 0.5; : > ${ended}; sh -c 'trap : TERM; sleep 64${marker}; sleep 64${marker}'`;
    shell.stdin.write(`${key} ${program.length} nonce\n${program}`);
    shell.stdout.resume();
    // a program that has not begun when its reader goes is not started at all
    while (!existsSync(begun)) await new Promise((resolve) => setTimeout(resolve, 10));
    shell.stdin.destroy();
    shell.stdout.destroy();
    shell.stderr.destroy();
    await once(shell, "exit");
    // What ignores a polite word is ended for certain, a little later.
    const isLeft = (): boolean =>
      execFileSync("ps", ["-eo", "args"], { encoding: "utf8" }).includes(`64${marker}`);
    while (isLeft()) await new Promise((resolve) => setTimeout(resolve, 100));
    expect(existsSync(ended)).toBe(true);
    for (const file of [begun, ended]) rmSync(file);
  });

  test("a shell that is killed by its program is lost, and says so", async () => {
    await expect(wire.ask({ program: "kill -KILL $$" })).rejects.toMatchObject({
      kind: "lost",
      message: expect.stringContaining("SIGKILL"),
    });
  });
});
