import { readFileSync } from "node:fs";
import { load } from "js-yaml";
import { expect, test } from "vitest";
import { RELEASE_SUMS } from "../../../../src/modules/shared/containerd/release_sums.ts";
import {
  fullRelease,
  OTHER_PROGRAMS,
  PROGRAMS,
  RELEASE_LINES,
} from "../../../../src/modules/shared/containerd/releases.ts";

const TOOLS = "playbooks/roles/hullwright.tools";
const ROLE = "playbooks/roles/hullwright.containerd";

test("the role has the same releases as the table", () => {
  const vars = load(readFileSync(`${ROLE}/vars/main.yml`, "utf8")) as {
    [name: string]: Record<string, string>;
  };
  expect(vars["containerd_newest"]).toEqual(
    Object.fromEntries(RELEASE_LINES.map(({ line, newest }) => [line, newest])),
  );
  expect(vars["containerd_runc"]).toEqual(
    Object.fromEntries(RELEASE_LINES.flatMap(({ line, runc }) => (runc ? [[line, runc]] : []))),
  );
});

test.each([
  [ROLE, "containerd_sums"],
  [TOOLS, "tools_sums"],
])("%s has the same checksums", (role, name) => {
  const vars = load(readFileSync(`${role}/vars/main.yml`, "utf8")) as { [name: string]: unknown };
  expect(vars[name]).toEqual(RELEASE_SUMS);
});

test("the tools that are installed are the newest that are known", () => {
  const defaults = load(readFileSync(`${TOOLS}/defaults/main.yml`, "utf8")) as {
    [name: string]: unknown;
  };
  for (const { name, newest } of PROGRAMS.slice(2))
    expect(defaults[`tools_${name}_version`]).toBe(newest.at(-1));
  for (const { name, newest } of OTHER_PROGRAMS)
    expect(defaults[`tools_${name}_version`]).toBe(newest);
});

test.each([
  ["2.1", RELEASE_LINES.find(({ line }) => line === "2.1")!.newest],
  ["2.1.4", "2.1.4"],
  ["1.7.24", "1.7.24"],
  ["2.9", undefined],
])("%s is %s", (version, wanted) => {
  expect(fullRelease(version)).toBe(wanted);
});
