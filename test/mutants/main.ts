// Plants faults on purpose, one at a time, in a copy of the tree, and tells which of them the tests find: `npm run mutants`.
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { FAULTS, type Fault } from "./faults.ts";

/** What the tests need of the tree. */
const TREE = [
  "src",
  "test",
  "playbooks",
  "templates",
  "docs",
  "package.json",
  "tsconfig.json",
  "vitest.config.ts",
];

/** No fault may keep the tests for longer. */
const TIMEOUT_MS = 5 * 60_000;

type Verdict = "found" | "survived" | "gone";

// Plants a fault, runs its tests, and takes it away again. A fault that makes tests hang is found, too.
function plant(root: string, { file, before, after, tests }: Fault): Verdict {
  const path = join(root, file);
  const text = readFileSync(path, "utf8");
  if (text.split(before).length !== 2) return "gone";
  writeFileSync(
    path,
    text.replace(before, () => after),
  );
  const passed = pass(root, tests);
  writeFileSync(path, text);
  return passed ? "survived" : "found";
}

// Tells whether tests pass in a copy of the tree.
function pass(root: string, tests: readonly string[]): boolean {
  const projects = ["--project", "unit", "--project", "local"];
  const words = ["vitest", "run", ...projects, "--bail", "1", ...tests];
  const { status } = spawnSync("npx", words, { cwd: root, timeout: TIMEOUT_MS, stdio: "ignore" });
  return status === 0;
}

// The faults whose names hold one of the words of the command line; without words, all.
function chosen(words: readonly string[]): Fault[] {
  return FAULTS.filter(
    ({ name, file }) =>
      words.length === 0 || words.some((word) => name.includes(word) || file.includes(word)),
  );
}

const root = mkdtempSync(join(tmpdir(), "hullwright-mutants-"));
const counts: Record<Verdict, number> = { found: 0, survived: 0, gone: 0 };
try {
  for (const name of TREE) cpSync(name, join(root, name), { recursive: true });
  symlinkSync(resolve("node_modules"), join(root, "node_modules"));
  const faults = chosen(process.argv.slice(2));
  const failing = [...new Set(faults.flatMap(({ tests }) => tests))].filter(
    (test) => !pass(root, [test]),
  );
  if (failing.length > 0)
    throw new Error(`these fail without a fault, so they can find none: ${failing.join(", ")}`);
  for (const fault of faults) {
    const verdict = plant(root, fault);
    counts[verdict]++;
    process.stdout.write(`${verdict.padEnd(8)}  ${fault.file}: ${fault.name}\n`);
  }
} finally {
  rmSync(root, { recursive: true, force: true });
}
process.stdout.write(
  `${counts.found} found, ${counts.survived} survived, ${counts.gone} whose text is gone\n`,
);
process.exitCode = counts.survived + counts.gone > 0 ? 1 : 0;
