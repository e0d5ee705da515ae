import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { connect, wantedLogin } from "../../../src/cli/connection/connection.ts";
import { standardEnvironment } from "../../../src/jinja/template.ts";
import { Variables } from "../../../src/plan/model/variables.ts";
import { createTransport } from "../../../src/transport/connect.ts";
import { SshConfigs } from "../../../src/transport/ssh/config/config.ts";
import { nodeOf } from "../../../src/yaml/data.ts";
import { startProxy } from "../proxy.ts";
import { publicKey, startSshd, whyNoSshd } from "../sshd.ts";

const reason = whyNoSshd();

const folder = mkdtempSync(join(tmpdir(), "hullwright-jumps-"));
afterAll(() => rmSync(folder, { recursive: true }));

// Tries to log in on hosts at once by a configuration of ssh, and answers why each cannot be reached.
async function refusals(lines: readonly string[], ...names: string[]): Promise<string[]> {
  const config = join(folder, "config");
  writeFileSync(config, `${lines.join("\n")}\n`);
  const configs = new SshConfigs(folder);
  const transport = createTransport(configs);
  const variables = new Variables(
    [
      {
        nodes: new Map([
          ["ansible_ssh_common_args", nodeOf(`-F ${config}`, "vars")],
          ["ansible_password", nodeOf("x", "vars")],
        ]),
      },
    ],
    standardEnvironment(),
  );
  const opened = names.map((name) =>
    transport.open(connect(wantedLogin({ name, variables, flags: { verbose: 0 } }), configs)),
  );
  const settled = await Promise.allSettled(opened);
  await transport.close();
  return settled.map((one) => (one.status === "rejected" ? (one.reason as Error).message : "open"));
}

describe.skipIf(reason)(`ways that lead nowhere${reason ? ` (skipped: ${reason})` : ""}`, () => {
  test("jump hosts that lead to each other are refused, whoever asks first", async () => {
    const lines = ["Host a", "ProxyJump b", "Host b", "ProxyJump a", "Host c", "ProxyJump a"];
    expect(await refusals(lines, "a", "b", "c")).toEqual(
      ["a", "b", "c"].map((name) => `the way to ${name} goes through more than 10 jump hosts`),
    );
  });

  test.each([
    ["echo nope >&2; exit 7", "nope"],
    ["exit 7", "it ended with code 7"],
    ["kill -9 $$", "it ended with SIGKILL"],
  ])("a proxy command %s says why it ended", async (command, why) => {
    const lines = ["Host h", `ProxyCommand sh -c '${command}'`];
    expect(await refusals(lines, "h")).toEqual([
      expect.stringContaining(`the proxy command failed: ${why}`),
    ]);
  });
});

describe.skipIf(reason)(`jump hosts${reason ? ` (skipped: ${reason})` : ""}`, () => {
  test("many hosts behind one cost one login on it", async () => {
    const [jump, target] = [await startSshd(), await startSshd()];
    const proxy = await startProxy(jump.port);
    const known = join(jump.folder, "known");
    writeFileSync(
      known,
      `[127.0.0.1]:${proxy.port} ${publicKey(jump.hostKeyFile)}\n[127.0.0.1]:${target.port} ${publicKey(target.hostKeyFile)}\n`,
    );
    const config = join(jump.folder, "config");
    const common = [`UserKnownHostsFile ${known}`, "HostName 127.0.0.1", "User hwt-dash"];
    const block = (name: string, ...lines: string[]): string =>
      [`Host ${name}`, ...lines, ...common, ""].join("\n");
    writeFileSync(
      config,
      block("node*", `Port ${target.port}`, `IdentityFile ${target.keyFile}`, "ProxyJump gate") +
        block("gate", `Port ${proxy.port}`, `IdentityFile ${jump.keyFile}`),
    );
    const configs = new SshConfigs(jump.folder);
    const transport = createTransport(configs);
    const names = Array.from({ length: 30 }, (_, i) => `node${i}`);
    const variables = new Variables(
      [{ nodes: new Map([["ansible_ssh_common_args", nodeOf(`-F ${config}`, "vars")]]) }],
      standardEnvironment(),
    );
    const sessions = await Promise.all(
      names.map((name) =>
        transport.open(connect(wantedLogin({ name, variables, flags: { verbose: 0 } }), configs)),
      ),
    );
    const users = await Promise.all(
      sessions.map(async (session) => (await session.run("id -un")).stdout.toString()),
    );
    expect({ users: new Set(users), logins: proxy.connections }).toEqual({
      users: new Set(["hwt-dash\n"]),
      logins: 1,
    });
    for (const session of sessions) await session.close();
    await transport.close();
    proxy.stop();
    jump.stop();
    target.stop();
  });
});
