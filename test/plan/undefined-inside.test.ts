import { expect, test } from "vitest";
import { lines, testHost } from "./host.ts";

/** Variables whose own templates need what is not there: they are undefined themselves, as in Ansible. */
const VARS = {
  inside: "{{ nowhere }}",
  twice: "{{ inside }}",
  attribute: "{{ {}.a }}",
  item: "{{ [][0] }}",
  text: "a {{ nowhere }}",
  list: ["{{ nowhere }}"],
  mapping: { a: "{{ nowhere }}", b: 1 },
  wanted: "{{ undef('set it') }}",
};

// Plans tasks, and tells what came of each.
async function planned(tasks: readonly object[]): Promise<string[]> {
  const play = { hosts: "all", gather_facts: false, vars: VARS, tasks };
  const { run, session } = testHost(JSON.stringify([play]));
  try {
    await run.plan();
    return lines(run);
  } finally {
    await (await session).close();
  }
}

test.each(Object.keys(VARS))(
  "%s is undefined: default and `is defined` hold for it",
  async (name) => {
    const holds = [
      `${name} is undefined`,
      `${name} | default('x') == 'x'`,
      `${name}.b | default('x') == 'x'`,
      `lookup('vars', '${name}', default='x') == 'x'`,
      `'a' | extract(${name}) | default('x') == 'x'`,
    ];
    expect(
      await planned([
        { name: "told", assert: { that: holds } },
        { name: "left out", debug: { msg: `{{ ${name} }}` }, when: `${name} is defined` },
        { name: "shown", debug: { var: name } },
      ]),
    ).toEqual(["ok told", "skipped left out", "ok shown"]);
  },
);

test("what needs it fails, with the place of the template inside", async () => {
  await expect(planned([{ debug: { msg: "{{ twice }}" } }])).resolves.toEqual(["failed debug"]);
});

test("later items of a loop see what the task registered for earlier ones", async () => {
  expect(
    await planned([
      {
        name: "until one does",
        debug: { msg: "{{ item }} {{ r.msg | default('none') }}" },
        loop: [1, 2, 3],
        register: "r",
        when: "r.msg | default('') is not search('2')",
        loop_control: { label: "{{ r.msg }}" },
      },
      {
        name: "told",
        assert: {
          that: [
            "r.results[0].msg == '1 none'",
            "r.results[1].msg == '2 1 none'",
            "r.results[2] is skipped",
          ],
        },
      },
    ]),
  ).toEqual([
    "ok until one does [1]",
    "ok until one does [2]",
    "skipped until one does [3]",
    "ok told",
  ]);
});

test("with_ takes a mapping as in Ansible: some go over its keys, some refuse it", async () => {
  const mapping = "{{ {'a': 1, 'b': 2} }}";
  expect(
    await planned([
      { name: "items", debug: { msg: "{{ item }}" }, with_items: mapping, register: "r" },
      {
        name: "list",
        debug: { msg: "{{ item }}" },
        with_list: mapping,
        ignore_errors: true,
        register: "l",
      },
      {
        name: "told",
        assert: {
          that: [
            "r.results | map(attribute='msg') | list == ['a', 'b']",
            "l.msg == 'with_list expects a list'",
          ],
        },
      },
    ]),
  ).toEqual(["ok items [a]", "ok items [b]", "failed list", "ok told"]);
});
