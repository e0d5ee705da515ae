/** Worker processes do the hosts of large runs: to the user it is as if one process did, however it ends. */
import { chmodSync, existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, describe, expect, test } from "vitest";
import { half } from "../sample.ts";
import { Desk, noTerminal, type Terminal } from "./terminal.ts";

/** Four machines, as far as their addresses tell. */
const HOSTS =
  "[all]\nh1\nh2\nh3\nh4\n[all:vars]\nansible_connection=openssh\nansible_host=127.0.0.{{ inventory_hostname[1:] }}\n[odd]\nh1\nh3\n[even]\nh2\nh4\n[even:vars]\nis_even=true\n";
const HEAD = "- name: first play\n  hosts: all\n  gather_facts: false\n  tasks:\n";

const BOOKS: { readonly [name: string]: string } = {
  // commands, what depends on them, a host that fails, and a play for some of the hosts
  changes: `${HEAD}    - {name: make, copy: {content: "{{ inventory_hostname }}", dest: "made.{{ inventory_hostname }}"}}
    - {name: say, command: "echo {{ inventory_hostname }}", register: said}
    - {name: keep, copy: {content: "{{ said.stdout }}", dest: "said.{{ inventory_hostname }}"}, when: inventory_hostname != "h4"}
    - {name: refuse, command: "false", when: inventory_hostname == "h2"}
- name: odd ones
  hosts: odd
  gather_facts: false
  tasks:
    - {name: late, copy: {content: "{{ ansible_play_name }}", dest: "odd.{{ inventory_hostname }}"}}
`,
  // in the first play all of its hosts fail, so that the run ends with it
  lost: `- name: odd ones
  hosts: odd
  gather_facts: false
  tasks:
    - {name: refuse, command: "false"}
- name: even ones
  hosts: even
  gather_facts: false
  tasks:
    - {name: make, copy: {content: x, dest: "made.{{ inventory_hostname }}"}}
`,
  // only some hosts show the mistake
  mistake: `${HEAD}    - {name: good, debug: {msg: good}}
    - {name: wrong, debug: {msg: "{{ nothing }}"}, when: inventory_hostname in ["h3", "h4"]}
`,
  // only some hosts look at others
  together: `${HEAD}    - {name: look, debug: {msg: "{{ hostvars['h1'].inventory_hostname }}"}, when: inventory_hostname == "h4"}
    - {name: once, copy: {content: x, dest: made.once}, delegate_to: h1, when: inventory_hostname == "h4"}
`,
  // only what a command prints shows that hosts look at others
  late: `${HEAD}    - {name: say, command: "echo {{ inventory_hostname }}", register: said}
    - {name: look, copy: {content: "{{ 'x' if said.stdout == 'h0' else hostvars['h2'].said.stdout }}", dest: "made.{{ inventory_hostname }}"}}
`,
  // a file that all hosts share is made by one of them
  password: `${HEAD}    - {name: make, copy: {content: "{{ lookup('password', 'secret length=8') }}", dest: "made.{{ inventory_hostname }}"}}
`,
  warns: `${HEAD}    - {name: warn, debug: {msg: "{{ is_even | default(false) }}"}, tags: [x]}
    - {name: other, debug: {msg: y}, tags: [y]}
`,
  slow: `${HEAD}    - {name: first, copy: {content: x, dest: "made.{{ inventory_hostname }}"}}
    - name: middle
      shell: |
        test {{ inventory_hostname }} = h1 || exit 0
        touch begun; while test -e begun && ! test -e free; do sleep 0.1; done
    - {name: last, copy: {content: x, dest: "last.{{ inventory_hostname }}"}}
`,
  asks: `${HEAD}    - {shell: "touch asked; while test -e asked && ! test -e go; do sleep 0.1; done", changed_when: false, check_mode: false}
`,
};

// An ssh that leads to this machine: hosts of local connections share files with the controller, so that one process does them.
const SSH = `#!/bin/sh
for word; do case $word in -G|-V) PATH=\${PATH#*:}; exec ssh "$@" ;; esac; done
for word; do last=$word; done
exec sh -c "$last"
`;

const desks: Desk[] = [];
afterAll(() => desks.forEach((desk) => desk.close()));

// A desk with all playbooks, whose paths lead into it.
function deskOf(): Desk {
  const desk = new Desk({ hosts: HOSTS });
  desks.push(desk);
  chmodSync(desk.file("bin/ssh", SSH), 0o755);
  for (const [name, text] of Object.entries(BOOKS))
    desk.file(
      `${name}.yml`,
      text
        .replaceAll(/dest: "?([\w.{} ]+)"?/g, `dest: "${desk.folder}/$1"`)
        .replaceAll(/\b(touch|test -e) (\w+)/g, `$1 ${desk.folder}/$2`)
        .replaceAll("'secret ", `'${desk.folder}/secret `),
    );
  return desk;
}

