import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path/posix";
import { describe, expect, test } from "vitest";
import { KNOWN } from "./known.ts";
import { RULES } from "./rules.ts";
import { readSource, type Source } from "./source.ts";

const files = readdirSync("src", { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".ts") && !name.endsWith(".d.ts"))
  .sort();
const house = files.map((name) =>
  readSource(join("src", name), readFileSync(join("src", name), "utf8")),
);

describe("every file under src keeps the laws of the house", () => {
  const found = RULES.map((rule) => [rule.name, rule.check(house)] as const);

  test.each(found)("%s", (_name, breaches) => {
    expect(breaches.filter((breach) => !KNOWN.includes(breach))).toEqual([]);
  });

  test("what was mended is off the list of known breaches", () => {
    const all = found.flatMap(([, breaches]) => breaches);
    expect(KNOWN.filter((known) => !all.includes(known))).toEqual([]);
  });
});

/** Small houses: files by path, and the breaches in them. */
const cases: [rule: string, files: Record<string, string>, breaches: string[]][] = [
  [
    "what holds for a module stands with the module, and in no list of names elsewhere",
    {
      "src/plan/a.ts": 'const A = new Set(["copy", "template"]); const b = ["copy", "other"];',
      "src/plan/b.ts": "const B = { shell: 1, command: 2 }; const c = { file: 1, tree: 2 };",
      "src/plan/c.ts": 'switch (x) { case "uri": case "fetch": y(); break; default: z(); }',
      "src/modules/files/a.ts": 'const A = ["copy", "template"];',
      "src/lint/a.ts": 'const A = ["copy", "template"];',
    },
    [
      "src/plan/a.ts: a list of modules (copy, template)",
      "src/plan/b.ts: a list of modules (shell, command)",
      "src/plan/c.ts: a list of modules (uri, fetch)",
    ],
  ],
  [
    "a comment is at most 100 columns wide, as code is",
    {
      "src/plan/a.ts": `// ${"a".repeat(97)}\n// ${"a".repeat(98)}\nconst shell = \`*)${"a".repeat(98)}\`;`,
    },
    ["src/plan/a.ts: line 2 is a comment too wide"],
  ],
  [
    "a part imports only from the parts below it",
    { "src/script/a.ts": 'import { b } from "../probes/b.ts";' },
    ["src/script/a.ts: imports src/probes/b.ts"],
  ],
  [
    "a part imports only from the parts below it",
    { "src/modules/a.ts": 'import type { B } from "../plan/b.ts";' },
    ["src/modules/a.ts: imports src/plan/b.ts"],
  ],
  [
    "a part imports only from the parts below it",
    {
      "src/modules/x/a.ts":
        'import { b } from "../../probes/b.ts"; import { c } from "../c.ts"; import { d } from "../../value.ts";',
    },
    [],
  ],
  [
    "a part imports only from the parts below it",
    { "src/plan/a.ts": 'import type { T } from "../transport/transport.ts";' },
    [],
  ],
  [
    "a part imports only from the parts below it",
    { "src/plan/a.ts": 'import { open } from "../transport/ssh/ssh.ts";' },
    ["src/plan/a.ts: imports src/transport/ssh/ssh.ts"],
  ],
  [
    "a part imports only from the parts below it",
    { "src/run/a.ts": 'import type { R } from "../report/terminal.ts";' },
    ["src/run/a.ts: imports src/report/terminal.ts"],
  ],
  [
    "a part imports only from the parts below it",
    { "src/report/a.ts": 'import { isChange } from "../plan/entry.ts";' },
    ["src/report/a.ts: imports src/plan/entry.ts"],
  ],
  [
    "a part imports only from the parts below it",
    { "src/report/a.ts": 'import type { Entry } from "../plan/entry.ts";' },
    [],
  ],
  [
    "a part imports only from the parts below it",
    { "src/transport/a.ts": 'import type { Task } from "../playbook/play.ts";' },
    ["src/transport/a.ts: imports src/playbook/play.ts"],
  ],
  [
    "a part imports only from the parts below it",
    { "src/plan/a.ts": 'const x: import("../cli/x.ts").X = await import("../cli/y.ts");' },
    ["src/plan/a.ts: imports src/cli/x.ts", "src/plan/a.ts: imports src/cli/y.ts"],
  ],
  [
    "a package is imported only where it belongs",
    {
      "src/plan/a.ts": 'import type { Client } from "ssh2";',
      "src/transport/b.ts": 'import { Client } from "ssh2";',
    },
    ["src/plan/a.ts: imports ssh2"],
  ],
  [
    "a package is imported only where it belongs",
    { "src/cli/a.ts": 'const { Listr } = await import("listr2");' },
    ["src/cli/a.ts: imports listr2"],
  ],
  [
    "a package is imported only where it belongs",
    {
      "src/toml/a.ts":
        'import parse from "@iarna/toml/lib/toml-parser.js"; import x from "left-pad";',
    },
    ["src/toml/a.ts: imports left-pad"],
  ],
  [
    "directories of this machine are made in one place",
    {
      "src/cli/a.ts": 'import { mkdirSync } from "node:fs";',
      "src/disk/make-directory.ts": 'import { mkdirSync } from "node:fs";',
    },
    ["src/cli/a.ts: imports node:fs"],
  ],
  [
    "what runs are made of is read where it is noted",
    {
      "src/controller/a.ts": 'import { readFile } from "node:fs/promises";',
      "src/controller/part.ts": 'import { readdir } from "node:fs/promises";',
      "src/inventory/a.ts": 'import { constants, writeFileSync } from "node:fs";',
    },
    ["src/controller/a.ts: imports node:fs/promises"],
  ],
  [
    "disk, network and processes are reached only from the edges",
    {
      "src/modules/a.ts":
        'import { readFileSync } from "node:fs"; import { createHash } from "node:crypto";',
    },
    ["src/modules/a.ts: imports node:fs"],
  ],
  [
    "disk, network and processes are reached only from the edges",
    { "src/plan/a.ts": 'export * from "node:net";', "src/cli/b.ts": 'import "node:fs";' },
    ["src/plan/a.ts: imports node:net"],
  ],
  [
    "script, probes and modules know no clock, no chance and no process",
    { "src/modules/a.ts": "const t = Date.now() + Math.random() + process.pid; new Date();" },
    [
      "src/modules/a.ts: Date.now",
      "src/modules/a.ts: new Date()",
      "src/modules/a.ts: Math.random",
      "src/modules/a.ts: process",
    ],
  ],
  [
    "script, probes and modules know no clock, no chance and no process",
    {
      "src/probes/a.ts":
        'import { randomBytes } from "node:crypto"; const x = { process: 1 }.process; new Date(5);',
    },
    ["src/probes/a.ts: randomBytes"],
  ],
  [
    "script, probes and modules know no clock, no chance and no process",
    { "src/run/a.ts": "Date.now();" },
    [],
  ],
  [
    "console is used only in report",
    { "src/cli/a.ts": 'console.log("a");', "src/report/b.ts": 'console.log("b");' },
    ["src/cli/a.ts: console"],
  ],
  [
    "only the screen writes to stdout and stderr",
    {
      "src/cli/a.ts": 'process.stdout.write("a");',
      "src/report/text.ts": "const { write } = process.stderr;",
      "src/report/screen.ts": 'process.stdout.write("a");',
    },
    ["src/cli/a.ts: process.stdout", "src/report/text.ts: process.stderr"],
  ],
  [
    "nobody calls process.exit, but main once all is said",
    { "src/cli/a.ts": "process.exit(1);", "src/main.ts": "process.exit();" },
    ["src/cli/a.ts: process.exit"],
  ],
  [
    "no file imports itself by way of others, imports of types counted",
    {
      "src/plan/a.ts": 'import { b } from "./b.ts";',
      "src/plan/b.ts": 'import { c } from "./c.ts";',
      "src/plan/c.ts": 'export { a } from "./a.ts";',
    },
    ["src/plan/a.ts -> src/plan/b.ts -> src/plan/c.ts -> src/plan/a.ts"],
  ],
  [
    "no file imports itself by way of others, imports of types counted",
    {
      "src/plan/a.ts": 'import { b } from "./b.ts";',
      "src/plan/b.ts": 'import type { a } from "./a.ts";',
    },
    ["src/plan/a.ts -> src/plan/b.ts -> src/plan/a.ts"],
  ],
  [
    "a floor of plan imports only from the floors below it",
    {
      "src/plan/model/a.ts": 'import type { T } from "../task/t.ts";',
      "src/plan/task/b.ts": 'import { a } from "../model/a.ts";',
    },
    ["src/plan/model/a.ts: imports src/plan/task/t.ts"],
  ],
  [
    "no two files export a type of the same name",
    {
      "src/a.ts": "export interface X { a: 1 }",
      "src/b.ts": "export type X = 1; interface Y {}",
      "src/c.ts": "interface Y {}",
    },
    ["src/a.ts, src/b.ts: X"],
  ],
  [
    "no default exports, no enums, no any",
    {
      "src/a.ts": "export default 1;",
      "src/b.ts": "export default function f() {}",
      "src/c.ts": "const enum E { A }",
      "src/d.ts": "let x: any[];",
    },
    ["src/a.ts: default export", "src/b.ts: default export", "src/c.ts: enum", "src/d.ts: any"],
  ],
  [
    "no default exports, no enums, no any",
    { "src/a.ts": '// any enum\nexport const any = "default";' },
    [],
  ],
  [
    "no file only passes on what others export",
    {
      "src/plan/index.ts": 'export * from "./a.ts";',
      "src/modules/index.ts": 'export * from "./a.ts";',
    },
    ["src/plan/index.ts: only re-exports"],
  ],
  [
    "the arguments of a module come from its schema",
    {
      "src/modules/files/a.ts": "interface AArgs { path: string }",
      "src/modules/files/b.ts": "export type BArgs = { path: string };",
      "src/modules/files/c.ts": "type CArgs = ArgsOf<typeof schema>;",
      "src/modules/files/d/part.ts": "interface PartArgs { path: string }",
    },
    [
      "src/modules/files/a.ts: arguments that are not ArgsOf its schema",
      "src/modules/files/b.ts: arguments that are not ArgsOf its schema",
    ],
  ],
  [
    "a file has at most 320 lines",
    { "src/a.ts": "x;\n".repeat(321), "src/b.ts": "x;\n".repeat(320) },
    ["src/a.ts: too long"],
  ],
];

describe("each law is seen to be broken", () => {
  test.each(cases)("%s (case %#)", (name, snippets, breaches) => {
    const sources: Source[] = Object.entries(snippets).map(([path, text]) =>
      readSource(path, text),
    );
    expect(RULES.find((rule) => rule.name === name)?.check(sources)).toEqual(breaches);
  });

  test("no law goes without such a case", () => {
    expect(
      RULES.map(({ name }) => name).filter(
        (name) => !cases.some(([rule, , breaches]) => rule === name && breaches.length > 0),
      ),
    ).toEqual([]);
  });
});
