import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import type { Module } from "../../../src/modules/contract/module.ts";
import { wait_for } from "../../../src/modules/network/wait_for.ts";
import { Unknown } from "../../../src/value.ts";
import { TestHost } from "../host.ts";
import { has, here, shellcheck, skipReason } from "../../requires.ts";

const module = wait_for as unknown as Module<never, never>;
const SHELLS = here([["dash"], ["bash"], ["busybox", "sh"]]);
const servers: Server[] = [];
const sockets: Socket[] = [];

afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
  for (const server of servers.splice(0)) server.close();
});

// A server that says something to whoever connects.
async function listen(says: string, host = "127.0.0.1"): Promise<number> {
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on("error", () => undefined).write(says);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  return (server.address() as { port: number }).port;
}

// A port that nobody listens on.
async function closedPort(): Promise<number> {
  const port = await listen("");
  await new Promise((resolve) => servers.pop()!.close(resolve));
  return port;
}

describe.each(SHELLS)("under %s", (...shell) => {
  test("what is so already needs no step", async () => {
    const port = await listen("");
    for (const args of [
      { port },
      { port, host: "localhost" },
      { port: await listen("", "0.0.0.0") },
      { port: await closedPort(), state: "stopped" },
      { path: "/etc/passwd" },
      { path: "/etc/gone", state: "absent" },
    ]) {
      expect(
        (await new TestHost(shell).plan(module, args)).change,
        JSON.stringify(args),
      ).toBeNull();
    }
  });

  test("a port, a path and a text that come are waited for", async () => {
    const folder = mkdtempSync(join(tmpdir(), "hw-wait-"));
    const child = spawn("sh", ["-c", 'sleep 1; echo "ready: 7" > "$0/file"; rm "$0/lock"', folder]);
    writeFileSync(join(folder, "lock"), "");
    const host = new TestHost(shell);
    const [file, text, lock] = await Promise.all([
      host.apply(module, { path: join(folder, "file") }),
      new TestHost(shell).apply(module, {
        path: join(folder, "file"),
        search_regex: "^ready: \\d$",
      }),
      new TestHost(shell).apply(module, { path: join(folder, "lock"), state: "absent" }),
    ]);
    for (const { failure, change, result } of [file, text, lock]) {
      expect(failure).toBeUndefined();
      expect(change?.silent).toBe(true);
      expect(result["elapsed"]).toBeTypeOf("number");
      expect(change?.result?.["elapsed"], "until then").toBeInstanceOf(Unknown);
    }
    expect(file.result).toMatchObject({ state: "file", mode: "0644", size: 9, uid: 0 });
    expect(lock.result).toMatchObject({ state: "absent" });
    child.kill();
    rmSync(folder, { recursive: true });
  });

  test("what is at a path already is told", async () => {
    const { result } = await new TestHost(shell).apply(module, { path: "/etc" });
    expect(result).toMatchObject({ state: "directory", owner: "root", uid: 0, elapsed: 0 });
  });

  test("a failure tells how long was waited for", async () => {
    const { result } = await new TestHost(shell).apply(module, { path: "/gone", timeout: 1 });
    expect(Object.keys(result)).toEqual(["elapsed"]);
    expect(result["elapsed"]).toBeGreaterThanOrEqual(1);
  });

  test("what does not come fails with the time, and with a word of one's own", async () => {
    const port = await closedPort();
    expect((await new TestHost(shell).apply(module, { port, timeout: 0 })).failure).toContain(
      `Timeout when waiting for 127.0.0.1:${port}`,
    );
    expect(
      (await new TestHost(shell).apply(module, { path: "/gone", timeout: 0, msg: "too late" }))
        .failure,
    ).toContain("too late");
    expect(
      (
        await new TestHost(shell).apply(module, {
          port: await listen(""),
          state: "stopped",
          timeout: 0,
        })
      ).failure,
    ).toContain("to stop");
    expect(
      (
        await new TestHost(shell).apply(module, {
          path: "/etc/passwd",
          search_regex: "^nobody-at-all:",
          timeout: 0,
        })
      ).failure,
    ).toContain("search string ^nobody-at-all:");
  });

  test("another address is tried by connecting, with bash, nc or curl", async () => {
    const [port, closed] = [await listen("", "127.0.0.2"), await closedPort()];
    expect(
      (await new TestHost(shell).apply(module, { port, host: "127.0.0.2", timeout: 0 })).failure,
    ).toBeUndefined();
    expect(
      (
        await new TestHost(shell).apply(module, {
          port: closed,
          host: "127.0.0.2",
          timeout: 0,
          connect_timeout: 1,
        })
      ).failure,
    ).toContain("Timeout when waiting");
    expect(
      (
        await new TestHost(shell).apply(module, {
          port: closed,
          host: "127.0.0.2",
          state: "stopped",
          timeout: 0,
        })
      ).failure,
    ).toBeUndefined();
  });

  test("what a port says first is read", async () => {
    const port = await listen("SSH-2.0-OpenSSH_9\r\n");
    expect(
      (await new TestHost(shell).apply(module, { port, search_regex: "OpenSSH_\\d", timeout: 0 }))
        .failure,
    ).toBeUndefined();
    expect(
      (
        await new TestHost(shell).apply(module, {
          port,
          search_regex: "dropbear",
          timeout: 0,
          connect_timeout: 1,
        })
      ).failure,
    ).toContain("search string dropbear");
  });

  test("the groups of what was found are told, by number and by name", async () => {
    const port = await listen("SSH-2.0-OpenSSH_9\r\n");
    const groups = async (args: object): Promise<unknown> => {
      const { match_groups, match_groupdict } = (
        await new TestHost(shell).apply(module, { timeout: 0, ...args })
      ).result;
      return { match_groups, match_groupdict };
    };
    expect(
      await groups({ path: "/etc/passwd", search_regex: "^(?P<name>ro+t):(x|y):(z)?" }),
    ).toEqual({ match_groups: ["root", "x", null], match_groupdict: { name: "root" } });
    expect(await groups({ port, search_regex: "OpenSSH_(\\d)" })).toEqual({
      match_groups: ["9"],
      match_groupdict: {},
    });
    expect(await groups({ path: "/etc/passwd" })).toEqual({
      match_groups: [],
      match_groupdict: {},
    });
  });

  test("drained waits for connections to end", async () => {
    const port = await listen("hello");
    expect(
      (await new TestHost(shell).apply(module, { port, state: "drained", timeout: 0 })).failure,
    ).toBeUndefined();
    const client = spawn("bash", [
      "-c",
      `exec 3<>/dev/tcp/127.0.0.1/${port}; read -n 5 -u 3; echo up; sleep 60`,
    ]);
    await new Promise((resolve) => client.stdout.once("data", resolve));
    expect(
      (await new TestHost(shell).apply(module, { port, state: "drained", timeout: 0 })).failure,
    ).toContain("to drain");
    client.kill();
  });
});

test("an expression that grep does not understand is told at once", async () => {
  expect(
    (await new TestHost().apply(module, { path: "/etc/passwd", search_regex: "(", timeout: 60 }))
      .failure,
  ).toContain("an expression that it understands");
});

test.skipIf(!has("shellcheck"))(
  `shellcheck finds nothing wrong with the steps${skipReason("shellcheck")}`,
  async () => {
    const port = await closedPort();
    const all = [
      { port },
      { port, host: "10.0.0.1" },
      { path: "/gone", delay: 2 },
      { path: "/etc", search_regex: "it's" },
      { port, search_regex: "x" },
      { port, state: "drained" },
    ];
    const steps = await Promise.all(
      all.map(async (args) => (await new TestHost().plan(module, args)).change!.steps[0]!.run.sh),
    );
    const source = `hw_fail() { echo "$*" >&2; }\n${steps.map((step) => `(\n${step}\n)`).join("\n")}`;
    expect(shellcheck(source, ["SC2016"])).toBe("");
  },
);
