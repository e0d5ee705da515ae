import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { has, skipReason } from "../requires.ts";

const sources = readdirSync("src", { recursive: true, encoding: "utf8" }).sort();
const programs = sources.filter((name) => name.endsWith(".sh")).map((name) => join("src", name));

describe("shell in files of its own", () => {
  test.skipIf(!has("shellcheck"))(
    `pleases shellcheck as it stands${skipReason("shellcheck")}`,
    () => {
      const { stdout, error } = spawnSync("shellcheck", programs, { encoding: "utf8" });
      expect(error).toBeUndefined();
      expect(stdout).toBe("");
    },
  );

  test.skipIf(!has("shfmt"))(`is formatted${skipReason("shfmt")}`, () => {
    const options = ["-i", "2", "-ln", "posix", "-l"];
    expect(spawnSync("shfmt", [...options, ...programs], { encoding: "utf8" }).stdout).toBe("");
  });

  test("no program of ten lines and more stands as a text without values in TypeScript", () => {
    const long = sources
      .filter((name) => name.endsWith(".ts"))
      .map((name) => join("src", name))
      .filter((name) => literals(readFileSync(name, "utf8")).some(isProgram));
    expect(long).toEqual([]);
  });
});

// The texts of String.raw in a file.
function literals(source: string): string[] {
  return [...source.matchAll(/String\.raw`((?:[^`\\]|\\.)*)`/gs)].map(([, text = ""]) => text);
}

function isProgram(text: string): boolean {
  return text.split("\n").length > 10 && !text.includes("${") && /^\w+\(\) [({]/m.test(text);
}
