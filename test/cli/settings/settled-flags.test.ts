import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readAnsibleConfig, type AnsibleConfig } from "../../../src/cli/settings/ansible-cfg.ts";
import { connect, wantedLogin } from "../../../src/cli/connection/connection.ts";
import { unheardSettings } from "../../../src/cli/settings/ansible-settings.ts";
import type { RunFlags } from "../../../src/cli/settings/options.ts";
import { passwords } from "../../../src/cli/connection/passwords.ts";
import { settledFlags } from "../../../src/cli/settings/settled-flags.ts";
import { standardEnvironment } from "../../../src/jinja/template.ts";
import { Variables } from "../../../src/plan/model/variables.ts";
import { SshConfigs } from "../../../src/transport/ssh/config/config.ts";
import { nodeOf } from "../../../src/yaml/data.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "hullwright-settings-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

// What is set by an ansible.cfg of this text, and by the environment.
function settings(text: string, environment: Record<string, string> = {}): AnsibleConfig {
  writeFileSync(join(folder, "ansible.cfg"), text);
  return readAnsibleConfig(() => undefined, {
    environment,
    directory: folder,
    home: "/nonexistent",
    system: "/nonexistent",
  });
}
const flags = (given: Partial<RunFlags> = {}): RunFlags => ({ verbose: 0, ...given });

describe("flags that are left open", () => {
  test.each<
    [
      text: string,
      environment: Record<string, string>,
      given: Partial<RunFlags>,
      wanted: Partial<RunFlags>,
    ]
  >([
    ["", {}, {}, { forks: 50 }],
    ["[defaults]\nforks = 7\n", {}, {}, { forks: 7 }],
    ["[defaults]\nforks = 7\n", { ANSIBLE_FORKS: "8" }, {}, { forks: 8 }],
    ["[defaults]\nforks = 7\n", {}, { forks: 3 }, { forks: 3 }],
    [
      "[privilege_escalation]\nbecome = True\nbecome_user = ops\nbecome_method = su\nbecome_ask_pass = no\n",
      {},
      {},
      { become: true, becomeUser: "ops", becomeMethod: "su" },
    ],
    ["[privilege_escalation]\nbecome_user = ops\n", {}, { becomeUser: "me" }, { becomeUser: "me" }],
    ["[defaults]\nask_pass = true\n", {}, {}, { askPass: true }],
  ])("%j with %j and %j", (text, environment, given, wanted) => {
    expect(settledFlags(flags(given), settings(text, environment))).toMatchObject(wanted);
  });

  test("paths of inventories are relative to ansible.cfg", () => {
    expect(
      settledFlags(flags(), settings("[defaults]\ninventory = hosts, ./more\n")).inventory,
    ).toEqual([join(folder, "hosts"), join(folder, "more")]);
    expect(
      settledFlags(flags({ inventory: ["own"] }), settings("[defaults]\ninventory = hosts\n"))
        .inventory,
    ).toEqual(["own"]);
    expect(settledFlags(flags(), settings("", { ANSIBLE_INVENTORY: "a,b," })).inventory).toEqual([
      "a,b,",
    ]);
  });

  test.each(["[defaults]\nforks = many\n", "[privilege_escalation]\nbecome = perhaps\n"])(
    "%j is a mistake",
    (text) => {
      expect(() => settledFlags(flags(), settings(text))).toThrow(/"(many|perhaps)".*ansible\.cfg/);
    },
  );
});

test("what ansible.cfg sets and nobody honours is told by name", () => {
  const text =
    "[defaults]\nforks = 3\npipelining = True\nstrategy = free\nlog_path = x\nexecutable = /bin/sh\n[ssh_connection]\nssh_args = -C\nfoo = 1\n[galaxy]\nserver = x\n[own]\nword = 1\n";
  expect(unheardSettings(settings(text), { ANSIBLE_LIBRARY: "x", ANSIBLE_OWN: "y" })).toEqual([
    "[defaults] log_path",
    "[ssh_connection] foo",
    "[own] word",
    "ANSIBLE_LIBRARY",
  ]);
});

