/** What the keyword diff of a task hides and shows. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import { me, ownHome } from "./own-home.ts";
import { call } from "./call.ts";

const root = ownHome(beforeEach);
beforeEach(() => writeFileSync(join(root, "hosts"), "a ansible_connection=local\n"));

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
