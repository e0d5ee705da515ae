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

// A program of changes has the functions of write.sh and those of others: a second one of a name would take its place.
test("no other part of a program has a function of the same name as one of write.sh", () => {
  const defines = (name: string): string[] =>
    [...readFileSync(join("src", name), "utf8").matchAll(/(?<![$\w{])(hw_\w+)\(\)/g)].map(
      (match) => match[1]!,
    );
  const own = new Set(defines("script/write.sh"));
  const others = sources
    .filter((name) => /\.(?:sh|ts)$/.test(name) && name !== "script/write.sh")
    .flatMap((name) => defines(name).map((found) => `${found} ${name}`));
  expect(others.filter((found) => own.has(found.split(" ")[0]!))).toEqual([
    // only in questions
    "hw_leave probes/files/leave.sh",
  ]);
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
