import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { call } from "./call.ts";

const HOSTS = "all:\n  hosts: {one: , two: , localhost: }\n  vars: {ansible_connection: local}\n";

// Plans or applies tasks on one host of this machine behind others; OUT stands for a directory.
// Answers what is printed.
async function run(
  verb: "plan" | "apply",
  makes: string,
  looks: string,
  tasks: string,
): Promise<string> {
  const out = mkdtempSync(join(tmpdir(), "hullwright-to-come-"));
  writeFileSync(join(out, "there.old"), "old\n");
  const play = (host: string, list: string): string =>
    `- hosts: ${host}\n  gather_facts: false\n  tasks: [${list}]\n`;
  const site = `${play("localhost", makes)}${play(looks, tasks)}`;
  const [book, inventory] = [join(out, "site.yml"), join(out, "hosts.yml")];
  writeFileSync(book, site.replaceAll("OUT", out));
  writeFileSync(inventory, HOSTS);
  const words = verb === "apply" ? ["--yes"] : [];
  const { said } = await call(verb, book, "-i", inventory, "-v", "--forks", "1", ...words);
  rmSync(out, { recursive: true });
  return said.replaceAll(out, "OUT");
}

const MAKE = '{copy: {content: "x\\n", dest: OUT/made.conf}}';
const COMMAND = '{shell: "echo x > OUT/made.conf"}';
const OTHER = '{shell: "echo x > OUT/other.txt"}';
const MOVE = '{shell: "cp OUT/there.old OUT/made.conf"}';
const OLD_GLOB = '{debug: {msg: "found {{ item | basename }}"}, with_fileglob: OUT/*.old}';
const TRUE = "{command: /bin/true}";
const NAMED = '{shell: "cd $PLACE; echo x > made.conf", environment: {PLACE: OUT}}';
const ALL = '{debug: {msg: "found {{ item | basename }}"}, with_fileglob: OUT/*}';
const SILENT = '{shell: "echo x > OUT/made.conf", changed_when: false}';
const GONE = "{file: {path: OUT/there.old, state: absent}}";
const MODE = '{file: {path: OUT/there.old, mode: "0600"}}';
const GLOB = '{debug: {msg: "found {{ item | basename }}"}, with_fileglob: OUT/*.conf}';
const LOOKUP =
  "{debug: {msg: \"finds {{ lookup('fileglob', 'OUT/*.conf', wantlist=true) | length }}\"}}";
const FILTER = "{debug: {msg: \"finds {{ 'OUT/*.conf' | fileglob | length }}\"}}";
const FILE = "{debug: {msg: \"is {{ 'OUT/made.conf' is file }}\"}}";
const WHEN = "{debug: {msg: done}, when: \"'OUT/made.conf' is exists\"}";
const OLD = "{debug: {msg: \"is {{ 'OUT/there.old' is file }}\"}}";
const READ = "{debug: {msg: \"reads {{ lookup('file', 'OUT/made.conf') }}\"}}";
const FIRST = "{debug: {msg: \"was {{ 'OUT/made.conf' is file }}\"}}";
const LATER = "known after apply";

test.each<[string, makes: string, tasks: string, planned: string, applied: string]>([
  ["with_fileglob", MAKE, GLOB, LATER, "found made.conf"],
  ["with_fileglob, by a command", COMMAND, GLOB, LATER, "found made.conf"],
  [
    "with_fileglob, beside what a command makes",
    OTHER,
    OLD_GLOB,
    "found there.old",
    "found there.old",
  ],
  [
    "with_fileglob, behind a command that names no file",
    TRUE,
    ALL,
    "found there.old",
    "found there.old",
  ],
  ["with_fileglob, behind a command with a name alone", NAMED, ALL, LATER, "found made.conf"],
  ["with_fileglob, of a command on a pattern", MOVE, GLOB, LATER, "found made.conf"],
  ["lookup('fileglob')", MAKE, LOOKUP, LATER, "finds 1"],
  ["the filter fileglob", MAKE, FILTER, LATER, "finds 1"],
  ["is file", MAKE, FILE, LATER, "is True"],
  ["is file, of what a command makes", COMMAND, FILE, LATER, "is True"],
  ["is exists in a condition", MAKE, WHEN, LATER, "done"],
  ["is file, of what goes", GONE, OLD, LATER, "is False"],
  ["is file, of what only changes", MODE, OLD, "is True", "is True"],
  ["is file, of another file", MAKE, OLD, "is True", "is True"],
  ["what stands before", `${FIRST}, ${MAKE}`, FILE, "was False", "was False"],
  ["a command that says it changes nothing", SILENT, FILE, "is True", "is True"],
  ["what such a command makes, in a lookup", SILENT, READ, "reads x", "reads x"],
  ["what such a command makes, in a loop", SILENT, GLOB, "found made.conf", "found made.conf"],
])("files of this machine that the run makes are seen: %s", async (...row) => {
  const [, makes, tasks, planned, applied] = row;
  for (const looks of ["localhost", "one"]) {
    expect(await run("plan", makes, looks, tasks)).toContain(planned);
    expect(await run("apply", makes, looks, tasks)).toContain(applied);
  }
});
