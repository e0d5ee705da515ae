import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { connect, wantedLogin } from "../../../src/cli/connection/connection.ts";
import { passwords } from "../../../src/cli/connection/passwords.ts";
import { readAnsibleConfig, type AnsibleConfig } from "../../../src/cli/settings/ansible-cfg.ts";
import { ANSIBLE_SETTINGS } from "../../../src/cli/settings/ansible-settings.ts";
import { loadPaths } from "../../../src/cli/settings/load-paths.ts";
import { withPlayDefaults } from "../../../src/cli/settings/play-defaults.ts";
import { settledFlags } from "../../../src/cli/settings/settled-flags.ts";
import { vaultKeys } from "../../../src/cli/vault/keys.ts";
import { standardEnvironment } from "../../../src/jinja/template.ts";
import { Variables } from "../../../src/plan/model/variables.ts";
import { loadPlaybook } from "../../../src/playbook/load/load.ts";
import { SshConfigs } from "../../../src/transport/ssh/config/config.ts";
import { toValue } from "../../../src/yaml/data.ts";

/** What a setting is seen by: something that a run goes by. */
type Look = (settings: AnsibleConfig) => unknown;

// A flag as the run has it.
const flag =
  (name: keyof ReturnType<typeof settledFlags>): Look =>
  (settings) =>
    settledFlags({ verbose: 0 }, settings)[name];

// What is said of a become method.
const method =
  (name: "sudo" | "su", part: "user" | "exe" | "flags" | "password"): Look =>
  (settings) =>
    settledFlags({ verbose: 0 }, settings).becomeMethods?.[name][part];

// A part of the connection of a host of which nothing else is said.
const connection =
  (part: (made: ReturnType<typeof connect>) => unknown): Look =>
  (settings) => {
    const wanted = wantedLogin({
      name: "h",
      variables: new Variables([], standardEnvironment()),
      flags: { verbose: 0 },
      settings,
    });
    return part(connect(wanted, new SshConfigs("/nonexistent")));
  };

// What ssh's configuration says of that host.
const ssh = (key: string): Look => connection(({ config }) => config?.values.get(key)?.[0]);

// A keyword of a play that does not have it.
const keyword =
  (name: string): Look =>
  (settings) => {
    const files = { read: () => "", find: () => undefined };
    const book = loadPlaybook("- { hosts: all, tasks: [] }\n", "site.yml", files);
    const node = withPlayDefaults(book, settings).plays[0]!.keywords.get(name);
    return node && toValue(node);
  };

const roles: Look = (settings) => loadPaths(settings).roles;
const collections: Look = (settings) => loadPaths(settings).collections;
const file =
  (which: "connection" | "become"): Look =>
  async (settings) =>
    (await passwords(settledFlags({ verbose: 0 }, settings)))[which];
const ids = async (): Promise<string[]> =>
  (await vaultKeys({})).map(({ id, password }) => `${id}=${password.toString()}`);

