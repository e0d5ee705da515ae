// `npm test`: installs what is missing, checks types, format and code, and runs all tests. Words behind it go to vitest.
import { mkdtempSync, readFileSync, rmSync, existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bin, binApart, installDebianPackages, installNpmPackages } from "./setup.mjs";

/** What is checked before any test runs. */
const CHECKS = [
  ["types", ["typescript", "bin", "tsc"], ["--noEmit"]],
  ["format", ["prettier", "bin", "prettier.cjs"], ["--check", "--log-level=warn", "."]],
  ["lint", ["eslint", "bin", "eslint.js"], []],
];

// Runs the steps in their order and stops at the first that fails.
async function main(words) {
  installNpmPackages();
  installDebianPackages();
  return (await check()) || runVitest(words);
}

// Runs all checks at once, as each keeps one processor busy, and prints what they found. Answers the code of the first that failed, or 0.
async function check() {
  const checks = await Promise.all(CHECKS.map(([, name, args]) => binApart(name, args)));
  for (const [index, { output }] of checks.entries())
    process.stdout.write(`${CHECKS[index][0]}\n${output}`);
  return checks.find(({ code }) => code !== 0)?.code ?? 0;
}

// Runs vitest, which says what happened in its own words, and last its own counts in one plain line.
function runVitest(words) {
  const folder = mkdtempSync(join(tmpdir(), "hullwright-test-"));
  const report = join(folder, "report.json");
  const code = bin(
    ["vitest", "vitest.mjs"],
    ["run", "--reporter=default", "--reporter=json", `--outputFile.json=${report}`, ...words],
  );
  if (existsSync(report)) {
    const { numPassedTests, numFailedTests, numPendingTests } = JSON.parse(
      readFileSync(report, "utf8"),
    );
    process.stdout.write(
      `${numPassedTests} passed, ${numFailedTests} failed, ${numPendingTests} skipped\n`,
    );
  }
  rmSync(folder, { recursive: true });
  return code;
}

process.exitCode = await main(process.argv.slice(2));
