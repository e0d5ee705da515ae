/** In a real terminal every command ends by itself, with its exit code, and leaves what it showed in one piece. */
import { afterAll, describe, expect, test } from "vitest";
import { Desk, noTerminal, type TerminalOptions } from "./terminal.ts";
import { half } from "../sample.ts";

const HEAD = "- hosts: all\n  gather_facts: false\n";
const FILES = {
  hosts: "a ansible_connection=local\n",
  many: "host[01:50] ansible_connection=local\n",
  "nothing.yml": `${HEAD}  tasks: []\n`,
  "debug.yml": `${HEAD}  tasks:\n    - debug: {msg: hello}\n`,
  "true.yml": `${HEAD}  tasks:\n    - {command: "true", changed_when: false}\n`,
  "asks.yml": `${HEAD}  tasks:\n    - {stat: {path: /}, register: root}\n    - assert: {that: root.stat.isdir}\n`,
  "fails.yml": `${HEAD}  tasks:\n    - {name: it breaks, fail: {msg: broken on purpose}}\n`,
  "two.yml": `${HEAD}  name: one\n  tasks: []\n${HEAD}  name: two\n  tasks:\n    - debug: {msg: hello}\n`,
  "change.yml": `${HEAD}  tasks:\n    - {name: write, copy: {content: x, dest: "{{ playbook_dir }}/written"}}\n`,
  "pause.yml": `${HEAD}  tasks:\n    - pause: {seconds: 1, prompt: wait a little}\n`,
};

const desk = noTerminal === undefined ? new Desk(FILES) : undefined;
afterAll(() => desk?.close());

/** A call, and what comes of it. */
type Case = [what: string, line: string, code: number, shows: RegExp];

const SETTLED: Case[] = [
  ["plan, no task", "hullwright plan nothing.yml -i hosts", 0, /a: ok/],
  ["plan, debug alone", "hullwright plan debug.yml -i hosts", 0, /hello/],
  ["plan, a command that changes nothing", "hullwright plan true.yml -i hosts", 0, /Nothing to do/],
  ["plan, questions", "hullwright plan asks.yml -i hosts", 0, /Nothing to do/],
  ["plan, two plays", "hullwright plan two.yml -i hosts", 0, /hello/],
  ["plan, fifty hosts", "hullwright plan asks.yml -i many", 0, /50\/50 hosts/],
  ["plan, a failure", "hullwright plan fails.yml -i hosts", 1, /x a: it breaks: broken on purpose/],
  ["apply, no task", "hullwright apply nothing.yml -i hosts", 0, /Recap/],
  ["apply, debug alone", "hullwright apply debug.yml -i hosts", 0, /hello/],
  ["apply, a command that changes nothing", "hullwright apply true.yml -i hosts", 0, /Recap/],
  ["apply, questions", "hullwright apply asks.yml -i hosts", 0, /Recap/],
  ["apply, two plays", "hullwright apply two.yml -i hosts", 0, /✔ two: 1\/1 host/],
  [
    "apply, a failure",
    "hullwright apply fails.yml -i hosts",
    2,
    /x a: it breaks: broken on purpose/,
  ],
  ["apply --yes, no task", "hullwright apply nothing.yml -i hosts -y", 0, /Recap/],
  ["apply --yes, debug alone", "hullwright apply debug.yml -i hosts -y", 0, /hello/],
  [
    "apply --yes, a pause",
    "hullwright apply pause.yml -i hosts -y",
    0,
    /wait a little[^]*Recap[^]*It took \d+ s\./,
  ],
  ["apply --check", "hullwright apply --check debug.yml -i hosts", 0, /hello/],
  ["plan --json", "hullwright plan debug.yml -i hosts --json", 0, /"command": "plan"/],
  ["plan -vvv", "hullwright plan asks.yml -i hosts -vvv", 0, /is asked/],
  ["--syntax-check", "hullwright plan debug.yml --syntax-check", 0, /no errors, no warnings/],
  ["--list-hosts", "hullwright plan debug.yml -i hosts --list-hosts", 0, /play 1/],
  ["lint", "hullwright lint debug.yml", 0, /no errors, no warnings/],
  ["doc", "hullwright doc", 0, /blockinfile/],
  ["doc of one", "hullwright doc copy", 0, /Parameters/],
  ["schema", "hullwright schema | tail -n 1", 0, /^}/],
  ["--help", "hullwright --help", 0, /Usage/],
  ["a command that is not there", "hullwright plam", 1, /did you mean plan|Did you mean plan/i],
];

