import { shownLines } from "../../../src/plan/model/entry.ts";
import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { getent } from "../../../src/modules/system/getent.ts";
import { lines, testHost } from "../../plan/host.ts";

const ansible = (args: string): unknown => {
  const { stdout } = spawnSync(
    "ansible",
    ["-i", "localhost,", "-c", "local", "localhost", "-m", "getent", "-a", args, "-o"],
    {
      encoding: "utf8",
      env: { ...process.env, ANSIBLE_NOCOLOR: "1", ANSIBLE_PYTHON_INTERPRETER: "/usr/bin/python3" },
    },
  );
  return {
    failed: stdout.includes("| FAILED! =>"),
    ...(JSON.parse(stdout.slice(stdout.indexOf("=> ") + 3)) as object),
  };
};
const hasAnsible = spawnSync("ansible", ["--version"]).status === 0;

// The result of one task, as `register` sees it.
async function ask(args: string): Promise<{ [key: string]: unknown }> {
  const { run, session } = testHost(
    `- hosts: all\n  gather_facts: false\n  tasks:\n    - { name: ask, getent: ${args}, ignore_errors: true }\n`,
  );
  await run.plan();
  await (await session).close();
  return run.walk!.entries[0]!.result;
}

const CASES = [
  "database=passwd key=root",
  "database=passwd",
  "database=group key=nosuch fail_key=false",
  "database=group key=nosuch",
  "database=services key=ssh",
  "database=nosuch",
  "database=hosts key=localhost",
  "database=passwd key=root split=/",
  "database=passwd key=root service=files",
  "database=protocols key=nosuch fail_key=no",
];

test.skipIf(!hasAnsible).each(CASES)(
  `%s tells what Ansible tells${hasAnsible ? "" : " (skipped: needs ansible-core)"}`,
  async (args) => {
    const theirs = ansible(args) as { [key: string]: unknown };
    const ours = JSON.parse(JSON.stringify(await ask(`"${args}"`))) as { [key: string]: unknown };
    const pick = (all: { [key: string]: unknown }): unknown => ({
      facts:
        all["ansible_facts"] &&
        Object.fromEntries(
          Object.entries(all["ansible_facts"]).filter(([name]) => name.startsWith("getent_")),
        ),
      msg: all["msg"],
      failed: all["failed"] ?? false,
    });
    expect(pick(ours)).toEqual(pick(theirs));
  },
);

test("what it learns is known to the tasks after it, in the same plan", async () => {
  const { run, session } = testHost(
    "- hosts: all\n  gather_facts: false\n  tasks:\n    - { name: ask, getent: { database: passwd, key: root } }\n    - { name: tell, debug: { msg: '{{ getent_passwd.root[4] }} {{ ansible_facts.getent_passwd.root[1] }}' } }\n",
  );
  await run.plan();
  expect(lines(run)).toEqual(["ok ask", "ok tell"]);
  expect(shownLines(run.walk!.entries[1]!)).toBe("/root 0");
  await (await session).close();
});

test("records with the same key are a list of their fields", () => {
  const given = {
    ansible_facts: { getent_hosts: { "::1": [["a"], ["b", "c"]], "127.0.0.1": ["d"] } },
  };
  expect(
    getent.result(
      { database: "hosts", fail_key: true },
      {},
      [{ code: 0, stdout: "::1   a\n::1 b c\n127.0.0.1 d\n", stderr: "" }],
      undefined as never,
    ),
  ).toEqual(given);
});
