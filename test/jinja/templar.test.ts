import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { SKIP_REASON, python } from "./oracle.ts";
import { askTemplar, renderOwn, type ValueCase } from "./templar.ts";

const folder = mkdtempSync(join(tmpdir(), "templar-"));
afterAll(() => rmSync(folder, { recursive: true }));

// Writes the files that the cases read.
function writeFiles(): void {
  for (const part of tableText("files.txt")
    .split(/^==== /m)
    .slice(1)) {
    const end = part.indexOf("\n");
    writeFileSync(join(folder, part.slice(0, end)), part.slice(end + 1));
  }
}

function tableText(name: string): string {
  return readFileSync(new URL(`cases/${name}`, import.meta.url), "utf8");
}

// Reads a table of expressions, one a line, below the variables that they see.
function readCases(name: string): ValueCase[] {
  let vars = "{}";
  const cases: ValueCase[] = [];
  for (const line of tableText(name).split("\n")) {
    if (line === "" || line.startsWith("#")) continue;
    if (line.startsWith("vars ")) vars = line.slice(5);
    else cases.push({ value: JSON.stringify(`= {{ [${line}] | to_json }}`), vars });
  }
  return cases;
}

writeFiles();
const cases = readCases("lookups.txt");
const wanted = python === undefined ? undefined : askTemplar(cases, folder);

describe("Ansible's own templating gives the same for lookups", () => {
  test.for(cases.map((one, index) => [one.value, one, index] as const))(
    "%s",
    ([_name, one, index], { skip }) => {
      if (!wanted) return skip(SKIP_REASON);
      // plugins of community.general come with Debian's package ansible, not with ansible-core
      skip(
        /lookup plugin \((community\.general\.)?\w+\) not found/.test(wanted[index]!.error ?? ""),
        "needs the collection community.general",
      );
      const got = renderOwn(one, folder);
      if (wanted[index]!.error !== undefined)
        expect(
          got.error,
          `Ansible says ${wanted[index]!.error}; here it is ${JSON.stringify(got.value)}`,
        ).toBeDefined();
      else expect(got).toEqual(wanted[index]);
    },
  );
});
