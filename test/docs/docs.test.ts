import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { findModule, moduleNames } from "../../src/modules/index.ts";
import { PAGES } from "./pages.ts";
import { readVariables } from "./variables.ts";

test.each(Object.keys(PAGES))("%s is what `npm run docs` writes", (file) => {
  expect(readFileSync(file, "utf8")).toBe(PAGES[file]!());
});

test.each(moduleNames())("every parameter of %s is described", (name) => {
  const { schema } = findModule(name)!;
  expect(Object.entries(schema.arguments).filter(([, { description }]) => !description.endsWith(".")).map(([key]) => key)).toEqual([]);
});

test("variables are read with their comments and defaults", () => {
  const playbook = [
    "- vars:", "    # One", "    # two.", "    a_: \"{{ a | default('x(1)') }}\"", "    b_: \"{{ b }}\"", "    # Lost, as a line is free.", "", "    # Three.",
    "    c_: \"{{ c | default([]) }}\"", "    # Its own.", "    d: \"{{ a_ }}\"", "    e_: \"{{ f | default(1) }}\"",
  ].join("\n");
  expect(readVariables(playbook)).toEqual([
    { name: "a", fallback: "'x(1)'", description: "One two." },
    { name: "b", fallback: undefined, description: "" },
    { name: "c", fallback: "[]", description: "Three." },
  ]);
});

test("every variable of a playbook is described, and every name with an underscore behind is such a variable", () => {
  for (const file of ["containerd.yml", "smoke.yml"]) {
    const text = readFileSync(join("playbooks", file), "utf8");
    const variables = readVariables(text);
    expect(variables.map(({ name }) => `${name}_`)).toEqual([...text.matchAll(/^    (\w+_):/gm)].map(([, name]) => name));
    expect(variables.filter(({ description }) => description === "")).toEqual([]);
  }
});

const pages = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", ...readdirSync("docs", { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".md")).map((name) => join("docs", name))];

describe("links lead somewhere", () => {
  test.each(pages)("%s", (page) => {
    const links = [...readFileSync(page, "utf8").matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target!).filter((target) => !/^(https?:|#)/.test(target));
    expect(links.filter((target) => !existsSync(join(dirname(page), target.replace(/#.*/, ""))))).toEqual([]);
  });
});
