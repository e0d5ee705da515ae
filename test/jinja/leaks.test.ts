import { describe, expect, test } from "vitest";
import {
  evaluateExpression,
  parseTemplate,
  plainOrigin,
  renderTemplate,
  standardEnvironment,
} from "../../src/jinja/template.ts";

const NAMES = [
  "constructor",
  "__proto__",
  "prototype",
  "toString",
  "valueOf",
  "hasOwnProperty",
  "isPrototypeOf",
  "__defineGetter__",
  "__lookupGetter__",
  "call",
  "apply",
  "bind",
  "arguments",
  "caller",
  "name",
  "toJSON",
  "then",
  "map",
  "filter",
  "at",
  "charAt",
  "size",
  "set",
  "has",
  "__class__",
  "mro",
  "run",
  "fields",
  "vars",
];
const OBJECTS = [
  "'text'",
  "[1]",
  "(1, 2)",
  "{'a': 1}",
  "{1: 2}",
  "1",
  "1.0",
  "true",
  "none",
  "m",
  "range",
  "ns",
  "cycler('a')",
  "loop",
  "imported",
  "lookup",
  "x",
];

const env = standardEnvironment();
const vars: { [name: string]: unknown } = {
  x: Object.assign(Object.create(null) as object, { own: 1 }),
};
const withFiles = {
  ...env,
  loadTemplate: () => ({ source: "{% set own = 1 %}", origin: plainOrigin("f", "") }),
};

// What a template prints, or "error".
function render(source: string): unknown {
  try {
    return renderTemplate(
      parseTemplate(source, plainOrigin("t", source), { env: withFiles }),
      { lookup: (name) => (Object.hasOwn(vars, name) ? vars[name] : undefined) },
      withFiles,
    );
  } catch {
    return "error";
  }
}

describe("nothing of JavaScript can be reached", () => {
  test.each(NAMES)("by the attribute %s", (name) => {
    for (const object of OBJECTS) {
      const setup =
        "{% import 'f' as imported %}{% set ns = namespace() %}{% macro m() %}{% endmacro %}{% for q in [1] %}";
      expect([
        object,
        render(
          `${setup}{{ (${object}).${name} is defined }}{{ (${object})['${name}'] is defined }}{% endfor %}`,
        ),
      ]).toEqual([object, "FalseFalse"]);
    }
  });

  test.each(NAMES.filter((name) => !["name"].includes(name)))("by the variable %s", (name) => {
    expect(render(`{{ ${name} is defined }}`)).toBe("False");
  });

  test.each(["constructor", "__proto__", "toString", "hasOwnProperty"])(
    "by a filter, test, lookup or statement named %s",
    (name) => {
      expect(render(`{{ 1 | ${name} }}`)).toBe("error");
      expect(render(`{{ 1 is ${name} }}`)).toBe("error");
      expect(render(`{{ lookup('${name}') }}`)).toBe("error");
      expect(render(`{% ${name} %}`)).toBe("error");
      expect(render(`{{ [1] | map('${name}') }}`)).toBe("error");
      expect(render(`{{ 'x' | comment('${name}') }}`)).toBe("error");
      expect(render(`{{ {} | combine({}, {}, list_merge='${name}') }}`)).toBe("error");
      expect(render(`{{ 'x' | hash('${name}') }}`)).toBe("error");
      expect(render(`{{ '1' is version('1', '${name}') }}`)).toBe("error");
      expect(render(`{{ '1' is version('1', '==', version_type='${name}') }}`)).toBe("error");
      expect(render(`{{ 'x' | b64encode('${name}') }}`)).toBe("error");
    },
  );
});

describe("names of JavaScript are plain keys of dicts", () => {
  test.each(["constructor", "__proto__", "prototype", "toString", "hasOwnProperty", "length"])(
    "%s",
    (name) => {
      expect(
        render(
          `{% set d = {'${name}': 5} %}{{ d['${name}'] }}{{ d.${name} }}{{ d | length }}{{ '${name}' in d }}{{ d | to_json }}{{ d }}`,
        ),
      ).toBe(`5` + `5` + `1True{"${name}": 5}{'${name}': 5}`);
      expect(render(`{% set d = {} %}{% set _ = d.update({'${name}': 5}) %}{{ d }}`)).toBe(
        `{'${name}': 5}`,
      );
      expect(render(`{{ {'a': 1} | combine({'${name}': 5}) }}`)).toBe(`{'a': 1, '${name}': 5}`);
      expect(render(`{{ '{"${name}": 5}' | from_json }}{{ '${name}: 5' | from_yaml }}`)).toBe(
        `{'${name}': 5}{'${name}': 5}`,
      );
      expect(render(`{% set ns = namespace() %}{% set ns.${name} = 5 %}{{ ns.${name} }}`)).toBe(
        "5",
      );
      expect(render(`{% set ${name} = 5 %}{{ ${name} }}`)).toBe("5");
      expect(render(`{{ dict(${name}=5) }}`)).toBe(`{'${name}': 5}`);
    },
  );
});

test("rendering changes neither prototypes nor the variables", () => {
  const before = Object.getOwnPropertyNames(Object.prototype).length;
  const data: { [name: string]: unknown } = { l: [3, 1], d: { a: { b: [1] } } };
  const copy = structuredClone(data);
  const scope = { lookup: (name: string) => data[name] };
  for (const source of [
    "l.append(9)",
    "l.sort()",
    "d.update({'x': 1})",
    "d.a.b.append(2)",
    "d['pop']('a')",
    "l | sort",
    "l | reverse",
    "d | combine({'a': {'c': 1}}, recursive=true)",
    "l.clear()",
    "{'__proto__': {'polluted': 1}}",
    "d | combine({'__proto__': {'polluted': 1}}, recursive=true)",
  ]) {
    evaluateExpression(source, plainOrigin("t", source), scope, env);
  }
  expect(data).toEqual(copy);
  expect(Object.getOwnPropertyNames(Object.prototype).length).toBe(before);
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
});
