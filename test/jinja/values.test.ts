import { describe, expect, test } from "vitest";
import {
  Float,
  LazyDict,
  evaluateExpression,
  hasTemplate,
  parseTemplate,
  plainOrigin,
  renderTemplate,
  renderValue,
  standardEnvironment,
} from "../../src/jinja/template.ts";

const env = standardEnvironment();
const VARS: { [name: string]: unknown } = {
  one: new Float(1),
  list: [1, 2],
  dict: { a: 1 },
  text: "x",
  none: null,
  big: 2n ** 64n,
};
const scope = { lookup: (name: string) => VARS[name] };

// The value of a text of a playbook.
function value(source: string, names: typeof scope = scope): unknown {
  return renderValue(source, plainOrigin("play.yml", source), names, env);
}

describe("a lone expression gives its own value, anything else a string", () => {
  test.each<[string, unknown]>([
    ["{{ 1 }}", 1],
    ["{{ true }}", true],
    ["{{ none }}", null],
    ["{{ list }}", [1, 2]],
    ["{{ {'a': [1, none]} }}", { a: [1, null] }],
    ["{{ '1' }}", "1"],
    ["{{ 1.5 }}", 1.5],
    ["{{ 4 / 2 }}", new Float(2)],
    ["{{ big }}", 2n ** 64n],
    ["{{ (1, 2) }}", [1, 2]],
    ["{{ dict.items() }}", [["a", 1]]],
    ["{{ 'x' if false }}", ""],
    [" {{ 1 }}", " 1"],
    ["{{ 1 }}{{ 2 }}", "12"],
    ["{{ 1 }}x", "1x"],
    ["{{ list }} ", "[1, 2] "],
    ["{{ none }}x", "x"],
    ["{% if true %}1{% endif %}", "1"],
    ["{# c #}{{ 1 }}", 1],
    ["{{ 'a' }}\n", "a\n"],
    ["{{ 'a' }}\n\n", "a\n\n"],
    ["{{ 1 }}\n", 1],
    ["plain", "plain"],
    ["{{ one }} {{ one + 1 }} {{ [one] }}", "1.0 2.0 [1.0]"],
  ])("%s", (source, wanted) => {
    expect(value(source)).toEqual(wanted);
  });
});

test("a tuple leaves as a plain list", () => {
  const left = value("{{ [(1, 2)] }}") as unknown[];
  expect(Object.getPrototypeOf(left[0])).toBe(Array.prototype);
});

test("a function or something undefined inside a list does not leave", () => {
  expect(() => value("{{ [dict.items] }}")).toThrow("items is a function");
  expect(() => value("{{ [nope] }}")).toThrow("'nope' is undefined");
});

describe("backslashes in the texts of {{ }} are plain in a playbook's value, and escapes elsewhere", () => {
  test.each<[string, unknown]>([
    ["{{ 'a\\nb' }}", "a\\nb"],
    ["{{ 'abc' | regex_replace('(b)', '[\\1]') }}", "a[b]c"],
    ["{% set x = 'a\\nb' %}{{ x }}", "a\nb"],
    ["{{ 'it\\'s' }}", "it's"],
  ])("%s", (source, wanted) => {
    expect(value(source)).toBe(wanted);
  });

  test("in a condition", () => {
    expect(evaluateExpression("'a\\nb'", plainOrigin("p", ""), scope, env)).toBe("a\nb");
  });
});

describe("a condition with braces is rendered, and the text that comes of it evaluated", () => {
  test.each([
    ["{{ list | length }}", 2],
    ["  {{ true }}  ", true],
    ["{{ list }} == [1, 2]", true],
    ["'{{ 'a' ~ 'b' }}' in ['ab']", true],
    ["{{ 2 }} > 1 and {{ 3 }} < 1", false],
    ["{{ 'list | length' }}", 2],
    ["{{ 'false' }}", false],
    ["{% if true %}2 == 2{% endif %}", true],
    ["{{ '' }}", ""],
  ])("%s", (source, wanted) => {
    expect(evaluateExpression(source, plainOrigin("p", ""), scope, env)).toBe(wanted);
  });
});