const made = (desk: Desk): string[] =>
  readdirSync(desk.folder)
    .filter((name) => /^(?:made|said|odd|last)\./.test(name))
    .sort();

// Takes out of a text what differs from run to run.
function settled(text: string, desk: Desk): string {
  return text
    .replaceAll(desk.folder, "DESK")
    .replaceAll(/^It took .*\n/gm, "")
    .replaceAll(/"(?:started|ended|created|seconds|connecting|rounds)": .*/g, "")
    .replaceAll(/-\w{8}\.retry/g, ".retry")
    .replaceAll(/^h\d: is the same machine as .*\n/gm, "")
    .replaceAll(/--workers \d/g, "");
}

const LINES: [what: string, line: string][] = [
  ["a plan", "plan changes.yml"],
  ["all tasks of a plan", "plan changes.yml -v"],
  ["a plan as JSON", "plan changes.yml --json"],
  ["a plan in which all hosts of a play fail", "plan lost.yml"],
  ["a run", "apply changes.yml --yes"],
  ["a run as JSON", `apply changes.yml --yes --json | grep '"[a-z]*": ["0-9]'`],
  ["a run that ends with a play", "apply lost.yml --yes"],
  ["a mistake that some hosts show", "plan mistake.yml"],
  ["the same before a run", "apply mistake.yml --yes"],
  ["tasks that look at other hosts", "plan together.yml"],
  ["the same, done", "apply together.yml --yes"],
  ["tasks that look at other hosts behind a command", "apply late.yml --yes"],
  ["a file that hosts share", "apply password.yml --yes"],
  ["tags", "plan warns.yml -v --tags x"],
  ["a saved plan", "plan changes.yml -o p >/dev/null; hullwright show p; hullwright apply p"],
  ["a host that has changed since", "plan changes.yml -o p; echo >> made.h3; hullwright apply p"],
  ["a wrong password file", "plan changes.yml --vault-password-file none"],
  ["no such host", "plan changes.yml -l nobody"],
];

test.each(half(LINES))("%s is the same with worker processes as without", (_what, line) => {
  const seen = [1, 2].map((workers) => {
    const desk = deskOf();
    const said = desk.call(`hullwright ${line.replace(/(\.yml)/, "$1 -i hosts")}; echo "code $?"`, {
      HULLWRIGHT_WORKERS: String(workers),
    });
    return {
      said: settled(said, desk)
        .split("\n")
        .filter((line) => line.trim() !== "")
        .toSorted(),
      made: made(desk).map((name) => [name, readFileSync(join(desk.folder, name), "utf8").length]),
    };
  });
  expect(seen[1]).toEqual(seen[0]);
});

test("a run that worker processes have done is remembered as one", async () => {
  const desk = deskOf();
  desk.file("same.yml", `${HEAD}    - {name: look, file: {path: /, state: directory}}\n`);
  await sleep(2500); // what was written a moment ago is not trusted
  const plan = (): string =>
    settled(
      desk.call('hullwright plan same.yml -i hosts; echo "code $?"', { HULLWRIGHT_WORKERS: "2" }),
      desk,
    );
  const first = plan();
  expect(first).toMatch(/4 hosts looked at[^]*code 0/);
  const runs = join(desk.folder, "cache", "hullwright", "runs");
  const [record, ...more] = readdirSync(runs).map((name) => join(runs, name));
  expect(more).toEqual([]);
  expect(plan()).toBe(first); // which adds what validators came to
  const kept = statSync(record!).ino;
  expect(plan()).toBe(first);
  // who plans again keeps what was found once more, in a new file
  expect(statSync(record!).ino).toBe(kept);
});

// The ids of the worker processes of a desk's program, in the order in which they were started.
function workersOf(desk: Desk): number[] {
  const found = new Map<number, number>();
  for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    try {
      const [words, environment, stat] = ["cmdline", "environ", "stat"].map((name) =>
        readFileSync(`/proc/${pid}/${name}`, "utf8"),
      ) as [string, string, string];
      if (words.split("\0").includes("part") && environment.includes(desk.folder))
        found.set(Number(pid), Number(stat.slice(stat.lastIndexOf(")")).split(" ")[2]));
    } catch {
      // it has ended
    }
  }
  // what a worker has just forked still has its name
  return [...found]
    .flatMap(([pid, parent]) => (found.has(parent) ? [] : [pid]))
    .sort((a, b) => a - b);
}

