import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { lines, testHost } from "./host.ts";

const at = mkdtempSync(join(tmpdir(), "hullwright-failed-when-"));
afterAll(() => rmSync(at, { recursive: true, force: true }));

/** Tasks that fail while they are planned, by modules of every kind; what their message says. */
const FAILING: [module: string, args: object, message: RegExp][] = [
  ["file", { path: `${at}/none`, mode: "a-s", state: "file" }, /is absent, cannot continue$/],
  ["file", { path: `${at}/l`, src: `${at}/none`, state: "link" }, /^src file does not exist, use/],
  ["file", { path: `${at}/h`, src: `${at}/none`, state: "hard" }, /does not exist/],
  ["file", { path: `${at}/none/t`, state: "touch" }, /does not exist/],
  ["file", { path: `${at}/d`, state: "{{ 'nonsense' }}" }, /^value of state must be one of/],
  ["lineinfile", { path: `${at}/none`, line: "x" }, /^Destination .* does not exist !$/],
  ["blockinfile", { path: `${at}/none`, block: "x" }, /^Path .* does not exist !$/],
  ["replace", { path: `${at}/none`, regexp: "x" }, /^Path .* does not exist !$/],
  ["lineinfile", { path: at, line: "x" }, /^Path .* is a directory !$/],
  ["blockinfile", { path: at, block: "x" }, /^Path .* is a directory !$/],
  ["replace", { path: at, regexp: "x" }, /^Path .* is a directory !$/],
  ["copy", { src: `${at}/none`, dest: `${at}/c`, remote_src: true }, /does not exist on the host/],
  ["copy", { content: "x", dest: `${at}/none/c` }, /does not exist/],
  ["slurp", { src: `${at}/none` }, /not found/],
  ["unarchive", { src: `${at}/none.tgz`, dest: at, remote_src: true }, /does not exist/],
  ["get_url", { url: "http://127.0.0.1:1/x", dest: `${at}/none/x` }, /does not exist/],
  ["user", { name: "hwnobody", group: "hwnogroup" }, /group/],
  ["assert", { that: "1 == 2" }, /Assertion failed/],
  ["fail", { msg: "so it is" }, /so it is/],
  ["set_fact", {}, /^No key\/value pairs provided/],
  // mistakes in the parameters that can be seen without any value, in Ansible's words
  ["file", { state: "absent" }, /^missing required arguments: path$/],
  ["file", { path: at, state: "nonsense" }, /^value of state must be one of/],
  ["stat", { path: at, nonsense: 1 }, /^Unsupported parameters for \(stat\) module: nonsense/],
  ["find", { paths: at, recurse: "nonsense" }, /recurse/],
  ["copy", { dest: at, src: "a", content: "b" }, /^src and content are mutually exclusive$/],
  ["script", {}, /^one of the following is required/],
  ["command", {}, /^no command given$/],
  ["copy", { dest: at }, /^src \(or content\) is required$/],
  ["debug", { msg: "{{ lookup('env' }}" }, /./],
  ["command", { cmd: "echo {{ 1 + }}" }, /./],
];

// Plans a task and what stands after it.
async function planned(
  module: string,
  args: object,
  more: object,
): Promise<{ lines: string[]; failed: unknown; msg: unknown }> {
  const tasks = [
    { name: "try", [module]: args, register: "tried", ...more },
    { name: "end", debug: { msg: "{{ tried.failed }} {{ tried.msg }}" } },
  ];
  const { run, session } = testHost(
    `- hosts: all\n  gather_facts: false\n  tasks: ${JSON.stringify(tasks)}\n`,
  );
  try {
    await run.plan();
    const result = run.walk?.entries[0]?.result ?? {};
    return { lines: lines(run), failed: result["failed"], msg: result["msg"] };
  } finally {
    await (await session).close();
  }
}

