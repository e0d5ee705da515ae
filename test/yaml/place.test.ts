import fc from "fast-check";
import { dump } from "js-yaml";
import { describe, expect, test } from "vitest";
import { loadYaml } from "../../src/yaml/load.ts";
import type { ScalarNode, YamlNode } from "../../src/yaml/node.ts";
import { mapGet } from "../../src/yaml/node.ts";

// The scalar under "a" of a text.
function scalarOf(text: string): ScalarNode {
  const root = loadYaml(text, "t.yml");
  const node = root?.kind === "map" ? mapGet(root, "a") : undefined;
  if (node?.kind !== "scalar") throw new Error("the case has no scalar under a");
  return node;
}

describe("the place of a character inside of a value", () => {
  const cases: { name: string; text: string; find: string; line: number; column: number }[] = [
    { name: "plain", text: "a: one {{ x }}\n", find: "{{", line: 1, column: 8 },
    {
      name: "plain over two lines",
      text: "a: one\n   two {{ x }}\n",
      find: "{{",
      line: 2,
      column: 8,
    },
    { name: "single quoted", text: "a: 'it''s {{ x }}'\n", find: "{{", line: 1, column: 11 },
    {
      name: "double quoted with escapes",
      text: 'a: "\\t\\x41\\u00e9 {{ x }}"\n',
      find: "{{",
      line: 1,
      column: 18,
    },
    {
      name: "double quoted with a joined line",
      text: 'a: "one \\\n    {{ x }}"\n',
      find: "{{",
      line: 2,
      column: 5,
    },
    {
      name: "double quoted beyond the first plane",
      text: 'a: "\\U0001F600{{ x }}"\n',
      find: "{{",
      line: 1,
      column: 15,
    },
    {
      name: "literal block",
      text: "a: |\n  one\n    two {{ x }}\n",
      find: "{{",
      line: 3,
      column: 9,
    },
    {
      name: "literal block after empty lines",
      text: "a: |-\n\n\n  one\n\n  {{ x }}\n",
      find: "{{",
      line: 6,
      column: 3,
    },
    {
      name: "folded block",
      text: "a: >\n  one\n  two\n  {{ x }}\n",
      find: "{{",
      line: 4,
      column: 3,
    },
    {
      name: "block with Windows line ends",
      text: "a: |\r\n  one\r\n  {{ x }}\r\n",
      find: "{{",
      line: 3,
      column: 3,
    },
  ];
  test.each(cases)("$name", ({ text, find, line, column }) => {
    const node = scalarOf(text);
    expect(node.at(String(node.value).indexOf(find))).toMatchObject({
      file: "t.yml",
      line,
      column,
      text,
    });
  });

  test("is right for every character of any text, in every style", () => {
    const texts = fc.array(
      fc.constantFrom(
        "a",
        "b ",
        "\n",
        "'",
        '"',
        "\\",
        "\t",
        " ",
        "é",
        "😀",
        "{{ x }}",
        ": ",
        "#",
        "word ",
      ),
      { maxLength: 30 },
    );
    fc.assert(
      fc.property(
        texts,
        fc.constantFrom("single", "double"),
        fc.integer({ min: 10, max: 40 }),
        (parts, quoteStyle, lineWidth) => {
          const value = parts.join("");
          const text = dump({ a: value }, { quoteStyle: quoteStyle, lineWidth });
          const node = scalarOf(text);
          expect(node.value).toBe(value);
          const lines = text.split("\n");
          for (const [index, char] of [...value.split("")].entries()) {
            const { line, column } = node.at(index);
            if (/[a-z{}]/.test(char)) expect(lines[line - 1]?.[column - 1]).toBe(char);
          }
        },
      ),
      { numRuns: 1000 },
    );
  });
});

describe("the place of a node", () => {
  const text =
    'a: "x"\nb: |\n  text\nc:\nd:   # note\ne: !vault >-  # note\n  x\nf: {g: 1}\nh:\n  - i: 1\n  -\n';
  const root = loadYaml(text, "t.yml") as Extract<YamlNode, { kind: "map" }>;
  const cases: [string, number, number][] = [
    ["a", 1, 4],
    ["b", 2, 4],
    ["c", 4, 2],
    ["d", 5, 2],
    ["e", 6, 11],
    ["f", 8, 4],
    ["h", 10, 3],
  ];
  test.each(cases)("of the value under %s", (key, line, column) => {
    expect(mapGet(root, key)?.place).toMatchObject({ line, column });
  });
  test("of an empty list item is its dash", () => {
    const list = mapGet(root, "h");
    expect(list?.kind === "seq" && list.items[1]?.place).toMatchObject({ line: 11, column: 3 });
  });
});
