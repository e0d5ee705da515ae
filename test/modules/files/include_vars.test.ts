import { expect, test } from "vitest";
import { include_vars } from "../../../src/modules/files/include_vars.ts";
import { mergeInto, rawValue } from "../../../src/modules/files/include_vars/nodes.ts";
import { filesBelow, type FolderArgs } from "../../../src/modules/files/include_vars/select.ts";
import type { LocalTree } from "../../../src/modules/contract/local-tree.ts";
import { loadYaml } from "../../../src/yaml/load.ts";
import type { MapEntry, MapNode } from "../../../src/yaml/node.ts";
import { testHost, lines } from "../../plan/host.ts";
import { argumentsFor, givenWith } from "../case.ts";

const map = (text: string): MapNode => loadYaml(text, "vars.yml") as MapNode;
const entry = (text: string): MapEntry => map(text).entries[0]!;
const files: LocalTree["entries"] = [
  "b.yml",
  "a.json",
  "c.txt",
  "sub/",
  "sub/z.yml",
  "sub.d/",
  "sub.d/y.yaml",
  "sub/empty/",
  "sub/in/",
  "sub/in/x.yml",
].map((path) => ({ path, type: path.endsWith("/") ? "directory" : "file", mode: 0o644 }));
const select = (args: Partial<FolderArgs>): string[] =>
  filesBelow(
    {
      depth: 0,
      ignore_files: [],
      extensions: ["json", "yaml", "yml"],
      ignore_unknown_extensions: true,
      ...args,
    },
    { path: "/v", tree: { entries: files } },
  );

test.each<[string, Partial<FolderArgs>, string[]]>([
  [
    "all, folder by folder in the order of their names",
    {},
    ["a.json", "b.yml", "sub.d/y.yaml", "sub/z.yml", "sub/in/x.yml"],
  ],
  ["the directory alone", { depth: 1 }, ["a.json", "b.yml"]],
  ["so many folders, not so deep", { depth: 2 }, ["a.json", "b.yml", "sub.d/y.yaml"]],
  ["those with a name that matches", { files_matching: "^[ax]" }, ["a.json", "sub/in/x.yml"]],
  [
    "not those whose name ends so",
    { ignore_files: ["b\\.yml", "\\.json"] },
    ["sub.d/y.yaml", "sub/z.yml", "sub/in/x.yml"],
  ],
  ["other endings", { extensions: ["txt"] }, ["c.txt"]],
])("of a folder are read: %s", (_name, args, wanted) => {
  expect(select(args)).toEqual(wanted.map((file) => `/v/${file}`));
});

test("an ending that no file of variables has is a mistake, and so is a wrong expression", () => {
  expect(() => select({ ignore_unknown_extensions: false })).toThrow(
    /c\.txt does not have a valid extension: json, yaml, yml/,
  );
  expect(() => select({ files_matching: "(" })).toThrow(/Invalid regular expression: \(/);
});

test("mappings are joined key by key, and nothing else is", () => {
  expect(
    rawValue(
      mergeInto(map("{a: 1, d: {x: 1, y: 1}, l: [1]}"), entry("v: {b: 2, d: {y: 2}, l: [2]}")),
    ),
  ).toEqual({ a: 1, b: 2, d: { x: 1, y: 2 }, l: [2] });
  expect(() => mergeInto(undefined, entry("v: {b: 2}"))).toThrow(/"v" is currently not a mapping/);
  expect(() => mergeInto(map("{a: 1}"), entry("v: 2"))).toThrow(/"v" is not a mapping in the file/);
});

test("the result holds the values as they stand in the file, under a name if wanted", () => {
  const controller = givenWith({
    vars: (path) => ({ path: `/v/${path}`, vars: map("a: '{{ b }}'\nb: [1, yes]") }),
  });
  expect(
    include_vars.result(
      argumentsFor(include_vars as never, { file: "f.yml", name: "box" }) as never,
      {},
      undefined,
      controller,
    ),
  ).toEqual({
    ansible_facts: { box: { a: "{{ b }}", b: [1, true] } },
    ansible_included_var_files: ["/v/f.yml"],
  });
});

test("while nobody knows which file is read, no weaker variable is known", async () => {
  const { run, session } = testHost(`
- hosts: all
  gather_facts: false
  vars: { weaker: play }
  tasks:
    - { name: which, command: echo x, register: which }
    - { name: read, include_vars: "{{ which.stdout }}" }
    - { name: tell, debug: { msg: "{{ weaker }}" } }
    - { name: new, debug: { msg: "{{ new }}" } }
    - { name: still known, debug: { msg: "{{ 1 + 1 }}" } }
`);
  await run.plan();
  expect(lines(run)).toEqual([
    "changed which",
    "deferred read",
    "deferred tell",
    "deferred new",
    "ok still known",
  ]);
  await (await session).close();
});
