import { expect, test } from "vitest";
import { connectionOf } from "../../../src/cli/connection/connection.ts";
import { SshConfigs } from "../../../src/transport/ssh/config/config.ts";
import { standardEnvironment } from "../../../src/jinja/template.ts";
import { Variables } from "../../../src/plan/model/variables.ts";
import { loadPlaybook } from "../../../src/playbook/load/load.ts";
import { nodeOf } from "../../../src/yaml/data.ts";

// How a host is reached, for the keywords of its first play and its variables.
function reach(plays: readonly string[], vars: Record<string, unknown> = {}): string {
  const book = loadPlaybook(
    plays.map((words) => `- {hosts: all, tasks: [], ${words}}\n`).join(""),
    "site.yml",
    { read: () => "", find: () => undefined },
  );
  const play = book.plays[0]!;
  const variables = new Variables(
    [
      {
        nodes: new Map(Object.entries(vars).map(([name, value]) => [name, nodeOf(value, "vars")])),
      },
      { nodes: play.vars },
    ],
    standardEnvironment(),
  );
  const { kind, user, port, timeoutMs } = connectionOf(
    {
      name: "h",
      variables,
      flags: { forks: 1, timeout: 1, verbose: 0, user: "flag" },
      keywords: play.keywords,
    },
    new SshConfigs("/nonexistent"),
  );
  if (timeoutMs > 2 ** 31 - 1) throw new Error("no timer takes this");
  return kind === "local" ? kind : `${kind} ${user} ${port}`;
}

test.each([
  [["name: a"], {}, "ssh flag 22"],
  [["remote_user: play, port: 2222"], {}, "ssh play 2222"],
  [["user: old"], {}, "ssh old 22"],
  [["connection: local"], {}, "local"],
  [["remote_user: play, port: 2222"], { ansible_user: "var", ansible_port: 3 }, "ssh var 3"],
  [["vars: {ansible_user: of play}"], { ansible_user: "var" }, "ssh of play 22"],
  [["remote_user: '{{ who }}'"], { who: "me" }, "ssh me 22"],
] as const)("plays with %j and variables %j: %s", (plays, vars, way) => {
  expect(reach(plays, vars)).toBe(way);
});

const REFUSED: [vars: Record<string, string>, message: string][] = [
  [{ ansible_ssh_common_args: "-o Proxyjunk=bastion" }, "Bad configuration option: proxyjunk"],
  [{ ansible_ssh_timeout: "soon" }, "not a number of seconds"],
  [{ ansible_connection: "winrm" }, '"winrm" is not supported'],
  [{ ansible_ssh_common_args: "-o 'UserKnownHostsFile" }, "unclosed quote"],
  [{ ansible_runas_user: "x" }, "ansible_runas_user is not supported"],
  [{ ansible_shell_type: "powershell" }, "ansible_shell_type is not supported"],
];
test.each(REFUSED)("refuses what it does not heed: %j", (vars, message) => {
  expect(() => reach(["name: a"], vars)).toThrow(message);
});

test.each<[vars: Record<string, string>]>([
  [{ ansible_ssh_args: "-C -o ControlMaster=auto -o ControlPersist=60s" }],
  [{ ansible_become_exe: "sudo" }],
  [{ ansible_ssh_timeout: "3000000000" }],
  [{ ansible_shell_executable: "/bin/sh", ansible_become_flags: "" }],
])("takes what asks for what is done anyway: %j", (vars) => {
  expect(reach(["name: a"], vars)).toBe("ssh flag 22");
});
