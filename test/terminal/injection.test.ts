/** No text from outside reaches the terminal as a command, wherever it comes from and wherever it goes to. */
import { readFileSync } from "node:fs";
import { afterAll, describe, expect, test } from "vitest";
import { Desk, noTerminal } from "./terminal.ts";

/** Sets the terminal's title, colours, goes up a line, and turns the direction of text; as YAML and the shell's printf write it. */
const EVIL = "\u001b]0;PWNED\u0007\u001b[1;31m\u001b[A\u009b2J\u202edlrow\u2066";
const IN_YAML = String.raw`\e]0;PWNED\a\e[1;31m\e[A\x9b2J\u202edlrow\u2066`;
const IN_SHELL = String.raw`\033]0;PWNED\007\033[1;31m\033[A\302\2332J\342\200\256dlrow`;

/** What may not leave: all controls but line feed and tab, and what turns the direction of text. */
const UNSAFE = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/;

const one = (tasks: string, play = ""): string =>
  `- hosts: all\n  gather_facts: false\n${play}  tasks:\n${tasks}`;

const FILES: { readonly [name: string]: string } = {
  hosts: "a ansible_connection=local\n",
  "evil-host.yml": `all: {hosts: {"h${IN_YAML}": {ansible_connection: local}}}\n`,
  "evil-group.yml": `all: {children: {"g${IN_YAML}": {hosts: {a: {ansible_connection: local}}}}}\n`,
  "debug.yml": one(`    - debug: {msg: "said ${IN_YAML}"}\n`),
  "stdout.yml": one(
    `    - {command: "printf '${IN_SHELL.replaceAll("\\", "\\\\")}'", register: r, changed_when: false}\n    - debug: {msg: "{{ r.stdout }}"}\n`,
  ),
  "task.yml": one(`    - {name: "n${IN_YAML}", command: "true"}\n`),
  "play.yml": one('    - command: "true"\n', `  name: "p${IN_YAML}"\n`),
  "item.yml": one(`    - {command: "true", loop: ["i${IN_YAML}"]}\n`),
  "fail.yml": one(`    - fail: {msg: "f${IN_YAML}"}\n`),
  "stderr.yml": one(`    - shell: "printf '${IN_SHELL.replaceAll("\\", "\\\\")}' >&2; exit 3"\n`),
  "content.yml": one(
    `    - copy: {content: "c${IN_YAML}\\n", dest: "./no where${IN_YAML}"}\n`,
  ).replace("./no", "{{ playbook_dir }}/no"),
  "argument.yml": one(`    - command: {cmd: "echo '${IN_YAML}'"}\n`),
  "pause.yml": one(`    - pause: {seconds: 1, prompt: "w${IN_YAML}"}\n`),
  "module.yml": one(`    - "m${IN_YAML}": {}\n`),
  "parameter.yml": one(`    - copy: {"k${IN_YAML}": x, dest: /x}\n`),
  "include.yml": one(`    - include_tasks: "t${IN_YAML}.yml"\n`),
  "frame.yml": one("    - command: {cmd: x, \u202eevil: \u2066 y}\n"),
  "tags.yml": one(`    - {command: "true", tags: ["t${IN_YAML}"]}\n`),
  "template.yml": one(`    - debug: {msg: "{{ '${IN_YAML}' | nothing_of_this_name }}"}\n`),
  "undefined.yml": one(`    - debug: {msg: "{{ lookup('file', '${IN_YAML}') }}"}\n`),
};

