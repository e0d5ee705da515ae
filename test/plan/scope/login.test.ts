import { expect, test } from "vitest";
import { CONNECTION_VARIABLES } from "../../../src/cli/connection/connection-variables.ts";
import { LOGIN_VARIABLES } from "../../../src/plan/scope/login.ts";
import { noFiles, testHost } from "../host.ts";

test("the variables of a login are those that are honoured and say nothing of become", () => {
  const honoured = Object.entries(CONNECTION_VARIABLES)
    .filter(([name, { use }]) => use === "honoured" && !/^ansible_(become|sudo_|su_)/.test(name))
    .map(([name]) => name);
  expect(LOGIN_VARIABLES.flat().sort()).toEqual(honoured.sort());
});

/** Of a host over ssh whose inventory says ansible_user: admin. */
const refused: [what: string, tasks: string, name: string][] = [
  ["a fact", "- set_fact: { ansible_user: deploy }", "ansible_user"],
  ["a fact by its other name", "- set_fact: { ansible_ssh_user: deploy }", "ansible_ssh_user"],
  ["an address", "- set_fact: { ansible_host: 10.0.0.9 }", "ansible_host"],
  ["a port", "- set_fact: { ansible_port: 2222 }", "ansible_port"],
  ["a connection", "- set_fact: { ansible_connection: local }", "ansible_connection"],
  ["a password", "- set_fact: { ansible_password: x }", "ansible_password"],
  ["options of ssh", "- set_fact: { ansible_ssh_common_args: -4 }", "ansible_ssh_common_args"],
  ["vars of a task", "- { command: id, vars: { ansible_user: deploy } }", "ansible_user"],
  [
    "vars of a block",
    "- { vars: { ansible_user: deploy }, block: [{ command: id }] }",
    "ansible_user",
  ],
  [
    "a fact, also where failures are ignored",
    "- { set_fact: { ansible_user: deploy }, ignore_errors: true }",
    "ansible_user",
  ],
];

test.each(refused)("%s cannot change the login", async (_what, tasks, name) => {
  const column = "    ".length + tasks.indexOf(`${name}: `) + `${name}: `.length + 1;
  expect(await failureOf(tasks)).toMatchObject({
    message: `${name} of host "here" cannot change while the run goes on`,
    place: { line: 4, column },
    hint: "a run logs in to a host once; set it in the inventory or on the play",
  });
});

const taken: [what: string, tasks: string][] = [
  ["the same user", "- set_fact: { ansible_user: admin }"],
  ["the same user in vars", "- { stat: { path: / }, vars: { ansible_user: '{{ name }}' } }"],
  ["the usual port", "- set_fact: { ansible_port: '22' }"],
  ["become", "- set_fact: { ansible_become_user: root }"],
  ["the interpreter", "- set_fact: { ansible_python_interpreter: /usr/bin/python3 }"],
  ["a fact of a like name", "- set_fact: { ansible_user_id: deploy }"],
  ["what reaches no host", "- { debug: { msg: x }, vars: { ansible_user: deploy } }"],
  ["what is skipped", "- { set_fact: { ansible_user: deploy }, when: false }"],
];

test.each(taken)("%s is no other login", async (_what, tasks) => {
  expect(await failureOf(tasks)).toBeUndefined();
});

test("on this machine nobody logs in, but it stays this machine", async () => {
  expect(await failureOf("- set_fact: { ansible_user: deploy }", true)).toBeUndefined();
  expect(await failureOf("- set_fact: { ansible_connection: ssh }", true)).toBeDefined();
});

// Why the first task that fails does, on a host over ssh unless it is this machine.
async function failureOf(tasks: string, isLocal = false): Promise<unknown> {
  const { run, session } = testHost(
    `- hosts: all\n  gather_facts: false\n  tasks:\n    ${tasks}`,
    { ansible_user: "admin", name: "admin" },
    {},
    {},
    noFiles,
    { isLocal },
  );
  await run.plan();
  await (await session).close();
  const failed = run.walk!.entries.find(({ status }) => status === "failed");
  return failed?.ignored ? undefined : failed?.failure;
}
