import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { hideSecretText } from "../../src/secrets.ts";
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

describe("our own shell", () => {
  test.each(sources.filter((name) => /\.(?:sh|ts)$/.test(name)))(
    "has nothing that -vvv would hide as a secret: %s",
    (name) => {
      const source = readFileSync(join("src", name), "utf8");
      for (const text of name.endsWith(".sh") ? [source] : scripts(source))
        expect(hideSecretText(text)).toBe(text);
    },
  );
});

// The texts of sh and String.raw in a file that set something.
function scripts(source: string): string[] {
  return [...source.matchAll(/(?:\bsh|String\.raw)`((?:[^`\\]|\\.)*)`/gs)].map(
    ([, text = ""]) => text,
  );
}

// The texts of String.raw in a file.
function literals(source: string): string[] {
  return [...source.matchAll(/String\.raw`((?:[^`\\]|\\.)*)`/gs)].map(([, text = ""]) => text);
}

function isProgram(text: string): boolean {
  return text.split("\n").length > 10 && !text.includes("${") && /^\w+\(\) [({]/m.test(text);
}
