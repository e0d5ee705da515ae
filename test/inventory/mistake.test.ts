import fc from "fast-check";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { InputError } from "../../src/errors.ts";
import { loadInventory } from "../../src/inventory/load.ts";
import { emptyInventory } from "../../src/inventory/model.ts";
import { readIniInventory } from "../../src/inventory/read-ini.ts";
import { readYamlInventory } from "../../src/inventory/read-yaml.ts";

// What is wrong with an inventory, as "line:column message | hint".
function complaint(text: string, format: "yaml" | "ini"): string {
  try {
    if (format === "yaml") readYamlInventory(emptyInventory(), text, "hosts", () => {});
    else readIniInventory(emptyInventory(), text, "hosts");
  } catch (error) {
    if (error instanceof InputError)
      return `${error.place?.line}:${error.place?.column} ${error.message} | ${error.hint}`;
    throw error;
  }
  return "accepted";
}

describe("a mistake in a YAML inventory is shown with place and hint", () => {
  const cases: [string, string, RegExp][] = [
    [
      "hosts as a list",
      "all:\n  hosts:\n    - web1\n",
      /^3:5 hosts of the group "all" must be a mapping, not a list \| .*without the dash/,
    ],
    [
      "children as a list",
      "all:\n  children: [web]\n",
      /^2:13 children of the group "all" must be a mapping/,
    ],
    [
      "misspelt key",
      "all:\n  host:\n    a:\n",
      /^2:3 a group has no key "host" .* \| did you mean "hosts"/,
    ],
    [
      "a host straight under a group",
      "web:\n  node-one:\n",
      /^2:3 a group has no key "node-one" .*belongs under hosts:/,
    ],
    [
      "a group straight under a group",
      "all:\n  frontend:\n    hosts: {a: }\n",
      /^2:3 .*"frontend" probably belongs under children:/,
    ],
    [
      "a variable straight under a group",
      "all:\n  ansible_user: root\n",
      /^2:3 .*"ansible_user" probably belongs under vars:/,
    ],
    ["its own parent", "a:\n  children:\n    a:\n", /^3:5 the group "a" is its own parent/],
    [
      "its own grandparent",
      "a: {children: {b: {children: {a: }}}}\n",
      /^1:31 the group "b" is already inside "a"/,
    ],
    ["range without end", "all: {hosts: {'a[1:]': }}\n", /^1:15 bad range in "a\[1:\]": .*no end/],
    ["range backwards", "all: {hosts: {'a[5:1]': }}\n", /bad range .* its start is after its end/],
    [
      "range of unequal digits",
      "all: {hosts: {'a[01:100]': }}\n",
      /bad range .*the same number of digits/,
    ],
    [
      "range of letters and numbers",
      "all: {hosts: {'a[a:3]': }}\n",
      /bad range .*neither over numbers nor/,
    ],
    ["range with four parts", "all: {hosts: {'a[1:2:3:4]': }}\n", /bad range/],
    ["range with step 0", "all: {hosts: {'a[1:2:0]': }}\n", /bad range .*step "0"/],
    ["range that is not closed", "all: {hosts: {'a[1:2': }}\n", /bad range .*not closed/],
    ["range without a colon", "all: {hosts: {'a[12]': }}\n", /bad range/],
    ["range without bound", "all: {hosts: {'a[1:99999999]': }}\n", /more than 1,000,000 hosts/],
    [
      "ranges that multiply",
      "all: {hosts: {'a[1:9999]b[1:999]': }}\n",
      /more than 1,000,000 hosts/,
    ],
    [
      "variables of a host as a list",
      "all: {hosts: {a: [x]}}\n",
      /^1:18 the variables of the host "a" must be a mapping, not a list/,
    ],
    [
      "vars as text",
      "all:\n  vars: text\n",
      /^2:9 the vars of the group "all" must be a mapping, not text/,
    ],
    ["a group as text", "all: text\n", /^1:6 the group "all" must be a mapping/],
    [
      "a host that is a number",
      "all:\n  hosts:\n    10:\n",
      /^3:5 the name of a host must be text, not a number \| quote it: "10"/,
    ],
    [
      "a group that is a boolean",
      "on: {hosts: {a: }}\n",
      /^1:1 the name of a group must be text, not a boolean/,
    ],
    ["a variable that is a number", "all: {vars: {1: x}}\n", /the name of a variable must be text/],
    [
      "a list at the top",
      "- a\n- b\n",
      /^1:1 an inventory is a mapping of groups, but this is a list/,
    ],
    [
      "a plugin's file",
      "plugin: aws_ec2\n",
      /^1:1 the inventory plugin "aws_ec2" is not here \| .*--yaml/,
    ],
    [
      "priority that is no number",
      "all: {vars: {ansible_group_priority: high}}\n",
      /^1:38 ansible_group_priority must be a whole number/,
    ],
    ["template that is not quoted", "all:\n  vars:\n    a: {{ b }}\n", /^3:8 .*quote/],
  ];
  test.each(cases)("%s", (_name, text, expected) => {
    expect(complaint(text, "yaml")).toMatch(expected);
  });
});

