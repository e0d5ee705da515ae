import { expect, test } from "vitest";
import { InputError } from "../../../src/errors.ts";
import { standardEnvironment } from "../../../src/jinja/template.ts";
import { Variables } from "../../../src/plan/model/variables.ts";
import { Unknown } from "../../../src/value.ts";
import { loadYaml } from "../../../src/yaml/load.ts";
import type { YamlNode } from "../../../src/yaml/node.ts";

// A layer of YAML.
function layer(text: string): { nodes: Map<string, YamlNode> } {
  const node = loadYaml(text, "vars.yml");
  return {
    nodes: new Map(
      node?.kind === "map" ? node.entries.map(({ key, value }) => [String(key.value), value]) : [],
    ),
  };
}

const unknown = new Unknown("facts");
const variables = new Variables(
  [
    layer(
      'a: weak\nb: "{{ a }} and {{ c | default(\'none\') }}"\nlist: ["{{ a }}", 2, {k: "{{ n }}"}]\nn: 5\nkeys: {10: x, 2: "{{ a }}"}\nraw: !unsafe "{{ a }}"\nloop1: "{{ loop2 }}"\nloop2: "{{ loop1 }}"\nf: "v{{ fact }}"\nlone: "{{ n }}"\nbool: "{{ n > 3 }}"\nzero: 1.0\n',
    ),
    {
      values: new Map<string, unknown>([
        ["fact", unknown],
        ["v", null],
      ]),
    },
    layer("a: strong"),
  ],
  standardEnvironment(),
);

const cases: [name: string, value: unknown][] = [
  ["a", "strong"],
  ["b", "strong and none"],
  ["lone", 5],
  ["bool", true],
  ["raw", "{{ a }}"],
  ["nothing", undefined],
  ["v", null],
];

test.each(cases)("%s is %j", (name, value) => {
  expect(variables.lookup(name)).toEqual(value);
});

test("lists and mappings are rendered inside, and keep the order of their keys", () => {
  expect(JSON.parse(JSON.stringify(variables.lookup("list")))).toEqual(["strong", 2, { k: 5 }]);
  expect([...(variables.lookup("keys") as Map<unknown, unknown>)]).toEqual([
    [10, "x"],
    [2, "strong"],
  ]);
});

test("what needs an unknown is unknown, and says what it waits for", () => {
  expect(variables.lookup("f")).toBeInstanceOf(Unknown);
  expect((variables.lookup("f") as Unknown).why).toBe("facts");
});

test("a variable that needs itself is an error with the way it went", () => {
  expect(() => variables.lookup("loop1")).toThrow(/loop1 -> loop2 -> loop1/);
  expect(() => variables.lookup("loop1")).toThrow(InputError);
});

test("stronger layers come on top for one task, without changing the others", () => {
  const more = variables.with({ values: new Map([["a", "task"]]) });
  expect([more.lookup("b"), variables.lookup("b")]).toEqual(["task and none", "strong and none"]);
});
