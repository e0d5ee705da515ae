import { expect, test } from "vitest";
import { joinArguments, readPair, splitArguments } from "../../../src/jinja/formats/key-values.ts";

const raw = String.raw;

// What ansible.parsing.splitter.split_args gives.
test.each<[string, string[]]>([
  ["a=b c=d", ["a=b", "c=d"]],
  ['a="b c" d', ['a="b c"', "d"]],
  ["echo a   b creates=x", ["echo", "a  ", "b", "creates=x"]],
  ["a={{ b }}/c d={{ 'e f' }}", ["a={{ b }}/c", "d={{ 'e f' }}"]],
  ["cd /x\nls creates=y\n", ["cd", "/x\n", "ls", "creates=y\n"]],
  ["a \\\nb", ["a", "b"]],
  ["a={% if b %}c d{% endif %}", ["a={% if b %}c", "d{% endif %}"]],
])("%j splits into %j", (text, words) => {
  expect(splitArguments(text).map(({ word }) => word)).toEqual(words);
});

test("words keep the place where they begin", () => {
  const text = "one  two=3\n four";
  for (const { word, start } of splitArguments(text)) expect(text.indexOf(word.trim())).toBe(start);
});

test.each(["it's", 'a="b', "a={{ b"])("%j cannot be told apart", (text) => {
  expect(() => splitArguments(text)).toThrow(/are ambiguous/);
});

// What ansible.parsing.splitter.parse_kv gives.
test.each<[string, { name: string; value: string } | undefined]>([
  [raw`regexp=\bfoo\b`, { name: "regexp", value: "\bfoo\b" }],
  [raw`regexp='^a\.b$'`, { name: "regexp", value: raw`^a\.b$` }],
  [raw`replace='\2-\1'`, { name: "replace", value: raw`\2-\1` }],
  [raw`line="x\\ty \"q\" \n z"`, { name: "line", value: 'x\\ty "q" \n z' }],
  [raw`a=\x41\u00e9\U0001f600`, { name: "a", value: "A\u00e9\u{1f600}" }],
  [raw`a=\U00110000`, { name: "a", value: raw`\U00110000` }],
  ["a=b=c", { name: "a", value: "b=c" }],
  ["=a", undefined],
  [raw`a\=b`, undefined],
])("%s is read as %j", (word, pair) => {
  expect(readPair(word)).toEqual(pair);
});

test("words that end lines are joined without a blank", () => {
  expect(joinArguments(["cd", "/x\n", "ls"])).toBe("cd /x\nls");
});
