import { describe, expect, test } from "vitest";
import {
  evaluateExpression,
  parseTemplate,
  plainOrigin,
  renderTemplate,
  renderValue,
  standardEnvironment,
} from "../../../src/jinja/template.ts";
import { FURTHER, Unknown } from "../../../src/value.ts";

const U = new Unknown("facts of the host");
const VARS: { [name: string]: unknown } = {
  U,
  one: 1,
  list: [1, U],
  dict: { known: 1, unknown: U },
  rows: [
    { n: "a", v: U },
    { n: "b", v: 2 },
  ],
  name: "x",
  items: [1, 2, 3],
};
const env = standardEnvironment();
const scope = { lookup: (name: string) => VARS[name] };

// The value of an expression.
function evaluate(source: string): unknown {
  return evaluateExpression(source, plainOrigin("play.yml", source), scope, env);
}

// What a template prints.
function render(source: string): unknown {
  return renderTemplate(parseTemplate(source, plainOrigin("t.j2", source), { env }), scope, env);
}

describe("what needs something Unknown is Unknown", () => {
  test.each([
    "U",
    "U.a.b",
    "U['a']",
    "U[0]",
    "U[1:]",
    "dict[U]",
    "items[U]",
    "items[U:]",
    "U + 1",
    "1 + U",
    "-U",
    "not U",
    "U ~ 'x'",
    "'x' ~ list",
    "U == 1",
    "U == U",
    "1 < U",
    "1 < 2 < U",
    "U in items",
    "1 in U",
    "1 in list",
    "list == [1, 2]",
    "U and true",
    "U or true",
    "true and U",
    "false or U",
    "1 if U else 2",
    "U if true else 1",
    "(U if true else 1) + 1",
    "U is defined",
    "U is undefined",
    "U is none",
    "U is string",
    "U.x is defined",
    "U is changed",
    "U is version('1', '>')",
    "U is failed",
    "U is sameas 1",
    "U | default('x')",
    "U.nope | default('x')",
    "U | default('x', true)",
    "U | upper",
    "'a' | replace('a', U)",
    "U | length",
    "U | ternary(1, 2)",
    "U | mandatory",
    "U | type_debug",
    "list | join",
    "list | sum",
    "list | to_json",
    "list | string",
    "list | sort",
    "list | max",
    "dict | to_yaml",
    "dict.unknown",
    "list[1]",
    "items | map('pow', U)",
    "U | map('upper')",
    "rows | selectattr('v', 'eq', 2)",
    "rows | sort(attribute='v')",
    "rows | groupby('v')",
    "rows | map(attribute='v') | sum",
    "list | select('odd')",
    "list | flatten",
    "list | unique",
    "range(U)",
    "U()",
    "U.method()",
    "'{}'.format(U)",
    "'a'.replace(U, 'b')",
    "'%s' % U",
    "[U] | first",
    "{U: 1}",
    "lookup('vars', 'U')",
    "lookup('file', U)",
    "query('sequence', U)",
    "U is in [1]",
    "1 is in list",
    "[U, false] is any",
    "[U, true] is all",
  ])("%s", (source) => {
    expect(evaluate(source)).toBe(U);
  });
});

describe("what does not need it stays exact", () => {
  test.each<[string, unknown]>([
    ["false and U", false],
    ["0 and U", 0],
    ["true or U", true],
    ["'x' or U", "x"],
    ["1 if true else U", 1],
    ["U if false else 1", 1],
    ["1 > 2 > U", false],
    ["nope | default(1)", 1],
    ["one | default(U)", 1],
    ["dict.known", 1],
    ["dict | length", 2],
    ["'unknown' in dict", true],
    ["'nope' in dict", false],
    ["list | length", 2],
    ["list | first", 1],
    ["list[0]", 1],
    ["[U, 1] | last", 1],
    ["dict.keys() | list", ["known", "unknown"]],
    ["rows | map(attribute='n')", ["a", "b"]],
    ["rows | selectattr('n', 'eq', 'b')", [{ n: "b", v: 2 }]],
    ["rows | selectattr('v', 'defined') | length", U],
    ["dict | combine({'unknown': 2})", { known: 1, unknown: 2 }],
    ["(dict | dict2items)[0]", { key: "known", value: 1 }],
    ["[U, true] is any", true],
    ["[U, false] is all", false],
    ["{'failed': U, 'changed': true} is changed", true],
    ["{'changed': true, 'stdout': U} is failed", false],
    ["rows | sort(attribute='n') | map(attribute='n')", ["a", "b"]],
    ["list is defined", true],
    ["list is string", false],
    ["U.x.y is defined or true", U],
  ])("%s", (source, value) => {
    expect(evaluate(source)).toEqual(value);
  });
});

