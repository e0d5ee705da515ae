import { readFileSync } from "node:fs";
import { load } from "js-yaml";
import { expect, test } from "vitest";

const ROLE = "playbooks/roles/hullwright.containerd";
const read = (file: string): Record<string, unknown> =>
  load(readFileSync(file, "utf8")) as Record<string, unknown>;

test("the role knows the names of its defaults, its own variables, what it registers, and the play's keywords", () => {
  const [defaults, own] = [read(`${ROLE}/defaults/main.yml`), read(`${ROLE}/vars/main.yml`)];
  const registered = [
    ...readFileSync(`${ROLE}/tasks/main.yml`, "utf8").matchAll(/^ +register: (\w+)$/gm),
  ].map((match) => match[1]!);
  const keywords = [
    ...readFileSync("playbooks/containerd.yml", "utf8").matchAll(/\{\{ (\w+) \| default/g),
  ].map((match) => match[1]!);
  const names = [...Object.keys(defaults), ...Object.keys(own), ...registered, ...keywords];
  expect([...(own["containerd_known_variables"] as string[])].sort()).toEqual(
    [...new Set(names)].sort(),
  );
});
