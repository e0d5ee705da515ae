import { describe, expect, test } from "vitest";
import { InputError } from "../../src/errors.ts";
import { loadYaml, loadYamlDocuments } from "../../src/yaml/load.ts";

// Loads a text that is wrong, and gives the complaint.
function complaint(text: string): InputError {
  try {
    loadYaml(text, "t.yml");
  } catch (error) {
    if (error instanceof InputError) return error;
    throw error;
  }
  throw new Error("the text was accepted");
}

interface Case {
  name: string;
  text: string;
  at: string;
  message: RegExp;
  hint?: RegExp;
}

const cases: Case[] = [
  {
    name: "template as a value",
    text: "x: 1\na: {{ x }}\n",
    at: "2:4",
    message: /begins with \{\{/,
    hint: /^quote it: "\{\{ x \}\}"$/,
  },
  {
    name: "template as a value deep in a play",
    text: "- hosts: all\n  tasks:\n    - name: b\n      copy:\n        dest: {{ x }}\n",
    at: "5:15",
    message: /begins with \{\{/,
  },
  {
    name: "template with text behind it",
    text: "a: {{ x }}/y\nb: 1\n",
    at: "1:4",
    message: /begins with \{\{/,
    hint: /"\{\{ x \}\}\/y"/,
  },
  {
    name: "template with quotes inside",
    text: 'a: {{ x | default("y") }}\n',
    at: "1:4",
    message: /begins with \{\{/,
    hint: /'\{\{ x \| default\("y"\) \}\}'/,
  },
  {
    name: "template as a list item",
    text: "a:\n  - {{ x }}\n",
    at: "2:5",
    message: /begins with \{\{/,
  },
  { name: "mapping as a key", text: "? {a: 1}\n: b\n", at: "1:3", message: /a key must be/ },
  { name: "tab", text: "a:\n\tb: 1\n", at: "2:1", message: /tab/, hint: /spaces/ },
  {
    name: "tab after spaces",
    text: "a:\n  b: 1\n  \tc: 1\n",
    at: "3:3",
    message: /tab/,
    hint: /spaces/,
  },
  { name: "tab behind a dash", text: "-\tb\n", at: "1:2", message: /tab/, hint: /space/ },
  {
    name: "control character",
    text: "a: x\u0007\n",
    at: "1:5",
    message: /control character here \(U\+0007\)/,
  },
  { name: "lone merge key", text: "- <<\n", at: "1:3", message: /"<<" is a key/, hint: /quote/ },
  {
    name: "lone equals sign",
    text: "a: =\n",
    at: "1:4",
    message: /meaning of its own/,
    hint: /quote/,
  },
  { name: "half a character", text: 'a: "\\ud83d"\n', at: "1:4", message: /half of a character/ },
  {
    name: "template in a list whose lines are not indented",
    text: "a: [\n{{ x }},\nb]\n",
    at: "2:1",
    message: /a key must be|begins with/,
  },
  {
    name: "colon in text",
    text: "- name: get: set\n",
    at: "1:12",
    message: /colon/,
    hint: /quote/,
  },
  {
    name: "open double quote, last line",
    text: 'a: "foo\n',
    at: "1:4",
    message: /never closed/,
    hint: /close/,
  },
  {
    name: "open double quote, another below",
    text: 'b: 1\na: "foo\nc: "bar"\n',
    at: "2:4",
    message: /never closed/,
  },
  {
    name: "open double quote, closed below by another's",
    text: 'a:\n  b: "foo\n    c: "bar"\n',
    at: "2:6",
    message: /never closed/,
  },
  { name: "open single quote", text: "a: 'foo\nb: 1\n", at: "1:4", message: /never closed/ },
  { name: "text after a quote", text: 'a: "x" y\n', at: "1:8", message: /after the closing quote/ },
  {
    name: "apostrophe in single quotes",
    text: "a: 'it's'\n",
    at: "1:8",
    message: /after the closing quote/,
    hint: /''/,
  },
  { name: "reserved @", text: "a: @x\n", at: "1:4", message: /begin with @/, hint: /quote/ },
  { name: "reserved backtick", text: "- `x`\n", at: "1:3", message: /begin with `/ },
  { name: "percent", text: "a: %x\n", at: "1:4", message: /begin with %/ },
  {
    name: "no space after the colon",
    text: "a:\n  key:value\n  b: 1\n",
    at: "2:6",
    message: /no space/,
    hint: /space after the colon/,
  },
  {
    name: "bad escape",
    text: 'a: "C:\\dir"\n',
    at: "1:8",
    message: /backslash/,
    hint: /single quotes/,
  },
  { name: "open list", text: "a: [1, 2\nb: 3\n", at: "1:4", message: /not closed/ },
  { name: "open mapping", text: "a: {b: 1\nc: 2\n", at: "1:4", message: /not closed/ },
  {
    name: "deeper line under a value",
    text: "a: 1\n  b: 2\n",
    at: "2:4",
    message: /indentation/,
    hint: /same column/,
  },
  {
    name: "line between two levels",
    text: "a:\n  b: 1\n c: 2\n",
    at: "3:2",
    message: /indentation/,
    hint: /same column/,
  },
  {
    name: "list item under a mapping",
    text: "a: b\n- c\n",
    at: "2:1",
    message: /list item/,
    hint: /same column/,
  },
  {
    name: "glob that is not quoted",
    text: "a: *.log\n",
    at: "1:4",
    message: /anchor/,
    hint: /"\*.log"/,
  },
  {
    name: "alias inside of its anchor",
    text: "a: &x\n  - *x\n",
    at: "2:5",
    message: /inside what it refers to/,
  },
  { name: "anchor set twice", text: "a: &x 1\nb: &x 2\n", at: "2:4", message: /twice/ },
  {
    name: "unknown tag",
    text: "a: !vualt x\n",
    at: "1:4",
    message: /tag !vualt/,
    hint: /did you mean "!vault"/,
  },
  {
    name: "text that begins with !",
    text: "a: !important\n",
    at: "1:4",
    message: /tag !important/,
    hint: /quote/,
  },
  {
    name: "tag that does not fit",
    text: "a: !!int abc\n",
    at: "1:10",
    message: /not a value of !!int/,
  },
  { name: "no such day", text: "a: 2001-02-30\n", at: "1:4", message: /calendar/, hint: /quote/ },
  { name: "merge of a number", text: "a:\n  <<: 5\n", at: "2:7", message: /"<<" merges/ },
  { name: "second document", text: "a: 1\n---\nb: 1\n", at: "3:1", message: /second document/ },
  { name: "null byte", text: "a: \u0000\n", at: "1:4", message: /null byte/ },
];

describe("a mistake is shown at its true place, with a hint", () => {
  test.each(cases)("$name", ({ text, at, message, hint }) => {
    const error = complaint(text);
    expect(`${error.place?.line}:${error.place?.column}`).toBe(at);
    expect(error.message).toMatch(message);
    if (hint) expect(error.hint).toMatch(hint);
  });
});

describe("what would exhaust memory or stack is refused", () => {
  test("aliases that double at every level", () => {
    const levels = Array.from({ length: 40 }, (_, i) => `a${i + 1}: &a${i + 1} [*a${i}, *a${i}]`);
    expect(complaint(`a0: &a0 x\n${levels.join("\n")}\n`).message).toMatch(/unfold to more than/);
  });
  test("aliases that nest ever deeper", () => {
    const levels = Array.from({ length: 400 }, (_, i) => `a${i + 1}: &a${i + 1} [*a${i}]`);
    expect(complaint(`a0: &a0 x\n${levels.join("\n")}\n`).message).toMatch(/deeper than/);
  });
  test("merges that repeat", () => {
    const base = Array.from({ length: 200 }, (_, i) => `k${i}: 1`).join(", ");
    const many = `x: &x {${base}}\ny:\n${Array.from({ length: 9_000 }, () => "  - {<<: *x}").join("\n")}\n`;
    expect(complaint(many).message).toMatch(/unfold to more than/);
  });
  test("more aliases than any file has", () => {
    expect(complaint(`a: &a 1\nb: [${"*a, ".repeat(10_001)}]\n`).message).toMatch(/aliases/);
  });
  test("brackets without end", () => {
    expect(complaint("[".repeat(5_000)).message).toMatch(/maxDepth|nest/);
  });
});

test("a key given twice is warned about at its second place", () => {
  const warnings: string[] = [];
  loadYaml("a: 1\nb: 2\na: 3\n", "t.yml", (message, place) =>
    warnings.push(`${place.line}:${place.column} ${message}`),
  );
  expect(warnings).toEqual(['3:1 the key "a" is given twice; the last one counts']);
});

test("what merely overrides a merged key is no slip", () => {
  const warnings: string[] = [];
  loadYaml("b: &b {x: 1}\nc:\n  <<: *b\n  x: 2\n", "t.yml", (message) => warnings.push(message));
  expect(warnings).toEqual([]);
});

test.each(["", "# nothing\n", "---\n", "--- # nothing\n...\n"])(
  "%j is an empty document",
  (text) => {
    expect(loadYaml(text, "t.yml")).toBeUndefined();
  },
);

test("a file of several documents gives each", () => {
  expect(
    loadYamlDocuments("--- 1\n--- 2\n", "t.yml").map(
      (node) => node.kind === "scalar" && node.value,
    ),
  ).toEqual([1, 2]);
});
