import { readFileSync } from "node:fs";
import type { Case } from "./oracle.ts";

// Reads a table of expressions: one a line, below the variables that they see. Each is printed inside a list,
// so that the types show.
export function readExpressions(name: string): Case[] {
  let vars = "{}";
  const cases: Case[] = [];
  for (const line of readFileSync(new URL(`cases/${name}`, import.meta.url), "utf8").split("\n")) {
    if (line === "" || line.startsWith("#")) continue;
    if (line.startsWith("vars ")) vars = line.slice(5);
    else cases.push({ template: `{{ [${line}] }}`, vars });
  }
  return cases;
}

type Options = NonNullable<Case["options"]>;

// Reads templates that stand between lines of "====", with `vars`, `options` and `file NAME` before them.
export function readTemplates(name: string): Case[] {
  let vars = "{}";
  let files: { [name: string]: string } = {};
  let options: Options = {};
  const cases: Case[] = [];
  for (const block of readFileSync(new URL(`cases/${name}`, import.meta.url), "utf8").split(
    /^====\n/m,
  )) {
    const lines = block.split("\n");
    if (lines[0]?.startsWith("#")) continue;
    if (lines[0]?.startsWith("vars ")) [vars, files] = [lines[0].slice(5), {}];
    else if (lines[0]?.startsWith("file "))
      files = { ...files, [lines[0].slice(5)]: lines.slice(1).join("\n") };
    else if (lines[0]?.startsWith("options ")) options = JSON.parse(lines[0].slice(8)) as Options;
    else cases.push({ template: block, vars, files, options });
  }
  return cases;
}
