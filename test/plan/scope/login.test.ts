import { failureIn, hasStatus, shownLines } from "../../../src/plan/model/entry.ts";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { connectionOf, connectionVariables } from "../../../src/cli/connection/connection.ts";
import { OtherLogins } from "../../../src/cli/connection/other-logins.ts";
import { UnreachableError } from "../../../src/errors.ts";
import { standardEnvironment } from "../../../src/jinja/template.ts";
import type { Host, LoginSaid } from "../../../src/plan/model/host.ts";
import { Variables } from "../../../src/plan/model/variables.ts";
import { SshConfigs } from "../../../src/transport/ssh/config/config.ts";
import { CONNECTION_VARIABLES } from "../../../src/cli/connection/connection-variables.ts";
import type { Walk } from "../../../src/plan/model/state.ts";
import {
  delegatedLogin,
  LOGIN_VARIABLES,
  UNSUPPORTED_VARIABLES,
} from "../../../src/plan/scope/login.ts";
import { hostVariables } from "../../../src/plan/scope/task-variables.ts";
import type { Common } from "../../../src/playbook/play.ts";
import { nodeOf } from "../../../src/yaml/data.ts";
import type { YamlNode } from "../../../src/yaml/node.ts";
import { lines, noFiles, testHost, type TestRun } from "../host.ts";

const folder = mkdtempSync(join(tmpdir(), "hullwright-login-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("the variables of a login are those that are honoured and say nothing of become", () => {
  const honoured = Object.entries(CONNECTION_VARIABLES)
    // a relay hands files out, and is no part of the login
    .filter(
      ([name, { use }]) => use === "honoured" && !/^ansible_(become|sudo_|su_|relay$)/.test(name),
    )
    .map(([name]) => name);
  expect(LOGIN_VARIABLES.flat().sort()).toEqual(honoured.sort());
  const refused = Object.entries(CONNECTION_VARIABLES)
    .filter(([, { use }]) => use === "refused")
    .map(([name]) => name);
  expect([...UNSUPPORTED_VARIABLES].sort()).toEqual(refused.sort());
});

/** Of a host over ssh whose inventory says ansible_user: admin. */
const COMMAND = "{ command: 'true', changed_when: false";
const tasks: [what: string, tasks: string, logins: string][] = [
  ["a fact", `- set_fact: { ansible_user: deploy }\n- ${COMMAND} }`, "deploy@h:22"],
  ["a fact by its other name", `- set_fact: { ansible_ssh_user: a }\n- ${COMMAND} }`, "a@h:22"],
  ["a port", `- set_fact: { ansible_port: 2222 }\n- ${COMMAND} }`, "admin@h:2222"],
  ["a password", `- set_fact: { ansible_password: x }\n- ${COMMAND} }`, "admin@h:22"],
  ["options of ssh", `- set_fact: { ansible_ssh_extra_args: -4 }\n- ${COMMAND} }`, "admin@h:22"],
  [
    "vars of a task",
    `- ${COMMAND}, vars: { ansible_user: deploy } }\n- ${COMMAND} }`,
    "deploy@h:22 usual",
  ],
  ["vars of a block", `- { vars: { ansible_user: deploy }, block: [${COMMAND} }] }`, "deploy@h:22"],
  [
    "vars of a loop",
    `- ${COMMAND}, vars: { ansible_user: "{{ item }}" }, loop: [a, admin] }`,
    "a@h:22 usual",
  ],
  ["a keyword, weaker than variables", `- ${COMMAND}, remote_user: deploy }`, "usual"],
  ["a port of a task", `- ${COMMAND}, port: 2222 }`, "admin@h:2222"],
  [
    "a port of a block",
    `- { port: 2222, block: [${COMMAND} }, ${COMMAND}, port: 22 }] }`,
    "admin@h:2222 usual",
  ],
  ["the same user", `- set_fact: { ansible_user: admin }\n- ${COMMAND} }`, "usual"],
  ["the same user in vars", `- ${COMMAND}, vars: { ansible_user: '{{ name }}' } }`, "usual"],
  ["the usual port", `- set_fact: { ansible_port: '22' }\n- ${COMMAND} }`, "usual"],
  ["a fact of a like name", `- set_fact: { ansible_user_id: deploy }\n- ${COMMAND} }`, "usual"],
  ["what reaches no host", "- { debug: { msg: x }, vars: { ansible_user: deploy } }", "usual"],
  ["what is skipped", `- { set_fact: { ansible_user: x }, when: false }\n- ${COMMAND} }`, "usual"],
  [
    "what a task found out",
    `- { command: echo x, changed_when: false, register: r }\n- ${COMMAND}, vars: { ansible_user: "{{ r.stdout }}" } }`,
    "usual x@h:22",
  ],
];

