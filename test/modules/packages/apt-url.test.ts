import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { fetchedStep } from "../../../src/modules/shared/packages/apt_steps.ts";
import { RECORD_FUNCTIONS } from "../../../src/probes/record.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "hullwright-deb-"));
  for (const name of ["bin", "entry", "state"]) mkdirSync(join(folder, name));
  const program = (name: string, text: string): void =>
    writeFileSync(join(folder, "bin", name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
  program("dpkg-deb", `printf 'tool 1:2.0+x'`);
  program(
    "dpkg-query",
    `case $* in *Status-Status*) printf '%s' "$STATUS" ;; *) echo 'ii  base' ;; esac`,
  );
  program("apt-get", `echo "$*" >> ${folder}/called`);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const options = { dpkg: "", lockTimeout: 60 };
const NOTE = "apt-deb-0";

// Runs the step with stand-ins for all programs that would ask anybody, or change anything.
function run(status: string): void {
  const step = fetchedStep("https://example.com/tool.deb", NOTE, options).run.sh;
  const program = `${RECORD_FUNCTIONS}\n${step.replace("\nhw_fetch ", "\nhw_fetch() { :; }\nhw_fetch ")}`;
  execFileSync("sh", {
    input: program,
    env: {
      PATH: `${folder}/bin:/usr/bin:/bin`,
      HW_ENTRY_DIR: join(folder, "entry"),
      HW_STATE_DIR: join(folder, "state"),
      STATUS: status,
    },
  });
}
const noted = (): unknown =>
  JSON.parse(readFileSync(join(folder, "state/records", NOTE), "utf8")) as unknown;

test("what a URL brings is installed, and noted", () => {
  run("not-installed ");
  expect(readFileSync(join(folder, "called"), "utf8")).toContain("entry/fetched.deb");
  expect(noted()).toEqual({ name: "tool", version: "1:2.0+x" });
});

test("a version that is there is only noted", () => {
  run("installed 1:2.0+x");
  expect(() => readFileSync(join(folder, "called"))).toThrow(/ENOENT/);
  expect(noted()).toEqual({ name: "tool", version: "1:2.0+x" });
});
