import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import { optimizeLate } from "../../src/cli/late-optimization.ts";

const FILE = join(import.meta.dirname, "../../src/cli/late-optimization.ts");
const isKnown = process.versions.v8.startsWith("11.");

test("V8 takes the flag without a word, where it was measured", () => {
  const program = `import("vite").then(({ runnerImport }) => runnerImport(${JSON.stringify(FILE)}, { configFile: false, logLevel: "error" }))
    .then(({ module }) => console.log(module.optimizeLate()))`;
  const { stdout, stderr } = spawnSync(process.execPath, ["-e", program], { encoding: "utf8" });
  expect({ stdout, stderr }).toEqual({ stdout: `${isKnown}\n`, stderr: "" });
});

test.each(["10.2.154.26-node.36", "12.4.254.21-node.33", ""])(
  "V8 %s, with which it was not measured, is left alone",
  (version) => {
    expect(optimizeLate(version)).toBe(false);
  },
);