test.each(tasks)("the login of tasks by %s", async (_what, text, logins) => {
  expect((await planned(play(text))).logins).toBe(logins);
});

// What is said of the login of another host, whose inventory says ansible_user: admin, to which a task is delegated.
function saidOfOther(task: Record<string, unknown>, facts: [string, unknown][] = []): unknown {
  const nodes = (vars: object): ReadonlyMap<string, YamlNode> =>
    new Map(Object.entries(vars).map(([name, value]) => [name, nodeOf(value, name)]));
  const { vars = {}, ...keywords } = task;
  const walk = {
    host: {
      name: "other",
      env: standardEnvironment(),
      extra: {},
      magicVariables: {},
      loginFor: (said: LoginSaid) =>
        Object.fromEntries([...said].map(([name, { value }]) => [name, value])),
    },
    pass: { view: { variables: () => ({ nodes: nodes({ ansible_user: "admin", own: "root" }) }) } },
    registered: new Map(facts),
  } as unknown as Walk;
  const around = [
    { vars: nodes(vars as object), keywords: nodes(keywords) },
  ] as unknown as Common[];
  return delegatedLogin(walk, around, hostVariables(walk, around));
}

test.each<[what: string, task: Record<string, unknown>, facts: [string, unknown][], said: unknown]>(
  [
    ["nothing", {}, [], undefined],
    ["vars of the task", { vars: { ansible_user: "deploy" } }, [], { ansible_user: "deploy" }],
    [
      "vars with that host's own",
      { vars: { ansible_user: "{{ own }}" } },
      [],
      { ansible_user: "root" },
    ],
    ["vars of something else", { vars: { who: "deploy" } }, [], undefined],
    [
      "a keyword, which is weaker",
      { remote_user: "x" },
      [],
      { ansible_user: "admin", remote_user: "x" },
    ],
    [
      "a fact of that host",
      { vars: { ansible_port: 1 } },
      [["ansible_user", "fact"]],
      { ansible_user: "fact", ansible_port: 1 },
    ],
  ],
)("the login of a task that is delegated, by %s", (_what, task, facts, said) => {
  expect(saidOfOther(task, facts)).toEqual(said);
});

test.each<[what: string, plays: string, logins: string]>([
  [
    "the users of plays",
    `${play(`- ${COMMAND} }`, "port: 1")}\n${play(`- ${COMMAND} }`, "port: 2")}`,
    "usual admin@h:2",
  ],
  [
    "the second alone",
    `${play(`- ${COMMAND} }`)}\n${play(`- ${COMMAND} }`, "vars: { ansible_user: b }")}`,
    "usual b@h:22",
  ],
  [
    "both the same",
    `${play(`- ${COMMAND} }`, "port: 2")}\n${play(`- ${COMMAND} }`, "port: 2")}`,
    "usual usual",
  ],
])("the login by plays: %s", async (_what, plays, logins) => {
  expect((await planned(plays)).logins).toBe(logins);
});

