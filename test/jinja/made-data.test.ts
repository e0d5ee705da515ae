import { tmpdir } from "node:os";
import { describe, expect, test } from "vitest";
import { SKIP_REASON, python } from "./oracle.ts";
import { askTemplar, renderOwn, type ValueCase } from "./templar.ts";

const VARS = {
  one: 1,
  word: "a",
  list: [1, 2],
  dict: { a: 1 },
  unknown: "{{ nope }}",
  around: { a: "{{ nope }}", b: 1 },
  beside: ["{{ nope }}", 2],
  longer: "a {{ nope }}",
  deeper: "{{ dict.nope }}",
};

/** What the variable "made" is made of, and what comes of it. */
const MADE: readonly (readonly [string, unknown])[] = [
  ["[{% for x in list %}'{{ x }}',{% endfor %}]", ["1", "2"]],
  ["[{% for x in list %}{{ x }}{% if not loop.last %}, {% endif %}{% endfor %}]", [1, 2]],
  ["{ 'a': {{ one }}, {{ one }}: ['b'] }", { a: 1, 1: ["b"] }],
  ['{"a": true, "b": null, "c": {{ one }}.5}', { a: true, b: null, c: 1.5 }],
  ["{%- set x = [one] -%}{{ x }}", [1]],
  ["{% set x = [one] %}\n{{ x }}", [1]],
  [
    "{% set x = {} %}{% for i in ['a', 'b'] %}{% set _ = x.update({i: 1}) %}{% endfor %}{{ x }}",
    { a: 1, b: 1 },
  ],
  ["{%- set l = dict -%}\n{{ l | combine({'b': list}) }}", { a: 1, b: [1, 2] }],
  ["{% if one == 1 %}{{ dict }}{% else %}{}{% endif %}", { a: 1 }],
  ["{% if one == 2 %}{{ dict }}{% else %}{}{% endif %}", {}],
  ["{% if one == 1 %}True{% else %}False{% endif %}", true],
  ["{% if one == 2 %}True{% else %}False{% endif %}", false],
  ["{% if one == 1 %}true{% else %}false{% endif %}", "true"],
  ["{{ list }} ", [1, 2]],
  ["[{{ one }}]\n", [1]],
  ["[({{ one }}, 2), -{{ one }}, 0x1f, 'it\\'s', \"b\" 'c']", [[1, 2], -1, 31, "it's", "bc"]],
  // what only looks like data is text
  [" {{ list }}", " [1, 2]"],
  ["[{{ word }}]", "[a]"],
  ["[{{ word }}", "[a"],
  ["{ {{ word }}: 1 }", "{ a: 1 }"],
  ["[section {{ one }}]\nkey = 1", "[section 1]\nkey = 1"],
  ["({{ one }}, 2)", "(1, 2)"],
  ["{{ one }}{{ one }}", "11"],
  ["{{ word }}True", "aTrue"],
];

/** Expressions over variables in whose own templates something is undefined. */
const UNDEFINED_INSIDE: readonly (readonly [string, unknown])[] = [
  ...["unknown", "around", "beside", "longer", "deeper"].flatMap(
    (name) =>
      [
        [`${name} | default('d')`, "d"],
        [`${name} is defined`, false],
        [`${name} is undefined`, true],
      ] as const,
  ),
  ["around.b | default('d')", "d"],
  ["unknown | default(dict).a", undefined],
  ["(unknown | default(dict)).a", 1],
];

const folder = tmpdir();
const vars = (made?: string): string => JSON.stringify({ ...VARS, made });
const made: ValueCase[] = MADE.map(([text]) => ({ value: '"{{ [made] }}"', vars: vars(text) }));
const inside: ValueCase[] = UNDEFINED_INSIDE.map(([expression]) => ({
  value: JSON.stringify(`{{ [${expression}] }}`),
  vars: vars(),
}));
const wanted = python === undefined ? undefined : askTemplar([...made, ...inside], folder, false);

describe("a variable that is put together of pieces is a list, a dict or a boolean where it looks like one", () => {
  test.for(MADE.map(([text, value], index) => [text, value, index] as const))(
    "%j",
    ([_text, value, index]) => {
      expect(renderOwn(made[index]!, folder)).toEqual({ value: [value] });
    },
  );
});

describe("a variable is undefined where its own template uses something undefined", () => {
  test.for(UNDEFINED_INSIDE.map(([text, value], index) => [text, value, index] as const))(
    "%s",
    ([_text, value, index]) => {
      const got = renderOwn(inside[index]!, folder);
      if (value === undefined) expect(got.error).toBeDefined();
      else expect(got).toEqual({ value: [value] });
    },
  );

  test("its use says what is undefined in it", () => {
    const got = renderOwn({ value: '"{{ longer }}"', vars: vars() }, folder);
    expect(got).toEqual({ error: "'nope' is undefined" });
  });
});

test("Ansible gives the same results", ({ skip }) => {
  if (!wanted) return skip(SKIP_REASON);
  const tables = [...MADE, ...UNDEFINED_INSIDE];
  const theirs = tables.map(([text], index) => [text, wanted[index]!.value?.[0 as never]]);
  expect(theirs).toEqual(tables.map(([text, value]) => [text, value]));
});
