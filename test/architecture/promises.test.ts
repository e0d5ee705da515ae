import { join } from "node:path";
import ts from "typescript";
import { expect, test } from "vitest";
import { unawaited } from "./promises.ts";

const root = process.cwd();
const config = ts.parseJsonConfigFileContent(
  ts.readConfigFile("tsconfig.json", ts.sys.readFile).config,
  ts.sys,
  root,
);

test("no promise is left alone", { timeout: 120_000 }, () => {
  const program = ts.createProgram(config.fileNames, config.options);
  expect(
    unawaited(
      program,
      (path) => path.startsWith(join(root, "src/")) || path.startsWith(join(root, "test/")),
    ),
  ).toEqual([]);
});

test("a promise that is left alone is seen", { timeout: 120_000 }, () => {
  const snippet = [
    "async function f(): Promise<void> {} declare function later(run: () => void): void;",
    "f();",
    "true && f();",
    "f().then(() => 1);",
    "f().finally(() => {});",
    "[1].forEach(async () => { await f(); });",
    "later(() => f());",
    "void f();",
    "await f();",
    "f().catch(() => {});",
    "f().then(() => 1, () => 2);",
    "let p = f(); p = f();",
    "await Promise.all([1].map(async () => f()));",
    "later(() => void f());",
    "export const done = p;",
  ].join("\n");
  const host = ts.createCompilerHost(config.options);
  const read = host.getSourceFile.bind(host);
  host.getSourceFile = (name, language) =>
    name === "/snippet.ts" ? ts.createSourceFile(name, snippet, language) : read(name, language);
  const program = ts.createProgram(["/snippet.ts"], { ...config.options, types: [] }, host);
  expect(
    unawaited(program, (path) => path === "/snippet.ts").map((line) => Number(line.split(":")[1])),
  ).toEqual([2, 3, 4, 5, 6, 7]);
});
