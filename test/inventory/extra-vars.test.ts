import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { parseExtraVars } from "../../src/inventory/extra-vars.ts";
import { toValue } from "../../src/yaml/data.ts";

const valuesOf = async (args: string[]) =>
  Object.fromEntries(
    [...(await parseExtraVars(args))].map(([name, node]) => [name, toValue(node)]),
  );

const root = mkdtempSync(join(tmpdir(), "hullwright-extra-"));
afterAll(() => rmSync(root, { recursive: true }));

describe("-e takes", () => {
  const cases: [string, string[], object][] = [
    ["pairs, whose values are text", ["a=1 b=yes c="], { a: "1", b: "yes", c: "" }],
    [
      "quotes around blanks",
      [`a="one two" b='three  four' c=x"y z"w`],
      { a: "one two", b: "three  four", c: 'x"y z"w' },
    ],
    [
      "templates with blanks",
      ["a={{ b + 1 }} c={% if x %}y{% endif %}"],
      { a: "{{ b + 1 }}", c: "{% if x %}y{% endif %}" },
    ],
    ["an equals sign in a value", ["a=b=c url=http://x/?y=z"], { a: "b=c", url: "http://x/?y=z" }],
    [
      "escapes",
      [String.raw`a="x\ty" b=\u00e9 c="say \"hi\""`],
      { a: "x\ty", b: "é", c: 'say "hi"' },
    ],
    ["several options, of which the last wins", ["a=1", "a=2 b=3"], { a: "2", b: "3" }],
    ["JSON", ['{"a": 1, "b": [true, null]}'], { a: 1, b: [true, null] }],
    ["YAML", ["{a: yes, b: 0644, c: '1'}"], { a: true, b: 420, c: "1" }],
    ["line ends between pairs", ["a=1\nb=2"], { a: "1", b: "2" }],
    ["nothing", [""], {}],
  ];
  test.each(cases)("%s", async (_name, args, expected) => {
    expect(await valuesOf(args)).toEqual(expected);
  });

  test("@file, in YAML or JSON", async () => {
    writeFileSync(join(root, "v.yml"), "a: 1\nb: {c: d}\n");
    writeFileSync(join(root, "v.json"), '{"a": 2}');
    expect(await valuesOf([`@${root}/v.yml`, `@${root}/v.json`])).toEqual({ a: 2, b: { c: "d" } });
  });

  test("an encrypted @file, where the password is known", async () => {
    writeFileSync(join(root, "secret.yml"), "$ANSIBLE_VAULT;1.1;AES256\n00\n");
    const vars = await parseExtraVars(
      [`@${root}/secret.yml`],
      () => {},
      () => "a: hidden\n",
    );
    expect(toValue(vars.get("a")!)).toBe("hidden");
  });
});

describe("-e refuses", () => {
  const cases: [string, string, RegExp][] = [
    ["a word alone", "a=1 word", /"word" is not name=value/],
    ["an open quote", 'a="one', /unclosed quote/],
    ["an open template", "a={{ b", /unclosed quote/],
    ["a path without @", "./vars.yml", /looks like a file/],
    ["a list", "[a]", /must be a mapping/],
    ["a file that is not there", "@nowhere.yml", /no such file/],
    ["broken YAML", "{a: ", /./],
  ];
  test.each(cases)("%s", async (_name, arg, expected) => {
    await expect(parseExtraVars([arg])).rejects.toMatchObject({
      name: "InputError",
      message: expect.stringMatching(expected) as string,
    });
  });
});
