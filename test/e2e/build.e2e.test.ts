import { execFileSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { expect, test } from "vitest";

const read = (words: string): string =>
  execFileSync(process.execPath, ["-e", words], { encoding: "utf8" }).trim();

test("what was compiled ahead fits the built program and this Node", () => {
  const [cache, code] = readdirSync("dist/parts").sort();
  expect(`${cache} ${code}`).toMatch(/^([0-9a-f]{12})\.cache \1\.cjs$/);
  const loads = `const { readFileSync } = require("node:fs"); const load = (cachedData) => new (require("node:vm").Script)(readFileSync("dist/parts/${code}", "utf8"), { cachedData }).cachedDataRejected;`;
  expect(read(`${loads} console.log(load(readFileSync("dist/parts/${cache}")))`)).toBe("false");
  expect(
    read(`${loads} console.log(load(readFileSync("dist/parts/${cache}").subarray(0, 5000)))`),
  ).toBe("true");
});

test("the built program says its version, and its mistakes end with 1", () => {
  expect(execFileSync("dist/main.js", ["--version"], { encoding: "utf8" })).toMatch(
    /^\d+\.\d+\.\d+\n$/,
  );
  expect(
    read(
      'const { status, stderr } = require("node:child_process").spawnSync("dist/main.js", ["plan", "no-such.yml"], { encoding: "utf8" }); console.log(status, stderr)',
    ),
  ).toMatch(/^1 error: there is no playbook "no-such.yml"/);
});
