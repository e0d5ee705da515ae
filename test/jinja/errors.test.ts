import { describe, expect, test } from "vitest";
import { InputError } from "../../src/errors.ts";
import {
  evaluateExpression,
  parseTemplate,
  plainOrigin,
  renderTemplate,
  renderValue,
  standardEnvironment,
} from "../../src/jinja/template.ts";

const VARS: { [name: string]: unknown } = {
  name: "x",
  port: 8080,
  text: "abc",
  items: [1, 2],
  container: { image: "a", config: { root: "/" } },
  none: null,
};
const env = standardEnvironment();
const scope = {
  lookup: (name: string) => (Object.hasOwn(VARS, name) ? VARS[name] : undefined),
  names: () => Object.keys(VARS),
};

// The error of a template, as "line:column message | hint".
function errorOf(source: string): string {
  try {
    renderTemplate(parseTemplate(source, plainOrigin("t.j2", source), { env }), scope, env);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const { place, message, hint } = error;
    return `${place?.line}:${place?.column} ${message}${hint === undefined ? "" : ` | ${hint}`}`;
  }
  return "no error";
}

describe("an error tells its place and a hint", () => {
  test.each([
    ["a\n  {{ nmae }}", "2:6 'nmae' is undefined | did you mean \"name\"?"],
    ["{{ nope }}", "1:4 'nope' is undefined"],
    [
      "{{ container.imgae }}",
      "1:14 'dict object' has no attribute 'imgae' | did you mean \"image\"?",
    ],
    ["{{ container.config.x }}", "1:21 'dict object' has no attribute 'x' | it has: root"],
    [
      "{{ container['nope'].deep }}",
      "1:13 'dict object' has no attribute 'nope' | it has: image, config",
    ],
    ["{{ name | uper }}", '1:11 there is no filter "uper" | did you mean "upper"?'],
    ["{% if false %}{{ name | nosuch }}{% endif %}", '1:25 there is no filter "nosuch"'],
    ["{{ name is defind }}", '1:12 there is no test "defind" | did you mean "defined"?'],
    ["{{ lookup('fiel', 'x') }}", '1:11 there is no lookup "fiel" | did you mean "file"?'],
    ["{{ items | map('uper') }}", '1:16 there is no filter "uper" | did you mean "upper"?'],
    ["{{ items | select('od') }}", '1:19 there is no test "od" | did you mean "odd"?'],
    [
      "{{ items | selectattr('a', 'equalt', 1) }}",
      '1:28 there is no test "equalt" | did you mean "equalto"?',
    ],
    [
      "{{ port + 'x' }}",
      "1:9 unsupported operand type(s) for +: 'int' and 'str' | join texts with ~, or convert with | int or | string",
    ],
    ["{{ port / 0 }}", "1:9 division by zero"],
    ["{{ port < 'a' }}", "1:11 '<' not supported between instances of 'int' and 'str'"],
    ["{{ port.x() }}", "1:9 'int object' has no attribute 'x'"],
    ["{{ port() }}", "1:4 'int' object is not callable"],
    ["{{ container.items }}", "1:1 items is a function, not a value | call it: items()"],
    ["{% for x in port %}{% endfor %}", "1:13 'int' object is not iterable"],
    ["{% for x in items %}\n{{ x }}", "1:4 {% for %} is not closed | add {% endfor %}"],
    [
      "{% if name %}\n{% endfor %}",
      '2:4 there is no statement "endfor" to close here | expected {% elif %} or {% else %} or {% endif %}',
    ],
    ["{% fro x in items %}", '1:4 there is no statement "fro" | did you mean "for"?'],
    ["{% do items.append(1) %}", '1:4 there is no statement "do" | write {% set _ = ... %}'],
    ["text {{ name", '1:6 "{{" is not closed'],
    ["{{ name }", '1:9 unexpected "}" | an expression ends with }}, a statement with %}'],
    ["{{ (name }}", '1:10 unexpected "}", expected ")"'],
    ["{# never", "1:1 the comment is not closed | add #}"],
    ["{% raw %}x", "1:1 the raw block is not closed | add {% endraw %}"],
    ["{{ name name }}", '1:9 unexpected "name", expected "}}"'],
    ["{{ 'abc }}", '1:4 unexpected character "\'" | the string is not closed'],
    ["{{ name ! }}", '1:9 unexpected character "!"'],
    ["{{ }}", '1:4 unexpected "}}", expected a value'],
    ["{% set x.y = 1 %}", "1:8 'x' is undefined"],
    [
      "{% set name.y = 1 %}",
      "1:8 only a namespace has fields that can be set, and 'name' is none | {% set name = namespace() %}",
    ],
    ["{{ text | replace('a') }}", "1:11 replace() missing required argument: 'new'"],
    [
      "{{ text | indent(widht=2) }}",
      "1:11 indent() got an unexpected keyword argument 'widht' | did you mean \"width\"?",
    ],
    ["{{ text | regex_replace('(', '') }}", "1:11 the pattern '(' is not a regular expression"],
    ["{{ '{' | from_json }}", "1:10 the text is not JSON: line 1 column 2"],
    ["{{ 'a: [1' | from_yaml }}", "1:14 the text is not YAML: line 1"],
    [
      "{% macro m(a) %}{{ a }}{% endmacro %}\n{{ m() }}",
      "1:17 parameter 'a' of macro 'm' was not provided",
    ],
    [
      "{% macro m(a) %}{% endmacro %}\n{{ m(1, 2) }}",
      "2:4 macro 'm' takes not more than 1 argument(s)",
    ],
    ["{% include 'nope.j2' %}", "1:12 templates cannot be included here"],
    [
      "{{ lookup('env', 'X', defualt='y') }}",
      "1:4 env() got an unexpected keyword argument 'defualt' | did you mean \"default\"?",
    ],
    [
      "{{ port | to_json(ident=2) }}",
      "1:11 to_json() got an unexpected keyword argument 'ident' | did you mean \"indent\"?",
    ],
    [
      "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
      "1:1 the template calls or includes itself without end",
    ],
    ["{{ lookup('file', 'x') }}", "1:4 file needs the controller, which cannot be asked here"],
    [
      "#jinja2: trim_block: True\n{{ name }}",
      '1:1 the setting "trim_block: True" is not supported | trim_blocks and lstrip_blocks can be True or False, variable_start_string and its like a quoted text',
    ],
  ])("%s", (source, wanted) => {
    expect(errorOf(source)).toContain(wanted);
  });
});