test("a list or dict that holds something Unknown is not Unknown itself", () => {
  expect(evaluate("[U, 1]")).toEqual([U, 1]);
  expect(evaluate("{'a': U}")).toEqual({ a: U });
  expect(renderValue("{{ list }}", plainOrigin("play.yml", ""), scope, env)).toEqual([1, U]);
});

describe("a text that prints or depends on something Unknown is Unknown as a whole", () => {
  test.each([
    "a {{ U }} b",
    "{{ list }}",
    "{% if U %}x{% endif %}",
    "{% if false %}{% elif U %}{% endif %}",
    "{% for x in U %}{% endfor %}",
    "{% for x in list %}{{ x }}{% endfor %}",
    "{% for x in items if U %}{% endfor %}",
    "{% set x = U %}{{ x }}",
    "{% macro m(a) %}{{ a }}{% endmacro %}{{ m(U) }}",
    "{% set x %}{{ U }}{% endset %}{{ x }}",
    "{% filter upper %}{{ U }}{% endfilter %}",
    "{% set ns = namespace() %}{% if U %}{% set ns.a = 1 %}{% endif %}{{ ns.a is defined }}",
    "{% include U %}",
    "{% extends U %}",
    "{% for x in rows %}{{ x.v }}{% endfor %}",
    "{% for x in list %}{{ loop.changed(x) }}{% endfor %}",
    "{% macro m() %}{% if U %}x{% endif %}{% endmacro %}{{ m() }}",
    "{% for a, b in [U] %}{{ a }}{% endfor %}",
  ])("%s", (source) => {
    expect(render(source)).toBe(U);
  });
});

describe("a text that only passes by something Unknown is exact", () => {
  test.each([
    ["{% if true or U %}x{% endif %}", "x"],
    ["{% if one %}x{% elif U %}y{% endif %}", "x"],
    ["{% set x = U %}a", "a"],
    ["{% for x in list %}{{ loop.index }}{% endfor %}", "12"],
    ["{% for x in rows %}{{ x.n }}{% endfor %}", "ab"],
    ["{% macro m(a) %}b{% endmacro %}{{ m(U) }}", "b"],
    ["{% set x %}{{ U }}{% endset %}a", "a"],
    ["{% for x in items if x > 1 or U %}{{ x }}{% endfor %}", U],
    ["{% for x in items if x > 0 or U %}{{ x }}{% endfor %}", "123"],
  ])("%s", (source, text) => {
    expect(render(source)).toEqual(text);
  });
});

describe("a dict may have further keys", () => {
  VARS["open"] = { known: 1, [FURTHER]: U };
  test.each([
    ["open.known", 1],
    ["open.get('known')", 1],
    ["'known' in open", true],
    ["'known' not in open", false],
    ...[
      "open.other",
      "open['other']",
      "open.other is defined",
      "open.other | default(1)",
      "open.get('other', 1)",
      "'other' in open",
      "'other' not in open",
      "open.keys()",
      "open.items()",
      "open | dict2items",
      "open | list",
      "open | length",
      "open | combine({'a': 1})",
      "open == {'known': 1}",
      "[open] | map(attribute='other') | first",
      "[open] | selectattr('other', 'defined') | list",
      "[open] | to_json",
      "open ~ ''",
    ].map((source) => [source, U] as const),
  ] as const)("%s", (source, value) => {
    expect(evaluate(source)).toBe(value);
  });
});

test("what is undefined stays an error beside something Unknown", () => {
  expect(() => evaluate("U + nope")).toThrow("'nope' is undefined");
  expect(() => evaluate("nope ~ U")).toThrow("'nope' is undefined");
});
