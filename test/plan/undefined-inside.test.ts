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

test.each([
  ["together", { a: 1, b: 2 }, [["a", "b"]]],
  [
    "nested",
    [{ a: 1, b: 2 }, [1]],
    [
      ["a", 1],
      ["b", 1],
    ],
  ],
  ["sequence", { "1-2": "x", "count=2": "y" }, ["1", "2", "1", "2"]],
  ["sequence", 'count=2 format="a b%d"', ["a b1", "a b2"]],
  ["sequence", {}, []],
  ["random_choice", {}, []],
  ["vars", { shown: 1 }, ["seen"]],
  ["varnames", { "^shown$": 1 }, ["shown"]],
])("with_%s over %j goes over %j, as in Ansible", async (name, over, items) => {
  const loop = { debug: { msg: "{{ item }}" }, [`with_${name}`]: over, register: "r" };
  const that = ["r.results | map(attribute='msg') | list == wanted"];
  expect(
    (
      await planned([
        { name: "loop", ...loop, vars: { shown: "seen" } },
        { name: "told", assert: { that }, vars: { wanted: items } },
      ])
    ).at(-1),
  ).toBe("ok told");
});

test.each([
  ["random_choice", { a: 1 }, "with_random_choice expects a list"],
  ["together", {}, "with_together requires at least one element in each list"],
  ["sequence", { start: 1, end: 2 }, "unrecognized arguments to with_sequence: ['_raw_params']"],
  ["sequence", "count=2 foo=1", "unrecognized arguments to with_sequence: ['foo']"],
  ["sequence", { b: 1 }, "can't parse end=b as integer"],
])("with_%s over %j fails", async (name, over, msg) => {
  const loop = { debug: { msg: "{{ item }}" }, [`with_${name}`]: over, ignore_errors: true };
  expect(
    await planned([
      { name: "loop", ...loop, register: "r" },
      { name: "told", assert: { that: ["r.msg == wanted"] }, vars: { wanted: msg } },
    ]),
  ).toEqual(["failed loop", "ok told"]);
});
