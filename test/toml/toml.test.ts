import { test as property, tables } from "./arbitrary.ts";
import { describe, expect, test } from "vitest";
import { Float } from "../../src/jinja/core/value.ts";
import { differences, equalToml } from "../../src/toml/compare.ts";
import { parseToml, TomlError } from "../../src/toml/parse.ts";
import { stringifyToml } from "../../src/toml/stringify.ts";
import { merge, toToml, type TomlTable } from "../../src/toml/value.ts";

describe("parse", () => {
  test("keeps whole floats apart from integers", () => {
    const { a, b, c, d } = parseToml("a = 1.0\nb = 1\nc = [1.0, 2.5, 3]\nd = { e = 2e3 }\n") as {
      [key: string]: unknown;
    };
    expect([a, b, c, d]).toEqual([new Float(1), 1, [new Float(1), 2.5, 3], { e: new Float(2000) }]);
  });

  test.each([
    "constructor = 1",
    "[constructor]\nfoo = 1",
    "[[toString]]",
    "[a.valueOf.b]\nc = 1",
    'x = { "__proto__" = { y = 1 } }',
    "a.hasOwnProperty.b = 1",
    '["const\\u0072uctor"]\nfoo = 1',
  ])("refuses a key that every JavaScript object has: %j", (text) => {
    expect(() => parseToml(text)).toThrow(TomlError);
    expect(Object).not.toHaveProperty("foo");
  });

  test("says line and column, counted from one", () => {
    expect(() => parseToml("version = 2\nroot = \n")).toThrow(/^line 2, column 8: /);
  });

  test("takes a byte order mark and DOS line ends", () => {
    expect(parseToml("\uFEFFa = 1\r\n[b]\r\nc = 'x'\r\n")).toEqual({ a: 1, b: { c: "x" } });
  });
});

describe("stringify", () => {
  const written: [name: string, table: TomlTable, text: string][] = [
    [
      "integers without underscores",
      { size: 16384, big: 2n ** 60n },
      "size = 16384\nbig = 1152921504606846976\n",
    ],
    [
      "floats with their point",
      { a: new Float(1), b: 0.02, c: new Float(1e21), d: -Infinity },
      "a = 1.0\nb = 0.02\nc = 1.0e+21\nd = -inf\n",
    ],
    ["an empty table under a header", { plugins: { x: {} } }, "[plugins.x]\n"],
    [
      "tables below others by their full name",
      { host: { "https://a": { capabilities: ["pull"] } } },
      '[host."https://a"]\n  capabilities = ["pull"]\n',
    ],
    ["keys before tables", { t: { a: 1 }, z: true }, "z = true\n\n[t]\n  a = 1\n"],
    [
      "lists of tables",
      { u: [{ platform: "linux/amd64" }, {}] },
      '[[u]]\n  platform = "linux/amd64"\n\n[[u]]\n',
    ],
    ["mixed lists whole", { u: [{ x: 1 }, 2] }, "u = [{ x = 1 }, 2]\n"],
    [
      "control characters escaped, each of them",
      { s: 'a\u0001b\u0002\u007f"\\\n' },
      's = "a\\u0001b\\u0002\\u007f\\"\\\\\\n"\n',
    ],
  ];

  test.each(written)("writes %s", (_name, table, text) => {
    expect(stringifyToml(table)).toBe(text);
    expect(equalToml(parseToml(text), table)).toBe(true);
  });

  property("what is written reads back as the same", tables, (table) => {
    expect(differences(parseToml(stringifyToml(table)), table)).toEqual([]);
  });
});

describe("compare", () => {
  test("comments, format and order of keys are no difference", () => {
    const one = parseToml("# hello\nb = 1_000\na = 'x'\n[t]\nx = [ 1,\n 2 ]\n");
    const other = parseToml('a = "x"\nb = 1000\nt = { x = [1, 2] }\n');
    expect(equalToml(one, other)).toBe(true);
  });

  test("an integer is not the float of its value", () => {
    expect(equalToml(parseToml("a = 1"), parseToml("a = 1.0"))).toBe(false);
  });

  test("differences are named by key, with both values", () => {
    const before = parseToml(
      'version = 2\nold = true\n[plugins."io.x"]\nimage = "a"\n[gone]\nx = 1\n',
    );
    const after = parseToml('version = 2\n[plugins."io.x"]\nimage = "b"\nlist = ["c"]\n[new]\n');
    expect(differences(before, after)).toEqual([
      { key: 'plugins."io.x".image', before: '"a"', after: '"b"' },
      { key: 'plugins."io.x".list', before: null, after: '["c"]' },
      { key: "new", before: null, after: "{}" },
      { key: "old", before: "true", after: null },
      { key: "gone.x", before: "1", after: null },
    ]);
  });

  property("a table differs from itself in nothing", tables, (table) => {
    expect(differences(table, table)).toEqual([]);
  });
});

describe("values from a playbook", () => {
  test("dicts of all kinds become tables, floats stay floats", () => {
    expect(
      toToml(
        new Map<unknown, unknown>([
          ["a", { b: new Float(2) }],
          [1, [true]],
        ]),
        "extra",
      ),
    ).toEqual({ a: { b: new Float(2) }, 1: [true] });
  });

  test("null is refused by its key", () => {
    expect(() => toToml({ a: { b: null } }, "extra")).toThrow("extra.a.b is null");
  });

  test("merging joins tables and replaces lists", () => {
    expect(merge({ a: { b: 1, c: [1] }, d: 1 }, { a: { c: [2], e: {} } })).toEqual({
      a: { b: 1, c: [2], e: {} },
      d: 1,
    });
  });
});
