/** What the keyword diff of a task hides and shows. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { call } from "./call.ts";

const me = userInfo().username;
// A user who is not root keeps our folder in the home of this test.
vi.mock("node:os", async (original) => {
  const os: typeof import("node:os") = await original();
  const user = os.userInfo().username;
  let asked = 0;
  return {
    ...os,
    userInfo: () => ({ ...os.userInfo(), username: asked++ === 0 ? user : "tester" }),
  };
});

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "hullwright-diff-"));
  for (const name of ["HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"]) vi.stubEnv(name, root);
  writeFileSync(join(root, "hosts"), "a ansible_connection=local\n");
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(root, { recursive: true, force: true });
});

const play = (keyword: string): string => `- hosts: a
  gather_facts: false
  ${keyword}
  tasks: [copy: {content: "inner text\\n", dest: ${root}/f, owner: ${me}, mode: "0644"}]
`;

test.each<[keyword: string, command: string[], isShown: boolean]>([
  ["diff: false", ["plan"], false],
  ["diff: false", ["apply", "--yes", "--diff"], false],
  ["diff: true", ["plan"], true],
  ["diff: true", ["apply", "--yes"], true],
  ["vars: {}", ["plan"], true],
  ["vars: {}", ["apply", "--yes"], false],
])("%s with %s: the text is shown: %s", async (keyword, command, isShown) => {
  writeFileSync(join(root, "site.yml"), play(keyword));
  const { said } = await call(
    ...(command as [string]),
    join(root, "site.yml"),
    "-i",
    join(root, "hosts"),
  );
  expect(said).toContain("a: changed");
  expect(said.includes("inner text")).toBe(isShown);
  expect(said.includes("hidden, as diff is false")).toBe(keyword === "diff: false");
});

test("that a diff is wanted is in the document", async () => {
  writeFileSync(join(root, "site.yml"), play("diff: true"));
  const words = [join(root, "site.yml"), "-i", join(root, "hosts"), "--json"];
  const { said } = await call("plan", ...words);
  expect(said).toContain('"diff_wanted": true');
});
