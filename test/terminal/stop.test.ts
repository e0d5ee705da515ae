/** Ctrl-C, Ctrl-D and signals at each stage: no stack trace, the right exit code, and hosts of which is said how they were left. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { Desk, noTerminal, type Terminal } from "./terminal.ts";

const HEAD = "- hosts: all\n  gather_facts: false\n";

// The second of three tasks says that it has `begun`; it ends when the test says so (`free`), or once the host was told to stop and the test agrees (`go`).
const told = (desk: string): string =>
  ["/var/lib/hullwright", `${desk}/.local/state/hullwright`]
    .map((state) => `${state}/stop-*`)
    .join(" ");
const untilStopped = (desk: string): string => `shell: |
        touch ${desk}/begun; until ! test -e ${desk}/begun || test -e ${desk}/free || { test -e ${desk}/go && ls ${told(desk)} 2>/dev/null | grep -q .; }; do sleep 0.1; done`;

const slow = (desk: string, middle = untilStopped(desk)): string => `${HEAD}  tasks:
    - {name: first, copy: {content: x, dest: ${desk}/first}}
    - name: middle
      ${middle}
    - {name: last, copy: {content: x, dest: ${desk}/last}}
`;

const desks: Desk[] = [];
afterAll(() => desks.forEach((desk) => desk.close()));

// A desk with that playbook.
function deskOf(middle?: string, files: { [name: string]: string } = {}): Desk {
  const desk = new Desk({ hosts: "a ansible_connection=local\n", ...files });
  desk.file("slow.yml", slow(desk.folder, middle));
  desks.push(desk);
  return desk;
}

const has = (desk: Desk, name: string): boolean => existsSync(join(desk.folder, name));
const STACK = /^\s+at .*[:(]\d|AbortError|unsettled/m;

// Waits for the end, of which no stack trace may tell.
async function endOf(terminal: Terminal, code: number): Promise<string> {
  const ended = await terminal.ends();
  expect(ended.text).not.toMatch(STACK);
  expect(ended.code).toBe(code);
  return ended.text;
}

describe.skipIf(noTerminal)("at the question", () => {
  const QUESTION: [key: string, code: number, says: string][] = [
    ["C-c", 130, "interrupted; nothing was changed"],
    ["C-d", 1, "nothing was done"],
    ["Enter", 1, "nothing was done"],
    ["n", 1, "nothing was done"],
  ];
  test.each(QUESTION)("%s", async (key, code, says) => {
    const desk = deskOf();
    const terminal = desk.open("hullwright apply slow.yml -i hosts", { rows: 60 });
    await terminal.shows(/is accepted:$/m);
    terminal.type(key, ...(key === "n" ? ["Enter"] : []));
    expect(await endOf(terminal, code)).toContain(says);
    expect(has(desk, "first")).toBe(false);
  });
});

const VAULT = "$ANSIBLE_VAULT;1.1;AES256\n3030\n";
const PROMPTS =
  `${HEAD}  vars_prompt: [{name: a, prompt: which one}, {name: b, prompt: secret, private: true}]\n  tasks: []\n`.replace(
    "{name: a, prompt: which one}",
    "{name: a, prompt: which one, private: false}",
  );
const ASKING: [what: string, line: string, prompt: RegExp][] = [
  ["the become password", "hullwright plan slow.yml -i hosts -K", /Become password:/],
  ["a vault password", "hullwright plan slow.yml -i hosts -J", /Vault password:/],
  [
    "a vault password by id",
    "hullwright plan slow.yml -i hosts --vault-id dev@prompt",
    /Vault password \(dev\):/,
  ],
  ["vault view", "hullwright vault view -J secret", /Vault password:/],
  ["vault encrypt", "hullwright vault encrypt slow.yml", /New vault password:/],
  ["vault encrypt_string", "hullwright vault encrypt_string x", /New vault password:/],
  ["vars_prompt", "hullwright plan prompts.yml -i hosts", /which one:/],
];

describe.skipIf(noTerminal)("at a prompt", () => {
  const desk =
    noTerminal === undefined
      ? deskOf(undefined, { secret: VAULT, "prompts.yml": PROMPTS })
      : undefined;

  test.each(ASKING)("%s: Ctrl-C", async (_what, line, prompt) => {
    const terminal = desk!.open(line);
    await terminal.shows(prompt);
    terminal.type("C-c");
    expect(await endOf(terminal, 130)).toMatch(/interrupted; nothing was changed$/);
  });
  test.each(ASKING)("%s: Ctrl-D", async (_what, line, prompt) => {
    const terminal = desk!.open(line);
    await terminal.shows(prompt);
    terminal.type("C-d");
    expect(await endOf(terminal, 1)).toMatch(/error: no answer to ".*": stdin has ended$/);
  });
  test.each(ASKING.slice(0, 3))(
    "%s without a terminal, and nothing on stdin",
    async (_what, line) => {
      expect(await endOf(desk!.open(`${line} < /dev/null`), 1)).toMatch(
        /error: no answer to ".*": stdin has ended$/,
      );
    },
  );
  test("what is typed is taken, and what is private is not shown", async () => {
    const terminal = desk!.open("hullwright plan prompts.yml -i hosts");
    await terminal.shows(/which one:/);
    terminal.type("this", "Enter");
    await terminal.shows(/secret:/);
    terminal.type("hidden", "Enter");
    const text = await endOf(terminal, 0);
    expect(text).toContain("which one: this");
    expect(text).not.toContain("hidden");
  });
});

const SIGNALS = [
  ["INT", 130],
  ["TERM", 143],
  ["HUP", 129],
] as const;

describe.skipIf(noTerminal)("while planning", () => {
  const silent = (desk: Desk): string =>
    desk.file(
      "silent.yml",
      `${HEAD}  tasks:\n    - {shell: touch ${desk.folder}/asked; while test -e ${desk.folder}/asked && ! test -e ${desk.folder}/go; do sleep 0.1; done, changed_when: false, check_mode: false}\n`,
    );

  test.each(SIGNALS)("SIG%s ends it at once, and nothing was done", async (signal, code) => {
    const desk = deskOf();
    silent(desk);
    const terminal = desk.open(
      `hullwright plan silent.yml -i hosts & until [ -e asked ]; do sleep 0.1; done; kill -${signal} $!; wait $!`,
    );
    expect(await endOf(terminal, code)).toMatch(/interrupted; nothing was changed/);
    desk.file("go", "");
  });
  test("Ctrl-C with --json: a document that says so", async () => {
    const desk = deskOf();
    silent(desk);
    const terminal = desk.open(
      "hullwright plan silent.yml -i hosts --json > out.json & until [ -e asked ]; do sleep 0.1; done; kill -INT $!; wait $!",
    );
    await endOf(terminal, 130);
    expect(JSON.parse(readFileSync(join(desk.folder, "out.json"), "utf8"))).toMatchObject({
      command: "plan",
      hosts: {},
      interrupted: { signal: "SIGINT" },
    });
    desk.file("go", "");
  });
});

// Ctrl-Z as in a shell: what is stopped there goes on after Enter. What the terminal was like meanwhile and at the end is in files.
const stoppable = (line: string, goOn = "fg"): string =>
  `set -m; ${line}; jobs; stty -a > stopped; read; ${goOn}; code=$?; stty -a > ended; (exit $code)`;

// Waits until Ctrl-Z has stopped it, and tells what stands there then.
async function stops(terminal: Terminal, desk: Desk): Promise<string> {
  terminal.type("C-z");
  const text = await terminal.shows(/Stopped +hullwright/);
  while (!has(desk, "stopped") || readFileSync(join(desk.folder, "stopped"), "utf8") === "")
    await new Promise((resolve) => setTimeout(resolve, 30));
  return text;
}

// The terminal shows what is typed, line by line, and its keys are signals.
function isAsBefore(desk: Desk, when: string): void {
  const settings = readFileSync(join(desk.folder, when), "utf8");
  for (const name of ["icanon", "echo", "isig"])
    expect(settings).toMatch(new RegExp(`(?<!-)\\b${name}\\b`));
}

describe.skipIf(noTerminal)("Ctrl-Z leaves the terminal as it was, and fg goes on", () => {
  test("while applying, without a trace of the line of progress", async () => {
    const desk = deskOf();
    const terminal = desk.open(stoppable("hullwright apply slow.yml -i hosts -y"), {
      columns: 200,
    });
    await terminal.shows(/a: middle/);
    expect(await stops(terminal, desk)).not.toContain("middle");
    isAsBefore(desk, "stopped");
    terminal.type("Enter");
    await terminal.shows(/a: middle/);
    desk.file("free", "");
    expect(await endOf(terminal, 0)).toMatch(/a +changed +ok=3 changed=3/);
    isAsBefore(desk, "ended");
  });

  test("and bg goes on without a line of progress in the way", async () => {
    const desk = deskOf();
    const line = stoppable("hullwright apply slow.yml -i hosts -y", "bg; wait");
    const terminal = desk.open(line, { columns: 200 });
    await terminal.shows(/a: middle/);
    await stops(terminal, desk);
    terminal.type("Enter");
    await terminal.shows(/hullwright apply .* &$/m);
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(terminal.text()).not.toContain("middle");
    desk.file("free", "");
    expect(await endOf(terminal, 0)).toMatch(/a +changed +ok=3 changed=3/);
  });

  test("while planning", async () => {
    const desk = deskOf();
    desk.file(
      "look.yml",
      `${HEAD}  tasks:\n    - {shell: while test -d ${desk.folder} && ! test -e ${desk.folder}/go; do sleep 0.1; done, changed_when: false}\n`,
    );
    const terminal = desk.open(stoppable("hullwright plan look.yml -i hosts"));
    await terminal.shows(/planning/);
    await stops(terminal, desk);
    isAsBefore(desk, "stopped");
    terminal.type("Enter");
    await terminal.shows(/planning/);
    desk.file("go", "");
    expect(await endOf(terminal, 0)).toContain("Nothing to do");
  });

  test("at the question, which is asked again", async () => {
    const desk = deskOf("command: 'true'");
    const terminal = desk.open(stoppable("hullwright apply slow.yml -i hosts"), {
      rows: 60,
      columns: 200,
    });
    await terminal.shows(/is accepted:$/m);
    await stops(terminal, desk);
    isAsBefore(desk, "stopped");
    terminal.type("Enter");
    await terminal.shows(/Stopped[^]*is accepted:$/m);
    terminal.type("yes", "Enter");
    expect(await endOf(terminal, 0)).toMatch(/is accepted: yes\n[^]*a +changed +ok=3 changed=3/);
    isAsBefore(desk, "ended");
  });

  test.each(["C-z", "&"])(
    "at a password's prompt (%s), which is asked for again and not shown",
    async (how) => {
      const desk = deskOf("command: 'true'");
      const line = "hullwright plan slow.yml -i hosts -K";
      const terminal = desk.open(
        how === "&"
          ? `set -m; ${line} & until jobs -s | grep -q .; do sleep 0.1; done; echo stopped; read; fg; code=$?; stty -a > ended; (exit $code)`
          : stoppable(line),
      );
      if (how === "&") await terminal.shows(/^stopped/m);
      else {
        await terminal.shows(/^Become password:/m);
        await stops(terminal, desk);
        isAsBefore(desk, "stopped");
      }
      terminal.type("Enter");
      await terminal.shows(/-K\nBecome password:/);
      terminal.type("hidden", "Enter");
      const text = await endOf(terminal, 2);
      expect(text).not.toContain("hidden");
      expect(text.match(/Become password:/g)).toHaveLength(how === "&" ? 1 : 2);
      isAsBefore(desk, "ended");
    },
  );
});

describe.skipIf(noTerminal)("while applying", () => {
  test("Ctrl-C begins no further change, waits for the one that runs, and says how to go on; then the same command goes on", async () => {
    const desk = deskOf();
    const terminal = desk.open("hullwright apply slow.yml -i hosts -y", { columns: 200 });
    await terminal.shows(/a: middle/);
    terminal.type("C-c");
    expect(await terminal.shows(/press Ctrl-C again to stop at once/)).toMatch(
      /^Stopping: no further changes are started. Waiting up to 30 s for what is running \(a: middle\)/m,
    );
    desk.file("go", "");
    const text = await endOf(terminal, 130);
    expect(text).toMatch(
      /^Interrupted\n  stopped: a, before "last" \(2 done, 1 left\)\nRun the same command again to continue: finished changes stay\.$/m,
    );
    expect(text).toMatch(/a: changed\n  ~ first \(copy\)\n  ~ middle/);
    expect([has(desk, "first"), has(desk, "last")]).toEqual([true, false]);
    desk.file("free", "");
    expect(await endOf(desk.open("hullwright apply slow.yml -i hosts -y"), 0)).toMatch(
      /a +changed/,
    );
    expect(has(desk, "last")).toBe(true);
  });

  test("a second Ctrl-C waits for nothing, and says what is known", async () => {
    const desk = deskOf();
    const terminal = desk.open("hullwright apply slow.yml -i hosts -y", { columns: 200 });
    await terminal.shows(/a: middle/);
    terminal.type("C-c");
    await terminal.shows(/press Ctrl-C again to stop at once/);
    terminal.type("C-c");
    const text = await endOf(terminal, 130);
    expect(text).toMatch(
      /a: changed\n  ~ first \(copy\)\n  - not reached: the run was interrupted\n\nInterrupted\n  not waited for: a, where "middle" was running/m,
    );
    desk.file("go", "");
  });

  test.each(SIGNALS)(
    "SIG%s with --json: a document that says where each host was",
    async (signal, code) => {
      const desk = deskOf(undefined, {
        hosts: "a ansible_connection=local\nb ansible_connection=local\n",
      });
      const terminal = desk.open(
        `hullwright apply slow.yml -i hosts -y -f 1 --json > out.json & until [ -e begun ]; do sleep 0.1; done; kill -${signal} $!; touch go; wait $!`,
      );
      await endOf(terminal, code);
      const { hosts, totals, interrupted } = JSON.parse(
        readFileSync(join(desk.folder, "out.json"), "utf8"),
      ) as { hosts: { a: unknown; b: unknown }; totals: unknown; interrupted: unknown };
      expect(interrupted).toEqual({
        signal: `SIG${signal}`,
        done: [],
        stopped: [{ host: "a", task: "last", changes: { done: 2, left: 1 } }],
        running: [],
        notBegun: ["b"],
      });
      expect(hosts.a).toMatchObject({ status: "changed", cut: "the run was interrupted" });
      expect(hosts.b).toMatchObject({ status: "not_reached", changes: [] });
      expect(totals).toMatchObject({ changed: 1, not_reached: 1, ok: 0 });
    },
  );

  test("Ctrl-C at a pause ends the pause", async () => {
    const desk = deskOf("pause: {minutes: 10, prompt: a long wait}");
    const terminal = desk.open("hullwright apply slow.yml -i hosts -y", { columns: 200 });
    await terminal.shows(/a: middle/);
    terminal.type("C-c");
    expect(await endOf(terminal, 130)).toMatch(/stopped: a, before "last"/);
    expect(has(desk, "last")).toBe(false);
  });

  test("Ctrl-C between the tries of `until` ends them", async () => {
    const desk = deskOf(
      `command: "false"\n      register: r\n      until: r.rc == 0\n      retries: 100\n      delay: 600`,
    );
    const terminal = desk.open("hullwright apply slow.yml -i hosts -y", { columns: 200 });
    await terminal.shows(/2 changes|a: middle/);
    terminal.type("C-c");
    expect(await endOf(terminal, 130)).toMatch(/Interrupted/);
    expect(has(desk, "last")).toBe(false);
  });

  test("a terminal that is closed stops it as a signal does", async () => {
    const desk = deskOf();
    const terminal = desk.open("hullwright apply slow.yml -i hosts -y --json > out.json");
    for (; !has(desk, "first");) await new Promise((resolve) => setTimeout(resolve, 30));
    terminal.close();
    desk.file("go", "");
    for (; !has(desk, "out.json") || readFileSync(join(desk.folder, "out.json"), "utf8") === "";)
      await new Promise((resolve) => setTimeout(resolve, 30));
    expect(JSON.parse(readFileSync(join(desk.folder, "out.json"), "utf8"))).toMatchObject({
      interrupted: { signal: "SIGHUP" },
    });
    expect(has(desk, "last")).toBe(false);
  });
});
