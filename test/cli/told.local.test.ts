import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { planAgain, retryCommand, retryFile } from "../../src/cli/run/retry.ts";
import type { JsonReport } from "../../src/report/summary.ts";
import { faultsOf } from "../docs/json-schema.ts";
import { ownHome } from "./own-home.ts";
import { call } from "./call.ts";

const root = ownHome(beforeEach);
const hosts = join(root, "hosts");
const site = join(root, "site.yml");
const schema = JSON.parse(readFileSync("docs/json.schema.json", "utf8")) as Parameters<
  typeof faultsOf
>[1];

beforeEach(() =>
  writeFileSync(
    hosts,
    "[all]\na\nb\nc\n[one]\na\n[two]\nb\n[all:vars]\nansible_connection=local\n",
  ),
);

// Applies a playbook, and answers its document and exit code; it holds what docs/json.schema.json says.
async function apply(
  playbook: string,
  ...flags: string[]
): Promise<JsonReport & { code: number; error: { message: string; line?: number } }> {
  writeFileSync(site, playbook);
  const { code, said } = await call(
    "apply",
    ...flags,
    site,
    "-i",
    hosts,
    "-f",
    "1",
    "--yes",
    "--json",
  );
  const document = JSON.parse(
    said.slice(said.indexOf("{"), said.lastIndexOf("\n}") + 2),
  ) as JsonReport;
  expect(faultsOf(document, schema)).toEqual([]);
  return { ...document, code } as Awaited<ReturnType<typeof apply>>;
}

const play = (head: string, ...tasks: string[]): string =>
  `- ${head}\n  gather_facts: false\n  tasks:\n${tasks.map((task) => `    - ${task}\n`).join("")}`;
const FALSE = 'command: "false"';
const TRUE = 'command: "true"';

describe("hosts that a run does not come to are not reached", () => {
  const cases: [what: string, playbook: string, statuses: string[]][] = [
    [
      "of later batches, where the first fails",
      play("hosts: all\n  serial: 1", FALSE),
      ["failed", "not_reached", "not_reached"],
    ],
    [
      "with any_errors_fatal",
      play(
        "hosts: all\n  any_errors_fatal: true",
        `{ ${FALSE}, when: inventory_hostname == "a" }`,
        TRUE,
      ),
      ["failed", "not_reached", "not_reached"],
    ],
    [
      "with max_fail_percentage",
      play(
        "hosts: all\n  max_fail_percentage: 10",
        `{ ${FALSE}, when: inventory_hostname == "a" }`,
        TRUE,
      ),
      ["failed", "not_reached", "not_reached"],
    ],
    [
      "of later plays, where all of one fail",
      play("hosts: one", FALSE) + play("hosts: two", TRUE),
      ["failed", "not_reached"],
    ],
    [
      "of later batches, after end_play",
      play("hosts: all\n  serial: 1", TRUE, "meta: end_play"),
      ["changed", "not_reached", "not_reached"],
    ],
  ];
  test.each(cases)("%s", async (_what, playbook, statuses) => {
    const { hosts: told, totals } = await apply(playbook);
    expect(Object.values(told).map(({ status }) => status)).toEqual(statuses);
    expect(totals.not_reached).toBe(statuses.filter((status) => status === "not_reached").length);
  });
  test("but what was done on them before is told", async () => {
    const { hosts: told } = await apply(
      play(
        "hosts: all\n  any_errors_fatal: true",
        TRUE,
        `{ ${FALSE}, when: inventory_hostname == "a" }`,
        TRUE,
      ),
    );
    expect(told["b"]).toMatchObject({
      status: "changed",
      cut: '"command false" failed on a',
      changes: [{ task: "command true" }],
    });
  });
});

