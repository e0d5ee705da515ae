import { expect, test } from "vitest";
import { coerceArgument } from "../../../src/modules/contract/coerce.ts";
import type { Argument, ArgumentType } from "../../../src/modules/contract/schema.ts";

const good: [type: ArgumentType, given: unknown, made: unknown, more?: Partial<Argument>][] = [
  ["str", 5, "5"],
  ["str", true, "True"],
  ["str", "a", "a"],
  ["bool", "yes", true],
  ["bool", "off", false],
  ["bool", 1, true],
  ["bool", "0", false],
  ["bool", "y", true],
  ["int", "12", 12],
  ["int", 7, 7],
  ["float", "1.5", 1.5],
  ["mode", 0o644, "0644"],
  ["mode", "0755", "0755"],
  ["mode", "644", "0644"],
  ["mode", "u+x,g-w", "u+x,g-w"],
  ["mode", "preserve", "preserve"],
  ["mode", "0o600", "0600"],
  ["list", "a,b", ["a", "b"], { elements: "str" }],
  ["list", [1, 2], ["1", "2"], { elements: "str" }],
  ["list", 3, [3]],
  ["dict", { a: 1 }, { a: 1 }],
  ["dict", "a=1", { a: "1" }],
  ["dict", " a=1, b='x y',c=a\\ b=d ", { a: "1", b: "x y", c: "a b=d" }],
  ["dict", '{"a": {"b": [1, true]}}', { a: { b: [1, true] } }],
  ["dict", "{'a': None}", { a: null }],
  ["dict", "a='1, \\'", { a: "1, '" }],
  ["dict", "a==b,,c=", { a: "=b", c: "" }],
  ["dict", "b=yes", { b: true }, { options: { b: { type: "bool", description: "" } } }],
  ["list", "a=1,b=2", [{ a: "1" }, { b: "2" }], { elements: "dict" }],
  ["raw", [null], [null]],
  ["expression", true, "true"],
  ["str", null, undefined],
  ["bool", null, undefined],
  ["bool", null, false, { default: true }],
  ["bool", null, false, { default: false }],
  ["int", null, 0, { default: 0 }],
  ["list", null, [], { default: [] }],
  ["str", null, "x", { default: "x", null: "default" }],
  ["str", null, undefined, { choices: ["a"], null: "default" }],
  ["raw", null, null, { null: "kept" }],
];

test.each(good)("%s takes %j", (type, given, made, more) => {
  expect(coerceArgument({ type, description: "", ...more }, "m.a", given)).toStrictEqual(made);
});

const bad: [type: ArgumentType, given: unknown, says: RegExp, more?: Partial<Argument>][] = [
  ["str", null, /cannot be null/, { choices: ["a", "b"] }],
  ["str", null, /cannot be null/, { default: "a", choices: ["a", "b"] }],
  ["str", null, /cannot be null/, { default: "a" }],
  ["list", null, /cannot be null/, { default: ["a"], elements: "str" }],
  ["list", [null], /takes text, but this is null/, { elements: "str" }],
  ["list", [null], /takes a whole number, but this is null/, { elements: "int" }],
  ["str", [1], /takes text, but this is a list/],
  ["bool", "maybe", /true or false/],
  ["int", "1.5", /whole number/],
  ["int", "", /whole number/],
  ["int", true, /whole number/],
  ["mode", "rwx", /file mode/],
  ["mode", 99999, /file mode/],
  ["dict", "a", /mapping/],
  ["dict", "a=1 b", /mapping/],
  ["dict", "{a", /mapping/],
  ["dict", "{1, 2}", /mapping/],
  ["dict", "c=1", /has no key "c"/, { options: { a: { type: "str", description: "" } } }],
  ["str", "c", /cannot be "c"/, { choices: ["a", "b"] }],
  ["dict", { b: 1 }, /has no key "b"/, { options: { a: { type: "str", description: "" } } }],
];

test.each(bad)("%s refuses %j", (type, given, says, more) => {
  expect(() => coerceArgument({ type, description: "", ...more }, "m.a", given)).toThrow(says);
});

test("choices with line breaks are named in a hint as one writes them, each once", () => {
  const argument: Argument = {
    type: "str",
    description: "",
    choices: ["\n", "\r\n", "\\n", "\\r\\n"],
  };
  expect(() => coerceArgument(argument, "m.a", "carriage")).toThrow(
    expect.objectContaining({ hint: "it takes \\n, \\r\\n" }),
  );
});
