import { expect, test } from "vitest";
import { evaluateCondition, standardEnvironment } from "../../../src/jinja/template.ts";
import { Unasked, Unknown } from "../../../src/value.ts";
import { wrapScalar } from "../../../src/yaml/data.ts";

const later = new Unknown("later");
const asked = new Unasked("asked");
const values = new Map<string, unknown>([
  ["later", later],
  ["asked", asked],
  ["yes", true],
  ["no", false],
  ["text", "x"],
]);

const cases: [condition: string, wanted: unknown][] = [
  ["later and no", false],
  ["later and yes", later],
  ["no and later", false],
  ["yes and later", later],
  ["later or yes", true],
  ["later or no", later],
  ["later and (yes and no)", false],
  ["(later or yes) and no", false],
  ["(later and no) or later", later],
  ["later.changed and text == 'y'", false],
  ["later.changed and text == 'x'", later],
  ["later and asked", asked],
  ["later and nobody", later],
  ["later and nobody.x == 1", later],
  ["later and 'x' | int(base='y')", later],
];

test.each(cases)("%s", (condition, wanted) => {
  const place = { file: "x", line: 1, column: 1 };
  const scope = { lookup: (name: string) => values.get(name), names: () => values.keys() };
  const env = standardEnvironment();
  expect(evaluateCondition(condition, wrapScalar(condition, place), scope, env)).toBe(wanted);
});