test("each item of a loop that failed is told", async () => {
  const { hosts: told } = await apply(
    play(
      "hosts: one",
      '{ name: install, shell: "echo no {{ item }} >&2; exit {{ item }}", loop: [1, 0, 2] }',
    ),
  );
  expect(told["a"]!.failed).toMatchObject({
    task: "install",
    message: "2 of 3 items failed",
    items: [
      { item: "1", message: "no 1" },
      { item: "2", message: expect.stringContaining("no 2") as string },
    ],
  });
  expect(told["a"]!.tasks[0]!.items!.map(({ item, status }) => [item, status])).toEqual([
    ["1", "failed"],
    ["0", "changed"],
    ["2", "failed"],
  ]);
});

test("every task is told with its status, its reason and what it printed, and counted as Ansible does", async () => {
  const { hosts: told } = await apply(
    play(
      "hosts: one",
      "stat: { path: / }",
      "{ command: echo hi }",
      `{ ${TRUE}, when: inventory_hostname == "nobody" }`,
      `{ ${FALSE}, ignore_errors: true }`,
      `{ block: [{ ${FALSE} }], rescue: [{ debug: { msg: saved } }] }`,
    ),
  );
  const { tasks, counts } = told["a"]!;
  expect(tasks.map(({ task, status, reason }) => [task, status, reason])).toEqual([
    ["stat /", "ok", undefined],
    ["command echo hi", "changed", undefined],
    ["command true", "skipped", 'inventory_hostname == "nobody" is false'],
    ["command false", "ignored", "ended with code 1"],
    ["command false", "rescued", "ended with code 1"],
    ["debug", "ok", undefined],
  ]);
  expect([tasks[1]!.output, tasks[1]!.place, tasks[5]!.says]).toEqual([
    { code: 0, stdout: "hi", stderr: "" },
    `${site}:5:7`,
    "saved",
  ]);
  expect(counts).toEqual({ ok: 4, changed: 1, skipped: 1, failed: 0, ignored: 1, rescued: 1 });
});

test("what meta does to the run itself is counted by nobody, as in Ansible", async () => {
  const { hosts: told } = await apply(
    play("hosts: one", "meta: flush_handlers", "debug: { msg: hi }", "{ meta: noop, when: false }"),
  );
  expect(told["a"]!.counts).toMatchObject({ ok: 1, skipped: 0 });
});

test("a host that is lost at a task of all hosts did not fail there", async () => {
  writeFileSync(
    hosts,
    "a ansible_host=127.0.0.1 ansible_port=9 ansible_password=x\nb ansible_connection=local\n",
  );
  const { hosts: told } = await apply(play("hosts: all", `{ ${TRUE}, run_once: true }`));
  expect(told["b"]).toMatchObject({
    status: "not_reached",
    cut: 'a is unreachable at "command true"',
  });
});

test("-v shows what is ok or skipped and why, what commands print, and what tags leave out; without it, failures that are ignored", async () => {
  writeFileSync(
    site,
    play(
      "hosts: one",
      "{ stat: { path: / }, tags: t }",
      "{ command: echo hi, tags: t }",
      `{ ${TRUE}, when: inventory_hostname == "nobody", tags: t }`,
      `{ ${FALSE}, ignore_errors: true, tags: t }`,
      `{ name: other, ${TRUE} }`,
    ),
  );
  const args = ["apply", site, "-i", hosts, "--yes", "--tags", "t"];
  const [short, long] = [(await call(...args)).said, (await call(...args, "-v")).said];
  for (const line of [
    "  = stat / (stat): ok",
    "      | hi",
    '  - command true (command): skipped, inventory_hostname == "nobody" is false',
    "Left out by tags: other",
  ]) {
    expect(long).toContain(line);
    expect(short).not.toContain(line);
  }
  expect(short).toContain("  ! command false: ended with code 1 (failed, ignored)");
});