describe.skipIf(noTerminal)(
  `ends by itself${noTerminal === undefined ? "" : `: ${noTerminal}`}`,
  () => {
    test.each(SETTLED)("%s", async (_what, line, code, shows) => {
      const ended = await desk!.open(line).ends();
      expect(ended.text).toMatch(shows);
      expect(ended.text).not.toMatch(/^\s+at .*\(|unsettled/m);
      expect(ended.code).toBe(code);
    });
  },
);

/** How each terminal shows a phase that is over: the sign before it, and how many hosts there are. */
const KINDS: [what: string, options: TerminalOptions, shows: string][] = [
  ["at 80 columns", { columns: 80 }, "✔ PHASE: ALL"],
  ["at 200 columns", { columns: 200, rows: 60 }, "✔ PHASE: ALL"],
  ["at 30 columns, by lines", { columns: 30 }, "PHASE: HOSTS"],
  ["with NO_COLOR", { env: { NO_COLOR: "1" } }, "✔ PHASE: ALL"],
  ["with TERM=dumb, by lines", { env: { TERM: "dumb" } }, "PHASE: HOSTS"],
  ["with a locale of ASCII", { env: { LANG: "C", LC_ALL: "C" } }, "+ PHASE: ALL"],
];

/** Each command that shows how far it is: the phases that stay on the screen, their hosts, and what it ends with. */
const COMMANDS: [line: string, phases: string[], hosts: number, ends: RegExp][] = [
  ["hullwright plan asks.yml -i many", ["planning"], 50, /Nothingtodo\(50hostslookedat\)\.$/],
  [
    "hullwright apply asks.yml -i many",
    ["planning", "all"],
    50,
    /50hosts:50ok,0changed,0failed,0unreachable;0changes/,
  ],
  ["hullwright apply -y --check asks.yml -i many", ["planning"], 50, /50hostslookedat\)\.$/],
  ["hullwright run all -i many -m stat -a path=/", [], 50, /^host01,[^]*host50\(50hosts\):ok\{/],
  ["hullwright run all -i hosts -- sh -c 'sleep 1; echo out'", [], 1, /^a:changedout$/],
  ["hullwright runs -i hosts", [], 1, /^norunhaschangedanythingthere$/],
  [
    "hullwright apply change.yml -i hosts -y > done; hullwright rollback -y $(hullwright runs -i hosts | sed -n '1s/ .*//p') -i hosts",
    ["planning", "Roll back"],
    1,
    /~Undo\[write\]\(journal_undo\)[^]*1host:0ok,1changed,0failed,0unreachable;1change/,
  ],
];

describe.skipIf(noTerminal).each(COMMANDS)("%s looks right", (line, phases, hosts, ends) => {
  test.each(half(KINDS))("%s", async (_what, options, shows) => {
    const terminal = desk!.open(line, options);
    const { code, text } = await terminal.ends();
    const lines = text.split("\n");
    const counted = `${hosts} ${hosts === 1 ? "host" : "hosts"}`;
    const shown = shows.replace("ALL", `${hosts}/${counted}`).replace("HOSTS", counted);
    for (const phase of phases) {
      expect(lines.filter((one) => one.startsWith(shown.replace("PHASE", phase)))).toHaveLength(1);
      expect(lines.filter((one) => one.includes(`${phase}: `))).toHaveLength(1);
    }
    expect(text.replaceAll(/\s/g, "")).toMatch(ends);
    expect(code).toBe(0);
    if (options.env?.["NO_COLOR"] !== undefined)
      expect(terminal.text(true)).not.toMatch(/\u001b\[3\d/);
  });
});

const READERS: Case[] = [
  ["| head closes the pipe", "hullwright doc | head -n 1; [ ${PIPESTATUS[0]} = 0 ]", 0, /^\w+/],
  [
    "| head closes the pipe of a plan",
    "hullwright plan debug.yml -i many -v | head -n 1; [ ${PIPESTATUS[0]} = 0 ]",
    0,
    /planning/,
  ],
  ["| cat", "hullwright plan fails.yml -i hosts | cat", 1, /^planning: 1 host\nx a: it breaks/m],
  [
    "> /dev/full",
    "hullwright plan debug.yml -i hosts > /dev/full",
    1,
    /error: stdout cannot be written: .*no space left/,
  ],
  [
    "apply > /dev/full",
    "hullwright apply debug.yml -i hosts -y > /dev/full",
    1,
    /error: stdout cannot be written: .*no space left/,
  ],
  [
    "doc > /dev/full",
    "hullwright doc > /dev/full",
    1,
    /^error: stdout cannot be written: .*no space left/,
  ],
  [
    "a file that cannot be written",
    "echo word > word; hullwright vault encrypt hosts --output /nonexistent/x --vault-password-file word",
    1,
    /^error: \/nonexistent\/x cannot be written: there is no such file or directory/,
  ],
  ["2> /dev/full", "hullwright plan nothing-there.yml 2> /dev/full", 1, /^/],
  ["stderr closed", "hullwright plan nothing-there.yml 2>&-", 1, /^/],
  ["stdout closed", "hullwright doc >&-", 0, /^/],
];

describe.skipIf(noTerminal)("whoever reads it", () => {
  test.each(READERS)("%s", async (_what, line, code, shows) => {
    const ended = await desk!.open(line).ends();
    expect(ended.text).toMatch(shows);
    expect(ended.text).not.toMatch(/^\s+at |Error:/m);
    expect(ended.code).toBe(code);
  });

  test("a failure is told when it happens, while others are still at work", async () => {
    desk!.file(
      "late.yml",
      `${HEAD}  tasks:
    - {name: wait, shell: while test -d ${desk!.folder} && ! test -e ${desk!.folder}/let-go; do sleep 0.1; done, when: inventory_hostname == "host01"}
    - {name: it breaks, fail: {msg: broken on purpose}, when: inventory_hostname == "host02"}
    - {name: last, shell: "true", when: inventory_hostname == "host02"}
`,
    );
    const terminal = desk!.open("hullwright apply late.yml -i many -l host01,host02 -y | cat");
    await terminal.shows(/^x host02: it breaks: broken on purpose$/m);
    expect(terminal.text()).not.toContain("Recap");
    desk!.file("let-go", "");
    expect((await terminal.ends()).code).toBe(2);
  });

  test.each([
    ["a list", "hullwright doc | less", /^\w+ +\w/],
    ["a plan", "hullwright plan debug.yml -i many -v | less", /^planning: 50 hosts\n/],
  ])("| less shows %s from its first line on, and leaves", async (_what, line, first) => {
    const terminal = desk!.open(line);
    await terminal.shows(/^(?::|\(END\))$/m);
    expect(terminal.text()).toMatch(first);
    terminal.type("q");
    expect((await terminal.ends()).code).toBe(0);
  });
});

describe.skipIf(noTerminal)("a terminal that changes its size", () => {
  test("keeps one line of progress, as wide as it is", async () => {
    desk!.file(
      "slow.yml",
      `${HEAD}  tasks:\n    - {name: a rather long name of a task that goes on for quite a while and does not fit, command: sleep 3}\n`,
    );
    // at the bottom of the screen, where people are; on an empty one tmux itself loses the line above the cursor
    const terminal = desk!.open("seq 30; hullwright apply slow.yml -i hosts -y", { columns: 120 });
    await terminal.shows(/a rather long name/);
    for (let columns = 120; columns >= 45; columns -= 3) terminal.resize(columns);
    await terminal.shows(/…$/m);
    for (let columns = 45; columns <= 100; columns += 5) terminal.resize(columns);
    const { code, text } = await terminal.ends();
    expect(code).toBe(0);
    expect(text.match(/^\S+ (?!planning).*: 1\/1 host/gm)).toHaveLength(1);
    expect(text.match(/a rather long/g)).toHaveLength(1);
  });
});