/** Names of one setting (in ansible.cfg, in the environment), what it is set to, what sees it, and what that then is. */
const SETTINGS: readonly (readonly [names: string, value: string, look: Look, seen: unknown])[] = [
  ["defaults.forks ANSIBLE_FORKS", "7", flag("forks"), 7],
  ["defaults.inventory ANSIBLE_INVENTORY", "a,", flag("inventory"), ["a,"]],
  ["defaults.transport ANSIBLE_TRANSPORT", "local", connection(({ kind }) => kind), "local"],
  ["defaults.remote_user ANSIBLE_REMOTE_USER", "ops", connection(({ user }) => user), "ops"],
  ["defaults.remote_port ANSIBLE_REMOTE_PORT", "2222", connection(({ port }) => port), 2222],
  [
    "defaults.private_key_file ANSIBLE_PRIVATE_KEY_FILE",
    "/key",
    connection(({ privateKeyFile }) => privateKeyFile),
    "/key",
  ],
  [
    "defaults.timeout ANSIBLE_TIMEOUT ssh_connection.timeout ANSIBLE_SSH_TIMEOUT",
    "4",
    connection(({ timeoutMs }) => timeoutMs),
    4000,
  ],
  [
    "defaults.host_key_checking ANSIBLE_HOST_KEY_CHECKING ssh_connection.host_key_checking ANSIBLE_SSH_HOST_KEY_CHECKING",
    "False",
    ssh("stricthostkeychecking"),
    "false",
  ],
  ...["ssh_args", "ssh_common_args", "ssh_extra_args"].map(
    (name) =>
      [
        `ssh_connection.${name} ANSIBLE_${name.toUpperCase()}`,
        "-o ProxyJump=bastion",
        ssh("proxyjump"),
        "bastion",
      ] as const,
  ),
  [
    "ssh_connection.ssh_executable ANSIBLE_SSH_EXECUTABLE",
    "/opt/bin/ssh",
    connection(({ byOpenssh }) => byOpenssh),
    true,
  ],
  [
    "ssh_connection.retries connection.retries ANSIBLE_SSH_RETRIES",
    "3",
    connection(({ retries }) => retries),
    3,
  ],
  [
    "ssh_connection.pkcs11_provider ANSIBLE_PKCS11_PROVIDER",
    "/token.so",
    ssh("pkcs11provider"),
    "/token.so",
  ],
  ["defaults.ask_pass ANSIBLE_ASK_PASS", "yes", flag("askPass"), true],
  [
    "defaults.become_password_file ANSIBLE_BECOME_PASSWORD_FILE",
    "FOLDER/password",
    file("become"),
    "from the file",
  ],
  [
    "defaults.connection_password_file ANSIBLE_CONNECTION_PASSWORD_FILE",
    "FOLDER/password",
    file("connection"),
    "from the file",
  ],
  ["privilege_escalation.become ANSIBLE_BECOME", "True", flag("become"), true],
  [
    "privilege_escalation.become_ask_pass ANSIBLE_BECOME_ASK_PASS",
    "1",
    flag("askBecomePass"),
    true,
  ],
  ["privilege_escalation.become_method ANSIBLE_BECOME_METHOD", "su", flag("becomeMethod"), "su"],
  ["privilege_escalation.become_user ANSIBLE_BECOME_USER", "ops", flag("becomeUser"), "ops"],
  ["privilege_escalation.become_exe ANSIBLE_BECOME_EXE", "/my/sudo", flag("becomeExe"), "/my/sudo"],
  ["privilege_escalation.become_flags ANSIBLE_BECOME_FLAGS", "-H -n", flag("becomeFlags"), "-H -n"],
  ["ANSIBLE_BECOME_PASS", "secret", method("sudo", "password"), "secret"],
  ["ANSIBLE_BECOME_PASS", "secret", method("su", "password"), "secret"],
  ...(["sudo", "su"] as const).flatMap((name) =>
    (
      [
        ["user", "USER", "user"],
        ["executable", "EXE", "exe"],
        ["flags", "FLAGS", "flags"],
        ["password", "PASS", "password"],
      ] as const
    ).map(
      ([key, word, part]) =>
        [
          `${name}_become_plugin.${key} ANSIBLE_${name.toUpperCase()}_${word}`,
          "x",
          method(name, part),
          "x",
        ] as const,
    ),
  ),
  ["defaults.roles_path ANSIBLE_ROLES_PATH", "/r:/s", roles, ["/r", "/s"]],
  [
    "defaults.collections_path defaults.collections_paths ANSIBLE_COLLECTIONS_PATH ANSIBLE_COLLECTIONS_PATHS",
    "/c/ansible_collections",
    collections,
    ["/c"],
  ],
  [
    "defaults.home ANSIBLE_HOME",
    "/h",
    roles,
    ["/h/roles", "/usr/share/ansible/roles", "/etc/ansible/roles"],
  ],
  ["ANSIBLE_CONFIG", "FOLDER/other.cfg", flag("forks"), 9],
  ["defaults.any_errors_fatal ANSIBLE_ANY_ERRORS_FATAL", "True", keyword("any_errors_fatal"), true],
  ["defaults.force_handlers ANSIBLE_FORCE_HANDLERS", "True", keyword("force_handlers"), true],
  [
    "defaults.gather_subset ANSIBLE_GATHER_SUBSET",
    "!all,network",
    keyword("gather_subset"),
    ["!all", "network"],
  ],
  ["defaults.gather_timeout ANSIBLE_GATHER_TIMEOUT", "5", keyword("gather_timeout"), 5],
  ["defaults.fact_path ANSIBLE_FACT_PATH", "/facts", keyword("fact_path"), "/facts"],
  ["defaults.no_log ANSIBLE_NO_LOG", "True", keyword("no_log"), true],
  ["defaults.strategy ANSIBLE_STRATEGY", "free", keyword("strategy"), "free"],
  ["defaults.task_timeout ANSIBLE_TASK_TIMEOUT", "60", keyword("timeout"), 60],
  ["defaults.gathering ANSIBLE_GATHERING", "explicit", keyword("gather_facts"), false],
  ["tags.run ANSIBLE_RUN_TAGS", "a,b", flag("tags"), ["a", "b"]],
  ["tags.skip ANSIBLE_SKIP_TAGS", "c", flag("skipTags"), ["c"]],
  ["defaults.verbosity ANSIBLE_VERBOSITY", "2", flag("verbose"), 2],
  ["diff.always ANSIBLE_DIFF_ALWAYS", "True", flag("diff"), true],
  ["defaults.ansible_managed", "By {file}", flag("ansibleManaged"), "By {file}"],
  [
    "defaults.vault_password_file ANSIBLE_VAULT_PASSWORD_FILE",
    "FOLDER/password",
    ids,
    ["default=from the file"],
  ],
  [
    "defaults.vault_identity_list ANSIBLE_VAULT_IDENTITY_LIST",
    "dev@FOLDER/password, FOLDER/password",
    ids,
    ["dev=from the file", "default=from the file"],
  ],
  [
    "defaults.ask_vault_pass ANSIBLE_ASK_VAULT_PASS",
    "perhaps",
    () => ids().catch(String),
    expect.stringMatching(/"perhaps" is neither true nor false \(.*(ask_vault_pass|VAULT_PASS)\)/),
  ],
];

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "hullwright-honoured-"));
  write("password", "from the file\n");
  write("other.cfg", "[defaults]\nforks = 9\n");
  write("none.cfg", "");
  vi.stubEnv("ANSIBLE_CONFIG", join(folder, "none.cfg"));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