test("what hosts answered for many tasks at once is told by question, and a command that only looks with its own time", async () => {
  const tasks = [
    "stat: { path: / }",
    "{ copy: { content: x, dest: /proc/version }, when: inventory_hostname == 'nobody' }",
    "{ command: sleep 0.02, changed_when: false }",
    "{ stat: { path: '{{ item }}' }, loop: [/, /usr] }",
    "debug: { msg: hi }",
    TRUE,
  ];
  const { hosts: told } = await apply(play("hosts: one", ...tasks));
  const { tasks: all, questions, connecting } = told["a"]!;
  const timed = all.map(({ seconds, ...task }) => [task.questions, seconds !== undefined]);
  expect(timed).toEqual([
    [[0], false],
    [undefined, false],
    [[0], true],
    [undefined, false],
    [undefined, false],
    [undefined, true],
  ]);
  expect(all[3]!.items!.map((item) => item.questions)).toEqual([[0], [0]]);
  expect(all[2]!.seconds).toBeGreaterThanOrEqual(0.02);
  expect(questions).toEqual([{ seconds: expect.any(Number) as number }]);
  expect(connecting).toEqual(expect.any(Number));
  for (const command of ["plan", "apply"]) {
    const { said } = await call(
      command,
      site,
      "-i",
      hosts,
      "-vv",
      ...(command === "apply" ? ["-y"] : []),
    );
    expect(said).toContain("Time by question");
    expect(said).toMatch(/ s {2}stat \/, command sleep 0.02 and 1 more on a/);
    expect(said).toContain("2 tasks asked nothing and did nothing");
  }
});

test("several playbooks are one document, which names all of them", async () => {
  const other = join(root, "other.yml");
  writeFileSync(other, play("hosts: one", TRUE));
  expect(await apply(play("hosts: one", TRUE), other)).toMatchObject({
    code: 0,
    playbooks: [other, site],
    totals: { hosts: 1, changes: 2 },
  });
});

describe("a mistake is reported as a document, too", () => {
  test("in the playbook", async () => {
    const { code, error } = await apply("- hosts: all\n  tasks:\n    - cpoy: x\n");
    expect([code, error.message, error.line]).toEqual([1, 'unknown module "cpoy"', 3]);
  });
  test("on the command line", async () => {
    const { code, error } = await apply(play("hosts: one", TRUE), "--no-such-flag");
    expect([code, error.message]).toEqual([1, "unknown option '--no-such-flag'"]);
  });
  test.each([
    [["nosuch"], "there is no file nosuch"],
    [[], "missing required argument 'file'"],
  ])("of show with %j", async (words, message) => {
    const { code, said } = await call("show", ...words, "--json");
    const document = JSON.parse(said.slice(said.indexOf("{"), said.lastIndexOf("}") + 1)) as object;
    expect(code).toBe(1);
    expect(document).toMatchObject({ command: "show", error: { message } });
    expect(faultsOf(document, schema)).toEqual([]);
  });
});

describe("hosts that are not done", () => {
  const playbook = play(
    "hosts: all\n  serial: 1",
    TRUE,
    `{ ${FALSE}, when: inventory_hostname == "b" and fails | default(true) | bool }`,
  );
  test("are kept for the next run, which --resume and --limit @failed choose, and forgotten once they are done", async () => {
    const first = await apply(playbook);
    expect(first.totals).toMatchObject({ changed: 1, failed: 1, not_reached: 1 });
    writeFileSync(site, playbook);
    const { said } = await call("apply", site, "-i", hosts, "-f", "1", "--yes");
    const file = retryFile(site);
    expect(said).toContain(
      `To continue with the hosts that are not finished: hullwright apply ${site} -i ${hosts} -f 1 --yes --limit @${file}`,
    );
    expect(readFileSync(file, "utf8")).toBe("b\nc\n");
    const planned = await call("plan", site, "-i", hosts, "--resume");
    expect(planned.said).toContain("2 hosts");
    const { totals } = await apply(playbook, "-e", "fails=false", "--resume");
    expect(totals).toMatchObject({ hosts: 2, changed: 2 });
    expect(existsSync(file)).toBe(false);
    expect((await apply(playbook, "--limit", "@failed")).error.message).toContain(
      "the last run of this playbook finished on all hosts",
    );
    const both = await call("apply", site, "-i", hosts, "--resume", "-l", "a");
    expect([both.code, both.said]).toEqual([
      1,
      expect.stringContaining("and cannot be combined with --limit") as string,
    ]);
  });
  test("are told where they cannot be kept", async () => {
    writeFileSync(join(root, "state"), "a file");
    expect((await apply(playbook)).code).toBe(2);
  });
});