describe("a mistake in an INI inventory is shown with place and hint", () => {
  const cases: [string, string, RegExp][] = [
    [
      "section of an unknown kind",
      "[web:chlidren]\n",
      /^1:1 a section of kind "chlidren" does not exist \| did you mean "children"/,
    ],
    ["section with a space", "[web servers]\n", /^1:1 "\[web servers\]" is not a section/],
    [
      "child that is no group",
      "[a]\nh\n[b:children]\nfront\n[fronts]\n",
      /^4:1 "b" has the child "front", but no section declares that group \| did you mean "fronts"/,
    ],
    [
      "variables of no group",
      "[b:vars]\nx=1\n",
      /^1:1 variables are given for "b", but no section/,
    ],
    ["no assignment under vars", "[b]\n[b:vars]\n  word\n", /^3:3 "word" is not name=value/],
    [
      "two hosts on a line",
      "[b]\none two\n",
      /^2:5 "two" is not name=value \| .*one host per line/,
    ],
    ["open quote", "one x='a\n", /^1:1 this line has an unclosed quote/],
    [
      "backslash at the end",
      "one x=a\\\n",
      /^1:1 this line has an unclosed quote, or ends with a backslash/,
    ],
    ["bad range", "[g]\n  a[1:] x=1\n", /^2:3 bad range/],
    ["port without a number", "a:\n", /^1:1 the host "a:" ends with a colon/],
    ["YAML by mistake", "--- \nall:\n", /^1:1 "---" begins a YAML file/],
    ["a group as its own child", "[a:children]\na\n", /^2:1 the group "a" is its own parent/],
    ["a circle", "[a:children]\nb\n[b:children]\na\n", /^4:1 the group "b" is already inside "a"/],
  ];
  test.each(cases)("%s", (_name, text, expected) => {
    expect(complaint(text, "ini")).toMatch(expected);
  });
});

test("a value in an INI inventory knows the place of its characters", () => {
  const inventory = emptyInventory();
  readIniInventory(inventory, "[g]\n  a x=1 y=x{{z}}\n[g:vars]\nv =  one {{ two }}\n", "hosts");
  const host = inventory.hosts.get("a")!.vars.get("y");
  const group = inventory.groups.get("g")!.vars.get("v");
  expect(host?.kind === "scalar" && host.at(1)).toMatchObject({ line: 2, column: 12 });
  expect(group?.kind === "scalar" && group.at(4)).toMatchObject({ line: 4, column: 10 });
});

const root = mkdtempSync(join(tmpdir(), "hullwright-mistakes-"));
afterAll(() => rmSync(root, { recursive: true }));

// Writes files, loads an inventory among them, gives the complaint and the warnings.
async function loadFiles(
  files: { [path: string]: string | Buffer },
  source: string,
): Promise<string> {
  const folder = mkdtempSync(join(root, "case-"));
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  const warnings: string[] = [];
  try {
    await loadInventory([join(folder, source)], (message) => warnings.push(message));
  } catch (error) {
    if (error instanceof InputError)
      return `${error.place ? `${error.place.file}:${error.place.line} ` : ""}${error.message} | ${error.hint}`.replaceAll(
        folder,
        "",
      );
    throw error;
  }
  return `accepted ${warnings.join()}`.replaceAll(folder, "");
}

describe("files that cannot be an inventory or variables are refused", () => {
  const HOSTS = "g: {hosts: {h: }}\n";
  const cases: [string, { [path: string]: string | Buffer }, string, RegExp][] = [
    ["nothing there", {}, "nothing", /there is no inventory \/nothing \| .*-i \/nothing,/],
    ["a program that is not executable", { x: "#!/bin/sh\n[ -e /x ]; echo\n" }, "x", /chmod \+x/],
    ["TOML", { "x.toml": "[g\n" }, "x.toml", /this TOML cannot be read/],
    ["not UTF-8", { "x.yml": Buffer.from([0x61, 0xff]) }, "x.yml", /not UTF-8 text/],
    [
      "a list as variables",
      { "i.yml": HOSTS, "group_vars/g.yml": "- a\n" },
      "i.yml",
      /^\/group_vars\/g\.yml:1 a file of variables must be a mapping, not a list/,
    ],
    [
      "encrypted without a password",
      { "i.yml": HOSTS, "host_vars/h.yml": "$ANSIBLE_VAULT;1.1;AES256\n00\n" },
      "i.yml",
      /^\/host_vars\/h\.yml:1 this file is encrypted/,
    ],
    ["an empty YAML inventory", { "i.yml": "" }, "i.yml", /^accepted this inventory is empty/],
    [
      "an empty folder",
      { "inv/notes.md": "" },
      "inv",
      /^accepted the directory \/inv contains no inventory/,
    ],
    [
      "one name for a group and a host",
      { "i.yml": "g: {hosts: {g: }}\n" },
      "i.yml",
      /^accepted "g" is the name of both a group and a host/,
    ],
    [
      "a key given twice",
      { "i.yml": "g:\n  hosts: {h: {x: 1, x: 2}}\n" },
      "i.yml",
      /^accepted the key "x" is given twice/,
    ],
  ];
  test.each(cases)("%s", async (_name, files, source, expected) => {
    expect(await loadFiles(files, source)).toMatch(expected);
  });
});

test("no text makes the readers fail in another way than with an InputError", () => {
  const parts = fc.array(
    fc.constantFrom(
      "[",
      "]",
      ":",
      "a",
      "hosts",
      "children",
      "vars",
      "=",
      "'",
      '"',
      "\n",
      "  ",
      "{",
      "}",
      "- ",
      "[g]",
      "[g:vars]\n",
      "1:3",
      "#",
      "\\",
      ",",
      "(",
      "*",
      "&a ",
      "!",
      "|\n",
      "\t",
      "0x",
      ".",
    ),
    { maxLength: 40 },
  );
  fc.assert(
    fc.property(parts, (tokens) => {
      complaint(tokens.join(""), "yaml");
      complaint(tokens.join(""), "ini");
    }),
    { numRuns: 3000 },
  );
});
