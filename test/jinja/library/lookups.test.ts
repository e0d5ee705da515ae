import { mkdtempSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  evaluateExpression,
  plainOrigin,
  renderValue,
  standardEnvironment,
  type Environment,
} from "../../../src/jinja/template.ts";
import { Unknown } from "../../../src/value.ts";
import { testOutside } from "../outside.ts";

const VARS: { [name: string]: unknown } = {
  nothing: null,
  name: "world",
  list: [1, 2],
  dict: { a: 1, b: 2 },
  rows: [
    { n: "a", l: [1, 2] },
    { n: "b", l: [] },
  ],
};
const folder = mkdtempSync(join(tmpdir(), "jinja-"));
let env: Environment;

beforeAll(() => {
  writeFileSync(join(folder, "file.txt"), "  content\n\n");
  writeFileSync(
    join(folder, "t.j2"),
    "hello {{ name }} {{ extra | default('-') }}\n{% include 'part.j2' %}\n",
  );
  writeFileSync(
    join(folder, "own.tpl"),
    "{{ template_host }} {{ template_uid }} {{ template_path }} {{ template_destpath is none }} {{ template_mtime.microsecond }} {{ template_run_date.microsecond }}",
  );
  writeFileSync(join(folder, "edges.tpl"), "[% name %] {{ x }} [# no #]{# yes #}");
  writeFileSync(join(folder, "part.j2"), "part of {{ name }}\n");
  mkdirSync(join(folder, "sub"));
  symlinkSync(join(folder, "file.txt"), join(folder, "link"));
  const outside = testOutside(folder);
  env = {
    ...standardEnvironment(outside),
    loadTemplate: (name) => ({
      source: outside.read(join(folder, name)),
      origin: plainOrigin(name, ""),
    }),
  };
});
afterAll(() => rmSync(folder, { recursive: true }));

// The value of an expression.
function evaluate(source: string): unknown {
  const value = evaluateExpression(
    source,
    plainOrigin("play.yml", source),
    { lookup: (name) => VARS[name] },
    env,
  );
  return JSON.parse(JSON.stringify(value ?? null)) as unknown;
}

describe("lookups give what Ansible's give", () => {
  test.each<[string, unknown]>([
    ["lookup('file', 'file.txt')", "  content"],
    ["lookup('file', 'file.txt', lstrip=true)", "content"],
    ["lookup('file', 'file.txt', rstrip=false)", "  content\n\n"],
    ["lookup('file', 'file.txt', 'file.txt')", "  content,  content"],
    ["query('file', 'file.txt')", ["  content"]],
    ["q('ansible.builtin.file', 'file.txt')", ["  content"]],
    ["lookup('file', 'nope', errors='ignore')", null],
    ["lookup('file', 'nope', errors='ignore', wantlist=true)", []],
    ["lookup('template', 't.j2')", "hello world -\npart of world\n"],
    ["lookup('template', 'own.tpl')", "controller ann own.tpl True 500000 0"],
    ["lookup('template', 't.j2', template_vars={'extra': 1})", "hello world 1\npart of world\n"],
    [
      "lookup('template', 'edges.tpl', variable_start_string='[%', variable_end_string='%]', comment_start_string='[#', comment_end_string='#]')",
      "world {{ x }} {# yes #}",
    ],
    ["lookup('template', 't.j2', convert_data=False)", "hello world -\npart of world\n"],
    ["lookup('env', 'PLACE')", "here"],
    ["lookup('env', 'NOPE')", ""],
    ["lookup('env', 'NOPE', default='d')", "d"],
    ["lookup('pipe', 'echo hi; echo there')", "hi\nthere"],
    ["query('lines', 'echo hi; echo there')", ["hi", "there"]],
    ["lookup('fileglob', '*.j2') | basename", "t.j2"],
    ["query('fileglob', '*.j2') | map('basename') | list", ["part.j2", "t.j2"]],
    ["lookup('first_found', ['nope', 'file.txt']) | basename", "file.txt"],
    ["lookup('first_found', files=['nope', 't.j2'], paths=['.']) | basename", "t.j2"],
    ["query('first_found', {'files': ['nope'], 'skip': true})", []],
    ["lookup('vars', 'name')", "world"],
    ["lookup('vars', 'na' ~ 'me', 'name')", "world,world"],
    ["lookup('vars', 'nope', default='d')", "d"],
    ["lookup('vars', 'nothing', default='d')", null],
    ["lookup('vars', 'list')", [1, 2]],
    [
      "lookup('dict', dict)",
      [
        { key: "a", value: 1 },
        { key: "b", value: 2 },
      ],
    ],
    ["query('dict', dict) | map(attribute='key') | list", ["a", "b"]],
    ["query('items', [1, [2]], 3)", [1, [2], 3]],
    ["query('list', [1, 2], 3)", [[1, 2], 3]],
    [
      "query('indexed_items', ['a', 'b'])",
      [
        [0, "a"],
        [1, "b"],
      ],
    ],
    [
      "query('together', [1, 2], ['a'])",
      [
        [1, "a"],
        [2, null],
      ],
    ],
    [
      "query('nested', [1, 2], ['a', 'b'])",
      [
        [1, "a"],
        [1, "b"],
        [2, "a"],
        [2, "b"],
      ],
    ],
    ["query('subelements', rows, 'l') | map('last') | list", [1, 2]],
    ["query('sequence', 'start=1 end=3')", ["1", "2", "3"]],
    ["query('sequence', '2-10/4:host%02d')", ["host02", "host06", "host10"]],
    ["query('sequence', 'count=2 format=0x%02x start=0x0f')", ["0x0f", "0x10"]],
    ["query('sequence', start=1, count=2)", ["1", "2"]],
    ["query('sequence', 'start=3 end=1 stride=-1')", ["3", "2", "1"]],
    ["'file.txt' is exists", false],
    ["'~/x' | expanduser", "/root/x"],
    ["'~daemon' | expanduser", "/usr/sbin"],
    ["'$PLACE/${HOME}/$NOPE' | expandvars", "here//root/$NOPE"],
    ["now(utc=true, fmt='%Y-%m-%dT%H:%M:%SZ')", "2001-09-09T01:46:40Z"],
    ["now(true).year", 2001],
    ["now(true).strftime('%d')", "09"],
    ["now(true) ~ ''", "2001-09-09 01:46:40"],
    ["'%Y' | strftime(utc=true)", "2001"],
    ["[1, 2, 3] | random", 1],
    ["undef('say it') | default('x')", "x"],
  ])("%s", (source, value) => {
    expect(evaluate(source)).toEqual(value);
  });
});

