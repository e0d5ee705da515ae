import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { layCases } from "../conformance/cases.ts";
import { call } from "../cli/call.ts";

/** How many findings lint has in each playbook in the style of public ones. None is an error; they may only become fewer. */
const FINDINGS: { readonly [name: string]: number } = {
  "a role in the public style": 1,
  "a container engine with defaults in directories": 0,
  "strict ssh": 2,
  "a cluster that is joined": 1,
  "packages of a repository on the host": 2,
  "accounts with keys and sudo": 3,
  "an exporter": 2,
  "an exporter, parts of it by tags": 2,
  "sites of a web server": 1,
  "tuning of a kernel by hand": 0,
  "a certificate and those who trust it": 1,
  "hosts one after another": 0,
  "storage on many disks": 0,
};

const folder = mkdtempSync(join(tmpdir(), "hullwright-shapes-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const cases = layCases(folder, ["public_roles"]);

test("each of them is counted", () => {
  expect(cases.map(({ name }) => name)).toEqual(Object.keys(FINDINGS));
});

test.each(cases)("$name", async ({ name, file }) => {
  const { said } = await call("lint", "--format", "json", file);
  const found = JSON.parse(said) as { severity: string; message: string }[];
  expect(found.filter(({ severity }) => severity === "error")).toEqual([]);
  expect(found.map(({ message }) => message)).toHaveLength(FINDINGS[name]!);
});