test("tasks see of the connection what their login is; a port of a play is no variable, as in Ansible", async () => {
  const told = "- debug: { msg: '{{ ansible_user }} {{ ansible_port | default(22) }}' }";
  const { shown } = await planned(
    `${play(told)}\n${play(`${told}\n- { debug: { msg: '{{ ansible_user }}' }, vars: { ansible_user: c } }`, "port: 3")}`,
  );
  expect(shown).toEqual(["admin 22", "admin 22", "c"]);
});

test("a login that is no port number fails at its place", async () => {
  const { failure } = await planned(play(`- ${COMMAND}, vars: { ansible_port: ssh } }`));
  expect(failure).toMatchObject({
    message: 'host "here": ansible_port is not a port number',
    place: { line: 5 },
  });
});

test("a login that an earlier task makes possible is known after apply", async () => {
  const made = join(folder, "made");
  const { run, end } = host(
    play(`- { copy: { content: x, dest: ${made} } }\n- { stat: { path: / }, port: 2222 }`),
    () => existsSync(made),
    userInfo().username,
  );
  await run.plan();
  expect(lines(run).map((line) => line.split(" ")[0])).toEqual(["changed", "deferred"]);
  expect(run.walk!.entries[1]!.verdict).toMatchObject({
    why: expect.stringContaining(`a login as ${userInfo().username}@h:2222`) as string,
  });
  await run.apply(0, () => undefined);
  expect(lines(run).map((line) => line.split(" ")[0])).toEqual(["changed", "ok"]);
  await end();
});

test("a login that nothing makes possible loses the host", async () => {
  const { run, end } = host(play("- { stat: { path: / }, port: 2222 }"), () => false);
  await run.plan();
  expect(run.unreachable?.message).toBe("the login was refused");
  await end();
});

function play(tasks: string, words = "name: one"): string {
  const body = tasks.replaceAll("\n", "\n    ");
  return `- hosts: all\n  gather_facts: false\n  ${words}\n  tasks:\n    ${body}`;
}

// A host over ssh, every login of which is a shell on this machine; others than the usual one are possible where that is said.
function host(
  playbook: string,
  isPossible = (): boolean => true,
  user = "admin",
): { run: TestRun; end(): Promise<void> } {
  const { run, session } = testHost(
    playbook,
    { ansible_user: user, ansible_host: "h", name: user },
    {},
    {},
    noFiles,
    { isLocal: false, login: user },
  );
  const [usualPlay] = run.host.playbook.plays;
  const configs = new SshConfigs("/nonexistent");
  const env = standardEnvironment();
  const source = {
    name: "here",
    variables: new Variables([run.variables, { nodes: usualPlay!.vars }], env),
    keywords: usualPlay!.keywords,
    flags: { forks: 1, verbose: 0 },
  };
  const others = new OtherLogins(
    { source, connection: connectionOf(source, configs) },
    configs,
    env,
    () => undefined,
  );
  const open = run.asking.session;
  Object.assign(run.host, {
    usualPlay,
    connection: { values: connectionVariables(source) },
    loginFor: (said: LoginSaid) => others.of(said, () => "elsewhere"),
  } satisfies Partial<Host>);
  Object.assign(run.asking, {
    session: async (again: undefined, login?: string) => {
      if (login !== undefined && !isPossible())
        throw new UnreachableError("auth", "the login was refused", "");
      return open(again);
    },
  });
  return { run, end: async () => (await session).close() };
}

// What tasks come to: by which logins commands are done, what debug shows, and why the first that fails does.
async function planned(
  playbook: string,
): Promise<{ logins: string; shown: string[]; failure: unknown }> {
  const { run, end } = host(playbook);
  await run.plan();
  await end();
  const entries = run.walk!.entries;
  const failed = entries.find((entry) => hasStatus(entry, "failed"));
  const done = entries.filter(({ module }) => module === "command");
  return {
    logins:
      done.map(({ identity: { login } }) => login?.replace(/ \(1\)$/, "") ?? "usual").join(" ") ||
      "usual",
    shown: entries.flatMap((entry) => shownLines(entry) ?? []),
    failure: failed && failureIn(failed),
  };
}
