import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { toValue } from "../../../src/yaml/data.ts";
import { loadYaml } from "../../../src/yaml/load.ts";
import { parseToml } from "../../../src/toml/parse.ts";
import { call } from "../call.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "hullwright-inventory-"));
  mkdirSync(join(folder, "group_vars"));
  writeFileSync(join(folder, "group_vars", "db.yml"), "z: {b: [1, 2], a: 'true', s: ''}\nf: 1.0\n");
  writeFileSync(join(folder, "hosts"), HOSTS);
  writeFileSync(
    join(folder, "more.toml"),
    '[web]\nchildren = ["inner"]\n[web.hosts]\nt1 = {}\n[inner.hosts.t2]\nport = 8080\n[web.vars]\nof = "toml"\n',
  );
  writeFileSync(join(folder, "fails.sh"), "#!/bin/sh\necho no cloud today >&2\nexit 3\n");
  writeFileSync(join(folder, "text.sh"), "#!/bin/sh\necho hello\n");
  writeFileSync(join(folder, "closed.sh"), "#!/bin/sh\necho '{}'\n");
  writeFileSync(join(folder, "aws.yml"), "plugin: amazon.aws.aws_ec2\nregions: [x]\n");
  for (const name of ["fails.sh", "text.sh"]) chmodSync(join(folder, name), 0o755);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const HOSTS = `lone x=1 f=1.5
[web]
w[1:3] port=80 name="é"
[db]
d1 l="['a', 1, True]"
w2
[site:children]
web
db
[site:vars]
v={"a": null}
t={{ x }}
ansible_group_priority=5
[empty]
`;

function dataOf(text: string): unknown {
  return toValue(loadYaml(text, "inventory")!);
}

const WAYS = [
  "--list",
  "--list --export",
  "--list -y",
  "--list -y --export",
  "--graph",
  "--graph site --vars",
  "--host w2",
  "--host lone -y",
];

describe.skipIf(spawnSync("ansible-inventory", ["--version"]).status !== 0)(
  "prints what ansible-inventory prints (skipped without ansible-core)",
  () => {
    test.each(WAYS)("%s", async (words) => {
      const all = ["-i", join(folder, "hosts"), ...words.split(" ")];
      const right = spawnSync("ansible-inventory", all, {
        encoding: "utf8",
        env: { ...process.env, LC_ALL: "C.UTF-8" },
      });
      const { said } = await call("inventory", ...all);
      // what hosts share is an alias in Ansible's YAML
      if (right.stdout.includes("&id001")) expect(dataOf(said)).toEqual(dataOf(right.stdout));
      else expect(said).toBe(right.stdout);
    });

    test.each([[], ["--export"]])("--toml %j", async (...more) => {
      const all = ["-i", join(folder, "hosts"), "--list", "--toml", ...more.flat()];
      const right = spawnSync("ansible-inventory", all, {
        encoding: "utf8",
        env: { ...process.env, LC_ALL: "C.UTF-8" },
      });
      if (/toml" python library is required|requires the python/i.test(right.stderr)) return;
      expect(parseToml((await call("inventory", ...all)).said)).toEqual(parseToml(right.stdout));
    });
  },
);

test("reports what TOML cannot express", async () => {
  writeFileSync(join(folder, "null.yml"), "all: {hosts: {a: {x: null, y: {z: [1, null]}}}}\n");
  const { said } = await call("inventory", "-i", join(folder, "null.yml"), "--toml");
  const [warning = "", ...toml] = said.split("\n");
  expect(warning).toContain("TOML has no null, so these are left out: x, z");
  expect(parseToml(toml.join("\n"))).toEqual({
    ungrouped: { hosts: { a: { y: { z: [1] } } } },
  });
});

test("reads what begins as a program, is none by its mode, and is an inventory", async () => {
  writeFileSync(join(folder, "static"), "#!/usr/bin/env of-mine\n[g]\na x=1\n");
  const { said } = await call("inventory", "-i", join(folder, "static"), "--graph");
  expect(said).toContain("@g:\n  |  |--a");
});

test.each([
  ["more.toml", "--list", '"hosts": [\n            "t2"\n        ]'],
  ["more.toml", "--host t2", '{\n    "of": "toml",\n    "port": 8080\n}'],
  ["h2,h1,", "", '"children": [\n            "ungrouped"\n        ]'],
])("reads %s", async (source, words, told) => {
  const at = source.includes(",") ? source : join(folder, source);
  const { code, said } = await call("inventory", "-i", at, ...words.split(" ").filter(Boolean));
  expect([code, said]).toEqual([0, expect.stringContaining(told)]);
});

test.each([
  ["fails.sh", [], "the inventory program failed: no cloud today"],
  ["text.sh", [], "the inventory program does not print JSON"],
  ["closed.sh", [], "chmod +x"],
  ["aws.yml", [], 'the inventory plugin "amazon.aws.aws_ec2" is not here'],
  ["hosts", ["--host", "nobody"], 'the inventory has no host "nobody"'],
  ["hosts", ["--graph", "nobody"], 'the inventory has no group "nobody"'],
  ["hosts", ["--list", "--graph"], "exclude each other"],
])("refuses %s %j", async (source, words, told) => {
  const { code, said } = await call("inventory", "-i", join(folder, source), ...words);
  expect([code, said]).toEqual([1, expect.stringContaining(told)]);
});