test("keys that JavaScript would reorder keep their order", () => {
  expect(value("{{ {'10': 1, '9': 2, 'a': 3} | list }}")).toEqual(["10", "9", "a"]);
  expect(value("{{ {'b': 1} | combine({'2': 1, '1': 2}) | to_json }}")).toBe(
    '{"b": 1, "2": 1, "1": 2}',
  );
  expect(value('{{ \'{"2": 1, "1": 2}\' | from_json | to_json }}')).toBe('{"2": 1, "1": 2}');
});

test("a lazy dict is asked only for what is used", () => {
  const asked: unknown[] = [];
  class Hosts extends LazyDict {
    get(key: unknown): unknown {
      asked.push(key);
      return key === "a" || key === "b" ? { ip: `10.0.0.${key === "a" ? 1 : 2}` } : undefined;
    }

    keys(): string[] {
      return ["a", "b"];
    }
  }
  const hosts = new Hosts();
  const names = { lookup: (name: string) => (name === "hostvars" ? hosts : undefined) };
  expect(value("{{ hostvars['a'].ip }}", names)).toBe("10.0.0.1");
  expect(
    value("{{ hostvars | list }}{{ hostvars | length }}{{ hostvars.c is defined }}", names),
  ).toBe("['a', 'b']2False");
  expect(asked).toEqual(["a", "c"]);
  expect(value("{{ ['b'] | map('extract', hostvars, 'ip') | list }}", names)).toEqual(["10.0.0.2"]);
  expect(asked).toEqual(["a", "c", "b"]);
});

test("the values of a variable are worked out only where they are looked up", () => {
  const looked: string[] = [];
  const names = { lookup: (name: string) => (looked.push(name), 1) };
  value("{{ a if true else b }}{{ true or c }}{% if false %}{{ d }}{% endif %}", names);
  expect(looked).toEqual(["a"]);
});

test.each([
  ["{{ x }}", true],
  ["{% x %}", true],
  ["{# x #}", true],
  ["{ x }", false],
  ["", false],
])("whether %s needs rendering", (text, wanted) => {
  expect(hasTemplate(text)).toBe(wanted);
});

describe("the first line of a template may set how its blocks are trimmed", () => {
  test.each([
    ["#jinja2: trim_blocks: False\n{% if true %}\nx\n{% endif %}\n", "\nx\n"],
    ["#jinja2: lstrip_blocks: True\n  {% if true %}\n  x\n  {% endif %}\n", "  x\n"],
    ["#jinja2:trim_blocks:False, lstrip_blocks:True\n  {% if true %}\nx{% endif %}", "\nx"],
    ['#jinja2: trim_blocks: "true", lstrip_blocks: "true"\n  {% if true %}\nx{% endif %}', "x"],
    ["#jinja2: trim_blocks: 0\n{% if true %}\nx{% endif %}", "\nx"],
    [
      "#jinja2: variable_start_string: '[[', variable_end_string: ']]'\n[[ text ]] {{ text }}",
      "x {{ text }}",
    ],
    [
      "#jinja2: block_start_string: '<:', block_end_string: ':>'\n<: if true :>{% x %}<: endif :>",
      "{% x %}",
    ],
    ["# jinja2: no header\n{{ text }}", "# jinja2: no header\nx"],
  ])("%s", (source, wanted) => {
    expect(
      renderTemplate(parseTemplate(source, plainOrigin("t.j2", source), { env }), scope, env),
    ).toBe(wanted);
  });
});

test("line breaks of other systems are read as one", () => {
  const source = "{% if true %}\r\na\r\n{% endif %}\r\nb\r\n";
  expect(
    renderTemplate(parseTemplate(source, plainOrigin("t.j2", source), { env }), scope, env),
  ).toBe("a\nb\n");
});
