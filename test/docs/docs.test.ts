import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { findModule, moduleNames } from "../../src/modules/index.ts";
import { PAGES } from "./pages.ts";
import { readDefaults, readKeywords } from "./variables.ts";

test.each(Object.keys(PAGES))("%s is what `npm run docs` writes", (file) => {
  expect(readFileSync(file, "utf8")).toBe(PAGES[file]!());
});

test.each(moduleNames())("every parameter of %s is described", (name) => {
  const { schema } = findModule(name)!;
  expect(Object.entries(schema.arguments).filter(([, { description }]) => !description.endsWith(".")).map(([key]) => key)).toEqual([]);
});

test("the defaults of a role are read with their comments", () => {
  const defaults = ["# The role's.", "---", "# One", "# two.", "a: x(1)", "# It must be given.", "# b:", "# Lost, as a line is free.", "", "c: []", "# Three.", 'd: "{{ a ~ \'|\' }}"', "", "  nested: 1"].join("\n");
  expect(readDefaults(defaults)).toEqual([
    { name: "a", fallback: "x(1)", description: "One two." },
    { name: "b", fallback: undefined, description: "It must be given." },
    { name: "c", fallback: "[]", description: "" },
    { name: "d", fallback: "a ~ '|'", description: "Three." },
  ]);
});

test("the keywords of a play that are variables are read with their comments", () => {
  const playbook = ["- name: p", "  # Which.", "  hosts: \"{{ h | default('all') }}\"", "  become: true", "  serial: \"{{ s | default([]) }}\""].join("\n");
  expect(readKeywords(playbook)).toEqual([{ name: "h", fallback: "'all'", description: "Which." }, { name: "s", fallback: "[]", description: "" }]);
});

test.each(["containerd", "smoke"])("every variable of %s is described, and bears the name of its part", (name) => {
  const read = (path: string): string => readFileSync(join("playbooks", path), "utf8");
  const variables = [...readKeywords(read(`${name}.yml`)), ...readDefaults(read(`roles/hullwright.${name}/defaults/main.yml`))];
  expect(variables.filter(({ description }) => description === "")).toEqual([]);
  const all = [...variables.map((variable) => variable.name), ...[...read(`roles/hullwright.${name}/vars/main.yml`).matchAll(/^(\w+):/gm)].map(([, found]) => found!)];
  expect(all.filter((variable) => !/^(containerd|runc|smoke)_/.test(variable))).toEqual([]);
});

const pages = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", ...readdirSync("docs", { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".md")).map((name) => join("docs", name))];

describe("links lead somewhere", () => {
  test.each(pages)("%s", (page) => {
    const links = [...readFileSync(page, "utf8").matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target!).filter((target) => !/^(https?:|#)/.test(target));
    expect(links.filter((target) => !existsSync(join(dirname(page), target.replace(/#.*/, ""))))).toEqual([]);
  });
});