function write(name: string, text: string): void {
  mkdirSync(dirname(join(folder, name)), { recursive: true });
  writeFileSync(join(folder, name), text);
}

// Sets a setting by one of its names.
function set(name: string, value: string): void {
  const here = value.replaceAll("FOLDER", folder);
  if (/^[A-Z]/.test(name)) return void vi.stubEnv(name, here);
  const [section, key] = name.split(".");
  write("set.cfg", `[${section}]\n${key} = ${here}\n`);
  vi.stubEnv("ANSIBLE_CONFIG", join(folder, "set.cfg"));
}

describe("what is set by", () => {
  const cases = SETTINGS.flatMap(([names, value, look, seen]) =>
    names.split(" ").map((name) => ({ name, value, look, seen })),
  );
  test.each(cases)("$name = $value is heeded", async ({ name, value, look, seen }) => {
    expect(await look(readAnsibleConfig(() => {}))).not.toEqual(seen);
    set(name, value);
    expect(await look(readAnsibleConfig(() => {}))).toEqual(seen);
  });
});

test("every setting that is honoured has its case", () => {
  const honoured = [...ANSIBLE_SETTINGS].filter(([, { use }]) => use === "honoured");
  const tried = new Set(SETTINGS.flatMap(([names]) => names.split(" ")));
  expect(honoured.map(([name]) => name).filter((name) => !tried.has(name))).toEqual([]);
});