test.each<[words: string[], command: string, again?: string[]]>([
  [
    ["apply", "site.yml", "-l", "web", "-e", "a b"],
    "hullwright apply site.yml -e 'a b' --limit @f",
  ],
  [["apply", "site.yml", "--limit=web", "-lx"], "hullwright apply site.yml --limit @f"],
  [["apply", "site.yml", "--resume"], "hullwright apply site.yml --limit @f"],
  [
    ["apply", "site.yml", "-e", "db_password=x", "-y"],
    "hullwright apply site.yml -y --limit @f",
    ["-e db_password=..."],
  ],
  [
    ["apply", "site.yml", "--extra-vars=a=1 token=x"],
    "hullwright apply site.yml --limit @f",
    ["-e a=...", "-e token=..."],
  ],
  [
    ["apply", "site.yml", "-e", '{"token": "abc", "n": 1}'],
    "hullwright apply site.yml --limit @f",
    ["-e token=...", "-e n=..."],
  ],
])(
  "%j goes on with another limit, and says what must be given again",
  (words, command, again = []) => {
    expect(retryCommand(words, "f")).toEqual({ command, again });
  },
);

test("where a saved plan no longer holds, it is made again, with what it was made with", () => {
  const flags = { inventory: ["hosts", "a,"], tags: ["x"], become: true, limit: "web" };
  const made = { file: "plan.bin", playbooks: ["site.yml"], flags };
  const words = ["apply", "plan.bin", "-e", "n=1", "--extra-vars=token=abc", "-f", "1"];
  expect(planAgain(made, words, "f")).toEqual({
    command:
      "hullwright plan site.yml --inventory hosts --inventory a, --tags x --become -e n=1 -o plan.bin --limit @f",
    again: ["-e token=..."],
    isPlan: true,
  });
});

test("the files of two playbooks of one name are not the same", () => {
  expect(retryFile("/a/site.yml")).not.toBe(retryFile("/b/site.yml"));
});

describe("directories of this machine that cannot be made", () => {
  test("are warned of once, and nothing hangs", async () => {
    writeFileSync(join(root, "file"), "");
    vi.stubEnv("XDG_STATE_HOME", join(root, "file"));
    const { code, warnings } = await apply("- hosts: all\n  tasks: [{ fail: { msg: a } }]\n");
    expect(code).toBe(2);
    expect(warnings).toEqual([
      expect.stringMatching(
        /^the list of unfinished hosts cannot be saved for the next run: EEXIST/,
      ),
    ]);
  });

  test("for facts: the run goes on", async () => {
    writeFileSync(join(root, "file"), "");
    vi.stubEnv("XDG_CACHE_HOME", join(root, "file"));
    writeFileSync(site, "- hosts: a\n  tasks: [{ debug: { msg: '{{ ansible_system }}' } }]\n");
    const { code, said } = await call("plan", site, "-i", hosts);
    vi.unstubAllEnvs();
    expect(code).toBe(0);
    expect(said.match(/warning: facts cannot be saved.*EEXIST/g)).toHaveLength(1);
  });
});

test("more than a task's result takes of what it prints is warned of once", async () => {
  const { code, warnings } = await apply(`
- hosts: all
  gather_facts: false
  tasks:
    - { name: much, shell: "head -c 17000000 /dev/zero | tr '\\\\0' x", register: r, no_log: true }
    - { name: little, command: "echo '[cut off: more than 16 MB]'" }
`);
  expect(code).toBe(0);
  expect(warnings).toEqual([
    '"much" printed more than 16 MB: what it registers is only the first 16 MB',
  ]);
});