// Waits until something is so.
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await sleep(30);
}

// Waits for the end, of which no stack trace may tell, and until no worker process is left.
async function endOf(terminal: Terminal, desk: Desk, code: number): Promise<string> {
  const ended = await terminal.ends();
  expect(ended.text).not.toMatch(/^\s+at .*[:(]\d|AbortError|unsettled/m);
  expect(ended.code).toBe(code);
  await until(() => workersOf(desk).length === 0);
  return ended.text;
}

describe.skipIf(noTerminal)("with worker processes", () => {
  const APPLY = "hullwright apply slow.yml -i hosts -y --workers 2";
  const PLAN = "hullwright plan asks.yml -i hosts --workers 2";
  const has = (desk: Desk, name: string): boolean => existsSync(join(desk.folder, name));

  test("the line of progress counts all hosts", async () => {
    const desk = deskOf();
    const terminal = desk.open(APPLY, { columns: 200 });
    await terminal.shows(/first play: \d\/4 hosts.*h[1-4]: middle/);
    desk.file("free", "");
    expect(await endOf(terminal, desk, 0)).toMatch(/4 hosts: 0 ok, 4 changed, 0 failed/);
  });

  test("nothing of a password is in a list of arguments, and it is asked for once", async () => {
    const desk = deskOf();
    const terminal = desk.open(`${PLAN} -K`, { columns: 200 });
    await terminal.shows(/Become password:/);
    terminal.type("hush-hush", "Enter");
    await until(() => has(desk, "asked"));
    const lists = workersOf(desk).map((pid) =>
      ["cmdline", "environ"].map((name) => readFileSync(`/proc/${pid}/${name}`, "utf8")).join(),
    );
    expect(lists).toHaveLength(2);
    expect(lists.join()).not.toContain("hush-hush");
    desk.file("go", "");
    expect((await endOf(terminal, desk, 0)).match(/Become password/g)).toHaveLength(1);
  });

  test("Ctrl-C while planning ends it at once", async () => {
    const desk = deskOf();
    const terminal = desk.open(PLAN, { columns: 200 });
    await until(() => has(desk, "asked"));
    terminal.type("C-c");
    expect(await endOf(terminal, desk, 130)).toMatch(/interrupted; nothing was changed/);
    desk.file("go", "");
  });

  test("Ctrl-C while applying waits for what runs, and tells where hosts were", async () => {
    const desk = deskOf();
    const terminal = desk.open(APPLY, { columns: 200, rows: 60 });
    await until(() => has(desk, "begun"));
    terminal.type("C-c");
    await terminal.shows(/Stopping: no further changes are started.*h1: middle/);
    desk.file("free", "");
    const text = await endOf(terminal, desk, 130);
    expect(text).toMatch(/stopped: h1.*before "last"/);
    expect(text).toMatch(/Run the same command again to continue/);
    expect(has(desk, "last.h1")).toBe(false);
  });

  test("a second Ctrl-C waits for nothing", async () => {
    const desk = deskOf();
    const terminal = desk.open(APPLY, { columns: 200, rows: 60 });
    await until(() => has(desk, "begun"));
    terminal.type("C-c");
    await terminal.shows(/Stopping/);
    terminal.type("C-c");
    expect(await endOf(terminal, desk, 130)).toMatch(/not waited for: h1.*"middle" was running/);
    desk.file("free", "");
  });

  test("kill -9 of a worker fails its hosts by name, and the others are done", async () => {
    const desk = deskOf();
    const terminal = desk.open(APPLY, { columns: 200, rows: 60 });
    await until(() => has(desk, "begun"));
    // h1 is the first worker's
    await until(() => workersOf(desk).length > 0);
    process.kill(workersOf(desk)[0]!, "SIGKILL");
    desk.file("free", "");
    const text = await endOf(terminal, desk, 2);
    expect(text).toMatch(/x h1: the worker process that did this host has ended \(SIGKILL\)/);
    expect(text).toMatch(/h4 +changed/);
    expect(text).toMatch(/run again: what is done is not done twice/);
  });

  test("kill -9 of the program leaves no worker behind", async () => {
    const desk = deskOf();
    const terminal = desk.open(`${APPLY} & echo $! > pid; wait $!`, { columns: 200 });
    await until(() => has(desk, "begun"));
    process.kill(Number(readFileSync(join(desk.folder, "pid"), "utf8")), "SIGKILL");
    await endOf(terminal, desk, 137);
    desk.file("free", "");
  });
});
