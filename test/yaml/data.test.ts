import { expect, test } from "vitest";
import { Float } from "../../src/jinja/core/value.ts";
import { nodeOf, toValue } from "../../src/yaml/data.ts";
import { loadYaml } from "../../src/yaml/load.ts";
import type { ScalarNode } from "../../src/yaml/node.ts";

const valueOf = (text: string) => toValue(loadYaml(text, "t.yml")!);

test("mappings become objects, lists arrays, scalars themselves", () => {
  expect(valueOf("a: 1\nb: [x, yes, ~, 1.5]\n")).toEqual({ a: 1, b: ["x", true, null, 1.5] });
});

test("a number written with a point stays a float, also where it is whole", () => {
  expect(valueOf("[1.0, 1.5, 1, .inf]")).toEqual([new Float(1), 1.5, 1, Infinity]);
  expect(toValue(nodeOf([new Float(2), 2], "-e"))).toEqual([new Float(2), 2]);
});

test("whole numbers that no double holds stay numbers", () => {
  expect(valueOf("[12345678901234567890, -9007199254740993, 0xffffffffffffffffff, '1']")).toEqual([
    12345678901234567890n,
    -9007199254740993n,
    0xffffffffffffffffffn,
    "1",
  ]);
  expect(toValue(nodeOf([2n ** 70n, 1], "-e"))).toEqual([2n ** 70n, 1]);
});

test("keys that an object would lose make it a Map, in the order written", () => {
  expect(valueOf("2: b\n1: a\n")).toEqual(
    new Map([
      [2, "b"],
      [1, "a"],
    ]),
  );
  expect(valueOf("'2': b\n'1': a\n")).toEqual(
    new Map([
      ["2", "b"],
      ["1", "a"],
    ]),
  );
  expect(valueOf("yes: b\n~: a\n")).toEqual(
    new Map<unknown, string>([
      [true, "b"],
      [null, "a"],
    ]),
  );
});

test("keys that mean something to JavaScript are keys like any other", () => {
  const value = valueOf("__proto__: {polluted: yes}\nconstructor: 1\ntoString: 2\n") as Record<
    string,
    unknown
  >;
  expect(Object.keys(value)).toEqual(["__proto__", "constructor", "toString"]);
  expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
  expect(Object.getPrototypeOf(value)).toBeNull();
});

test("what an alias shares stays shared", () => {
  const value = valueOf("a: &x {k: 1}\nb: *x\n") as Record<string, unknown>;
  expect(value["a"]).toBe(value["b"]);
});

test("plain data becomes nodes and back", () => {
  const data = { a: 1, b: ["x", true, null, { c: "d" }], e: new Map([[1, "one"]]) };
  const node = nodeOf(data, "-e");
  expect(toValue(node)).toEqual(data);
  expect(node.place).toEqual({ file: "-e", line: 1, column: 1 });
});

test("numbers written with a point, and tags, are marked", () => {
  const root = loadYaml("- 1.0\n- 1\n- !vault x\n- !unsafe [y, 1]\n", "t.yml");
  if (root?.kind !== "seq") throw new Error("not a list");
  const [float, int, vault, unsafe] = root.items as [
    ScalarNode,
    ScalarNode,
    ScalarNode,
    { items: ScalarNode[] },
  ];
  expect([float.float, int.float, vault.tag, unsafe.items[0]!.tag, unsafe.items[1]!.tag]).toEqual([
    true,
    undefined,
    "!vault",
    "!unsafe",
    undefined,
  ]);
});