describe("the place is that of the user's file", () => {
  const shifted = { at: (offset: number) => ({ file: "site.yml", line: 7, column: 20 + offset }) };

  test("for a value", () => {
    expect(() => renderValue("x {{ nope }}", shifted, scope, env)).toThrow(
      expect.objectContaining({ place: { file: "site.yml", line: 7, column: 25 } }),
    );
  });

  test("for equal texts in different places", () => {
    const other = { at: (offset: number) => ({ file: "other.yml", line: 1, column: 1 + offset }) };
    expect(() => renderValue("x {{ nope }}", other, scope, env)).toThrow(
      expect.objectContaining({ place: { file: "other.yml", line: 1, column: 6 } }),
    );
    expect(() => renderValue("x {{ nope }}", shifted, scope, env)).toThrow(
      expect.objectContaining({ place: { file: "site.yml", line: 7, column: 25 } }),
    );
  });

  test("for an error of parsing", () => {
    expect(() => evaluateExpression("name ==", shifted, scope, env)).toThrow(
      expect.objectContaining({ place: { file: "site.yml", line: 7, column: 27 } }),
    );
  });

  test("for a condition that stands in braces", () => {
    expect(() => evaluateExpression("{{ nope }}", shifted, scope, env)).toThrow(
      expect.objectContaining({ place: { file: "site.yml", line: 7, column: 23 } }),
    );
  });

  test("for a macro of another file", () => {
    const source = "{% macro m() %}\n{{ nope }}{% endmacro %}";
    const withFiles = {
      ...env,
      loadTemplate: () => ({ source, origin: plainOrigin("macros.j2", source) }),
    };
    const main = "{% import 'macros.j2' as x %}{{ x.m() }}";
    expect(() =>
      renderTemplate(
        parseTemplate(main, plainOrigin("main.j2", main), { env: withFiles }),
        scope,
        withFiles,
      ),
    ).toThrow(
      expect.objectContaining({
        place: expect.objectContaining({ file: "macros.j2", line: 2, column: 4 }) as unknown,
      }),
    );
  });
});
