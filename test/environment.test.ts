import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { removeJournals } from "./environment.ts";

// A directory of journals, each with its command in its head; one has no head.
function journalsOf(commands: { readonly [name: string]: string | undefined }): string {
  const journals = mkdtempSync(join(tmpdir(), "hw-journals-"));
  onTestFinished(() => rmSync(journals, { recursive: true }));
  for (const [name, command] of Object.entries(commands)) {
    mkdirSync(join(journals, name));
    if (command !== undefined)
      writeFileSync(join(journals, name, "head"), JSON.stringify({ command }));
  }
  return journals;
}

test("journals of the tests' own runs go, all others stay", () => {
  const journals = journalsOf({
    "1-tests": "hullwright apply /tmp/hwt-a/x/play.yml -i localhost,",
    "2-users": "hullwright apply site.yml",
    "3-others": "hullwright apply /tmp/hwt-ab/play.yml",
    "4-begun": undefined,
  });
  removeJournals(journals, "/tmp/hwt-a");
  expect(readdirSync(journals).sort()).toEqual(["2-users", "3-others", "4-begun"]);
});

test("a machine without journals has none to remove", () => {
  expect(() => removeJournals("/nowhere/journal", "/tmp/hwt-a")).not.toThrow();
});