test("passwords are read from files, and from what programs print", async () => {
  const file = join(folder, "password");
  const program = join(folder, "program");
  writeFileSync(file, "one\n");
  writeFileSync(program, "#!/bin/sh\necho two\n");
  chmodSync(program, 0o755);
  expect(
    await passwords(flags({ connectionPasswordFile: file, becomePasswordFile: program })),
  ).toEqual({ connection: "one", become: "two" });
  await expect(passwords(flags({ becomePasswordFile: join(folder, "nosuch") }))).rejects.toThrow(
    "there is no become password file",
  );
});

describe("a host's login", () => {
  const reach = (
    text: string,
    given: Partial<RunFlags> = {},
    vars: Record<string, unknown> = {},
  ): Record<string, unknown> => {
    const nodes = new Map(
      Object.entries(vars).map(([name, value]) => [name, nodeOf(value, "vars")]),
    );
    const variables = new Variables([{ nodes }], standardEnvironment());
    const wanted = wantedLogin({
      name: "h",
      variables,
      flags: flags(given),
      settings: settings(text),
    });
    const { user, port, kind, timeoutMs, privateKeyFile, password, byOpenssh, retries, config } =
      connect(wanted, new SshConfigs("/nonexistent"));
    return {
      user,
      port,
      kind,
      timeoutMs,
      privateKeyFile,
      password,
      byOpenssh,
      retries,
      strict: config?.values.get("stricthostkeychecking")?.[0],
      jump: config?.values.get("proxyjump")?.[0],
    };
  };
  test.each<
    [
      text: string,
      given: Partial<RunFlags>,
      vars: Record<string, unknown>,
      wanted: Record<string, unknown>,
    ]
  >([
    [
      "[defaults]\nremote_user = cfg\nremote_port = 3\nprivate_key_file = /k\ntimeout = 4\n",
      {},
      {},
      { user: "cfg", port: 3, privateKeyFile: "/k", timeoutMs: 4000 },
    ],
    [
      "[defaults]\nremote_user = cfg\ntimeout = 4\n",
      { user: "flag", timeout: 5 },
      {},
      { user: "flag", timeoutMs: 5000 },
    ],
    [
      "[defaults]\nremote_user = cfg\n",
      { user: "flag" },
      { ansible_user: "var", ansible_ssh_timeout: 6 },
      { user: "var", timeoutMs: 6000 },
    ],
    ["[defaults]\nhost_key_checking = False\n", {}, {}, { strict: "false" }],
    [
      "[defaults]\nhost_key_checking = False\n",
      {},
      { ansible_host_key_checking: true },
      { strict: undefined },
    ],
    [
      "[ssh_connection]\nssh_args = -o ProxyJump=cfg\n",
      { sshCommonArgs: "-o ProxyJump=flag" },
      {},
      { jump: "cfg" },
    ],
    [
      "[ssh_connection]\nssh_common_args = -o ProxyJump=cfg\n",
      { sshCommonArgs: "-o ProxyJump=flag" },
      {},
      { jump: "flag" },
    ],
    ["[ssh_connection]\nretries = 2\n", {}, {}, { retries: 2 }],
    ["", { connection: "local" }, {}, { kind: "local" }],
    ["", { connection: "openssh" }, {}, { kind: "ssh", byOpenssh: true }],
    ["", { keyFile: "/k" }, {}, { privateKeyFile: "/k" }],
    ["", { connectionPassword: "flag" }, { ansible_password: "var" }, { password: "var" }],
    ["", { connectionPassword: "flag" }, {}, { password: "flag" }],
  ])("%j with %j and %j", (text, given, vars, wanted) => {
    expect(reach(text, given, vars)).toMatchObject(wanted);
  });
});