/** Where the text comes from, and the call whose output it gets into; `says` is a part of it that must be readable. */
const CASES: [what: string, words: readonly string[], says?: string][] = [
  [
    "the message of debug",
    ["plan", "debug.yml"],
    String.raw`said \x1b]0;PWNED\x07\x1b[1;31m\x1b[A\x9b2J\u202edlrow\u2066`,
  ],
  ["what a host's command prints", ["plan", "stdout.yml"], String.raw`\x1b]0;PWNED`],
  ["a task's name", ["plan", "task.yml"], String.raw`n\x1b]0;PWNED`],
  [
    "a task's name while it is done",
    ["apply", "task.yml", "-y", "-v"],
    String.raw`a: n\x1b]0;PWNED`,
  ],
  ["a play's name", ["apply", "play.yml", "-y"], String.raw`p\x1b]0;PWNED`],
  ["an item of a loop", ["plan", "item.yml"], String.raw`i\x1b]0;PWNED`],
  ["a failure's message", ["plan", "fail.yml"], String.raw`f\x1b]0;PWNED`],
  ["what a failed command prints", ["apply", "stderr.yml", "-y"], String.raw`\x1b]0;PWNED`],
  ["a file's content and path", ["plan", "content.yml"], String.raw`+c\x1b]0;PWNED`],
  ["an argument of a command", ["plan", "argument.yml"]],
  ["a pause's prompt", ["apply", "pause.yml", "-y"], String.raw`w\x1b]0;PWNED`],
  ["a host's name", ["plan", "debug.yml", "-i", "evil-host.yml"], String.raw`h\x1b]0;PWNED`],
  [
    "a host's name in the recap",
    ["apply", "task.yml", "-y", "-i", "evil-host.yml"],
    String.raw`h\x1b]0;PWNED`,
  ],
  ["a group's name", ["plan", "debug.yml", "-i", "evil-group.yml", "--list-hosts"]],
  ["a module that is not there", ["plan", "module.yml"], String.raw`m\x1b]0;PWNED`],
  ["a parameter that is not there", ["plan", "parameter.yml"], String.raw`k\x1b]0;PWNED`],
  ["a file that is not there", ["plan", "include.yml"], String.raw`t\x1b]0;PWNED`],
  ["a frame of the playbook", ["plan", "frame.yml"], String.raw`\u202eevil`],
  ["a frame in lint", ["lint", "frame.yml"], String.raw`\u202eevil`],
  ["an expression", ["plan", "template.yml"]],
  ["a lookup that fails", ["plan", "undefined.yml"]],
  ["--list-tasks", ["plan", "task.yml", "--list-tasks"], String.raw`n\x1b]0;PWNED`],
  ["--list-tags", ["plan", "tags.yml", "--list-tags"], String.raw`t\x1b]0;PWNED`],
  ["-vvv", ["plan", "stdout.yml", "-vvv"], String.raw`\x1b]0;PWNED`],
  ["--limit", ["plan", "debug.yml", "-l", EVIL]],
  ["--start-at-task", ["plan", "debug.yml", "--start-at-task", EVIL]],
  ["-e", ["plan", "debug.yml", "-e", `{a: ${EVIL}`]],
  ["-i", ["plan", "debug.yml", "-i", EVIL]],
  ["a playbook's name", ["plan", EVIL]],
  ["an option", ["plan", "debug.yml", `--${EVIL}`]],
  ["a command", [EVIL]],
  ["doc", ["doc", EVIL], String.raw`\x1b]0;PWNED`],
  ["a rule of lint", ["lint", "debug.yml", "-x", EVIL], String.raw`\x1b]0;PWNED`],
  [
    "a vault password's label",
    ["plan", "debug.yml", "--vault-id", `${EVIL}@prompt`],
    String.raw`\x1b]0;PWNED`,
  ],
  ["a vault file", ["vault", "view", EVIL]],
  ["--json", ["plan", "debug.yml", "--json"]],
  [
    "--json of a failure",
    ["plan", "fail.yml", "--json"],
    String.raw`f\u001b]0;PWNED\u0007\u001b[1;31m\u001b[A\u009b2J\u202edlrow\u2066`,
  ],
];

/** The calls that are made in a terminal, too, where the line of progress is drawn. */
const IN_TERMINAL = [
  "plan debug.yml",
  "apply task.yml -y -v",
  "apply play.yml -y",
  "apply stderr.yml -y",
  "apply task.yml -y -i evil-host.yml",
  "plan stdout.yml -vvv",
];

const desk = new Desk(FILES);
afterAll(() => desk.close());

// Calls hullwright without a terminal, but with colours.
function call(words: readonly string[]): string {
  const all =
    ["plan", "apply"].includes(words[0]!) && !words.includes("-i")
      ? [...words, "-i", "hosts"]
      : words;
  return desk.call(`hullwright ${all.map((word) => `'${word}'`).join(" ")}`, { FORCE_COLOR: "1" });
}

describe("without a terminal", () => {
  test.each(CASES)("%s", (_what, words, says = "") => {
    const text = call(words);
    const withoutOurs = text.replaceAll(/\u001b\[(?:[0-2]|22|3[1-69]|39)m/g, "");
    expect(UNSAFE.exec(withoutOurs)?.[0], JSON.stringify(withoutOurs)).toBeUndefined();
    expect(text).not.toContain("\u001b[1;31m");
    expect(text).toContain(says);
  });

  test("JSON means the same", () => {
    const report = JSON.parse(call(["plan", "fail.yml", "--json"])) as {
      hosts: { a: { failed: { message: string } } };
    };
    expect(report.hosts.a.failed.message).toBe(`f${EVIL}`);
  });
  test("our own colours are colours", () =>
    expect(call(["plan", "task.yml"])).toContain("\u001b[33m~\u001b[39m"));
  test("what is decrypted for a program stays as it is", () => {
    const file = desk.file("content", `x${EVIL}\n`);
    desk.file("password", "word");
    call(["vault", "encrypt", "content", "--vault-password-file", "password"]);
    expect(readFileSync(file, "utf8")).toMatch(/^\$ANSIBLE_VAULT/);
    expect(call(["vault", "view", "content", "--vault-password-file", "password"])).toBe(
      `x${EVIL}\n`,
    );
  });
});

describe.skipIf(noTerminal)("in a terminal", () => {
  const lines = CASES.filter(([, words]) => IN_TERMINAL.includes(words.join(" "))).map(
    ([what, words]) =>
      [what, `hullwright ${words.join(" ")}${words.includes("-i") ? "" : " -i hosts"}`] as const,
  );

  test.each(lines)("%s: its title and its lines stay", async (_what, line) => {
    const terminal = desk.open(`echo it stays; ${line}`, { rows: 60, columns: 200 });
    const { text } = await terminal.ends();
    expect(text).toContain("it stays");
    expect(terminal.title()).not.toContain("PWNED");
  });
  test("a vault file's content is spelled out", async () => {
    desk.file("password", "word");
    desk.file("secret", `x${EVIL}\n`);
    call(["vault", "encrypt", "secret", "--vault-password-file", "password"]);
    const terminal = desk.open("hullwright vault view secret --vault-password-file password");
    expect((await terminal.ends()).text).toContain(String.raw`x\x1b]0;PWNED\x07`);
  });
});