/** Templates that fail; what `register` sees in `msg`, as playbooks for Ansible look for it. */
const WORDS: [expression: string, message: RegExp][] = [
  [
    "nowhere",
    /^The task includes an option with an undefined variable. The error was: 'nowhere' is undefined/,
  ],
  [
    "{}.a",
    /^The task includes an option with an undefined variable. .*'dict object' has no attribute 'a'/,
  ],
  ["nowhere | mandatory", /^Mandatory variable 'nowhere'  not defined\./],
  ["'a' | dict2items", /^dict2items requires a dictionary, got <class 'str'> instead/],
  ["'a' | items2dict", /^items2dict requires a list/],
  ["[1] | items2dict", /^items2dict requires a list of dictionaries/],
  ["5 | path_join", /expects string or sequence/],
  ["query('sequence', 'A-4/2')", /^can't parse start=A as integer/],
  ["query('sequence', '1-4/C')", /^can't parse stride=C as integer/],
  ["query('sequence', 'start=1 end=4 count=2')", /^can't specify both count and end in with_seq/],
  ["query('sequence', 'start=4 end=1 stride=2')", /^to count backwards make stride negative/],
  ["query('sequence', 'start=1 end=4 stride=-2')", /^to count forward don't make stride negative/],
  ["query('sequence', 'start=1 end=4 format=d')", /^bad formatting string: d/],
  ["query('subelements', 9001, 'a')", /^subelements lookup expects a dictionary, got '9001'/],
  ["query('subelements', [{'a': 1}], 'a')", /should point to a list/],
  ["query('subelements', [{'a': [1]}], 'a', 'b')", /the optional third item must be a dict/],
  ["query('subelements', [{'a': [1]}])", /^subelements lookup expects a list of two or three/],
  ["query('subelements', [{'a': [1]}], true)", /second a string/],
  ["'minkeys' | rekey_on_member('a')", /^Type is not a valid list, set, or dict/],
  ["[true] | rekey_on_member('a')", /^List item is not a valid dict/],
  ["lookup('vars', 42)", /^Invalid setting identifier, "42" is not a string, its a <class 'int'>/],
  ["q('varnames', true)", /^Invalid setting identifier, "True" is not a string, its a <class 'bo/],
  ["[] | rekey_on_member('a', duplicates='b')", /^duplicates parameter to rekey_on_member has/],
  ["{} | combine('x')", /^failed to combine variables, expected dicts but got/],
  ["'x' is failed", /^The 'failed' test expects a dictionary/],
  ["'a' | regex_search('a', 'b')", /^Unknown argument/],
  ["'a' | regex_escape(re_type='x')", /^Invalid regex type \(x\)/],
];

test.each(WORDS)("what a failed template registers: %s", async (expression, message) => {
  const found = await planned("debug", { msg: `{{ ${expression} }}` }, { ignore_errors: true });
  expect(found).toEqual({
    lines: ["failed try", "ok end"],
    failed: true,
    msg: expect.stringMatching(message) as string,
  });
});

test("a mistake in the parameters of a task that must not fail is refused before anything is done", () => {
  const text = "- hosts: all\n  tasks: [{file: {state: absent}, ignore_errors: false}]\n";
  expect(() => testHost(text)).toThrow('"file" needs the parameter "path"');
});

test.each(FAILING)(
  "failed_when and ignore_errors hold for what fails while planning: %s %j",
  async (module, args, message) => {
    expect(await planned(module, args, { failed_when: false })).toEqual({
      lines: ["ok try", "ok end"],
      failed: false,
      msg: expect.stringMatching(message) as string,
    });
    expect(await planned(module, args, { failed_when: "tried.msg is not defined" })).toMatchObject({
      lines: ["ok try", "ok end"],
      failed: false,
    });
    expect(await planned(module, args, { failed_when: "tried.msg is defined" })).toMatchObject({
      lines: ["failed try"],
      failed: true,
      msg: expect.stringMatching(message) as string,
    });
    expect(await planned(module, args, { ignore_errors: true })).toMatchObject({
      lines: ["failed try", "ok end"],
      failed: true,
    });
  },
);

test("what fails by failed_when alone registers no message", async () => {
  const found = await planned("stat", { path: at }, { failed_when: true, ignore_errors: true });
  expect(found).toMatchObject({ failed: true, msg: undefined });
});

test("debug's own words for parameters that exclude each other are registered", async () => {
  const both = { msg: "a", var: "b" };
  expect(await planned("debug", both, { ignore_errors: true })).toMatchObject({
    msg: "'msg' and 'var' are incompatible options",
  });
});

test.each([
  ["group_by", { key: "x" }],
  ["add_host", { name: "x" }],
])("%s that fails by failed_when has changed nothing", async (module, args) => {
  const task = { [module]: args, failed_when: true, register: "r", ignore_errors: true };
  const end = {
    debug: { msg: "{{ r.changed }} {{ groups.x is defined }} {{ 'x' in groups.all }}" },
  };
  const text = `- hosts: all\n  gather_facts: false\n  tasks: ${JSON.stringify([task, end])}\n`;
  const { run, session } = testHost(text);
  await run.plan();
  expect(run.walk?.entries[1]?.result["msg"]).toBe("False False False");
  await (await session).close();
});

test.each([
  ["true", true],
  ["tried.nothing.of.it", false],
])("changed_when: %s is asked of what fails while planning", async (changed_when, changed) => {
  const failing = { fail: { msg: "x" }, changed_when, register: "tried", ignore_errors: true };
  const text = `- hosts: all\n  gather_facts: false\n  tasks: ${JSON.stringify([failing])}\n`;
  const { run, session } = testHost(text);
  await run.plan();
  expect(run.walk?.entries[0]?.result).toMatchObject({ failed: true, changed, msg: "x" });
  await (await session).close();
});

test("a mistake in the playbook is none of failed_when's", async () => {
  expect(
    await planned("file", { path: at, mode: "{{ nowhere }}" }, { failed_when: false }),
  ).toMatchObject({ lines: ["failed try"] });
});

test("once the tries of until are over, failed_when decides, and register tells that they were", async () => {
  const more = { until: "tried.rc == 0", retries: 1, delay: 0, register: "tried" };
  const tasks = [
    {
      name: "try",
      command: `test -e ${at}/none`,
      changed_when: false,
      failed_when: false,
      ...more,
    },
    { name: "told", debug: { msg: "{{ tried.failed }} {{ tried.attempts }}" } },
  ];
  const { run, session } = testHost(
    `- hosts: all\n  gather_facts: false\n  tasks: ${JSON.stringify(tasks)}\n`,
  );
  await run.plan();
  await run.apply(0, () => undefined);
  expect(lines(run)).toEqual(["ok try", "ok told"]);
  expect(run.walk?.entries[1]?.result["msg"]).toBe("True 1");
  await (await session).close();
});

test.each(["failed_when", "changed_when"])(
  "what cannot be evaluated in %s fails the task, and register tells of both",
  async (name) => {
    const tasks = [
      { name: "try", command: "echo x", [name]: "nowhere", register: "r", ignore_errors: true },
      { name: "told", debug: { msg: `{{ r is failed }} {{ r.stdout }} {{ r.${name}_result }}` } },
    ];
    const { run, session } = testHost(
      `- hosts: all\n  gather_facts: false\n  tasks: ${JSON.stringify(tasks)}\n`,
    );
    await run.plan();
    await run.apply(0, () => undefined);
    expect(run.walk?.entries[1]?.result["msg"]).toBe(
      "True x The conditional check 'nowhere' failed. The error was: error while evaluating conditional (nowhere): 'nowhere' is undefined",
    );
    await (await session).close();
  },
);