describe("tests on paths look at the controller", () => {
  test.each([
    ["file.txt", true, false, false],
    ["sub", false, true, false],
    ["link", true, false, true],
    ["nope", false, false, false],
  ])("%s", (name, file, directory, link) => {
    const path = JSON.stringify(join(folder, name));
    expect(
      evaluate(
        `[${path} is file, ${path} is directory, ${path} is link, ${path} is exists, ${path} is link_exists]`,
      ),
    ).toEqual([file, directory, link, name !== "nope", name !== "nope"]);
  });
});

test("a failed lookup says which, where and what", () => {
  expect(() => evaluate("lookup('file', 'nope')")).toThrow(
    "could not locate 'nope' for the lookup \"file\"",
  );
  expect(() => evaluate("lookup('pipe', 'exit 3')")).toThrow("the lookup pipe(exit 3) returned 3");
  expect(() => evaluate("lookup('pipe', 'kill -9 $$')")).toThrow(
    "the lookup pipe(kill -9 $$) was killed by SIGKILL",
  );
  expect(() => evaluate("lookup('first_found', ['a', 'b'])")).toThrow(
    "No file was found when using first_found.",
  );
  expect(() => evaluate("lookup('vars', 'nope')")).toThrow(
    "No variable found with this name: nope",
  );
  expect(() => evaluate("undef('set it') ~ 'x'")).toThrow("set it");
});

test("a password that is still to be put into its file is known after apply", () => {
  const planning = standardEnvironment({ ...testOutside(), keep: () => undefined });
  const found = renderValue(
    "{{ lookup('password', '/p length=5') }}",
    plainOrigin("p", ""),
    { lookup: () => undefined },
    planning,
  );
  expect(found).toEqual(new Unknown("the password that apply will put into /p"));
});

test("an error of the controller passes through unchanged", () => {
  const own = new Error("not asked yet");
  const failing = standardEnvironment({
    ...testOutside(),
    find: () => {
      throw own;
    },
  });
  expect(() =>
    renderValue(
      "{{ lookup('file', 'x') }}",
      plainOrigin("p", ""),
      { lookup: () => undefined },
      failing,
    ),
  ).toThrow(own);
});
