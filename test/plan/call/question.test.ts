import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { shownLines } from "../../../src/plan/model/entry.ts";
import { lines, noFiles, testHost } from "../host.ts";

interface Case {
  tasks: string;
  /** The last task's words, or its status, in the plan and after apply. */
  plan: string;
  applied?: string;
  /** How many questions the plan puts. */
  questions: number;
}

const WRITE =
  '{name: write, shell: "echo x > AT/made; echo done", changed_when: false, register: w}';
const FIRST = "{name: first, stat: {path: AT/made}, register: a}";
const SECOND = "{name: second, stat: {path: AT/made}, register: b}";
const TELL = '{name: tell, debug: {msg: "{{ a.stat.exists }} {{ b.stat.exists }}"}}';

const CASES: Record<string, Case> = {
  "sees what it left": {
    tasks: `[${WRITE}, ${SECOND}, {name: tell, debug: {msg: "{{ b.stat.exists }}"}}]`,
    plan: "true",
    questions: 1,
  },
  "sees what it left, and a task before it what was there": {
    tasks: `[${FIRST}, ${WRITE}, ${SECOND}, ${TELL}]`,
    plan: "False True",
    questions: 1,
  },
  "sees what it left where an answer decided that it runs": {
    tasks: `[${FIRST}, ${WRITE.replace("}", ", when: not a.stat.exists}")}, ${SECOND}, ${TELL}]`,
    plan: "False True",
    questions: 2,
  },
  "is not asked anew where an answer decided that it does not run": {
    tasks: `[${FIRST}, ${WRITE.replace("}", ", when: a.stat.exists}")}, ${SECOND}, ${TELL}]`,
    plan: "False False",
    questions: 1,
  },
  "may be another command": {
    tasks: `[${FIRST}, ${WRITE.replace("}", ", when: not a.stat.exists}")},
      {name: read, command: cat AT/made, changed_when: false, failed_when: false, register: c},
      {name: tell, debug: {msg: "{{ c.stdout }}"}}]`,
    plan: "x",
    questions: 2,
  },
  "may be the same command": {
    tasks: `[{name: read, shell: cat AT/made, changed_when: false, failed_when: false, register: a},
      ${WRITE}, {name: again, shell: cat AT/made, changed_when: false, register: b},
      {name: tell, debug: {msg: "{{ a.rc }} {{ b.rc }}"}}]`,
    plan: "1 0",
    questions: 1,
  },
  "copies what it left": {
    tasks: `[${FIRST}, ${WRITE.replace("}", ", when: not a.stat.exists}")},
      {name: keep, copy: {src: AT/made, dest: AT/kept, remote_src: true}}]`,
    plan: "changed keep",
    questions: 2,
  },
  "is planned from it behind a change": {
    tasks: `[{name: make, file: {path: AT/new, state: directory}}, {name: unmade, stat: {path: AT/new/made}, register: a},
      {name: write, shell: touch AT/new/made, changed_when: false}, {name: second, stat: {path: AT/new/made}, register: b},
      ${TELL}, {name: rest, copy: {src: AT/new/made, dest: AT/new/kept, remote_src: true}},
      {name: last, stat: {path: AT/new/kept}, register: k}, {name: tell, debug: {msg: "{{ a.stat.exists }} {{ b.stat.exists }} {{ k.stat.exists }}"}}]`,
    plan: "False False False",
    applied: "False True True",
    questions: 1,
  },
  "follows a link that it made": {
    tasks: `[{name: look, stat: {path: AT/way}, register: a}, {name: make, file: {path: AT/new, state: directory}},
      {name: in it, copy: {content: x, dest: AT/new/f}},
      {name: write, shell: ln -sfn AT/new AT/way, changed_when: false}, {name: through, copy: {content: y, dest: AT/way/f}},
      {name: second, slurp: {src: AT/new/f}, register: b}, {name: tell, debug: {msg: "{{ b.content | b64decode }}"}}]`,
    plan: "x",
    applied: "y",
    questions: 1,
  },
};

// Plans tasks and applies them on this machine: what the last one tells, and the plan's questions.
async function outcome(tasks: string): Promise<[plan: string, applied: string, questions: number]> {
  const at = mkdtempSync(join(tmpdir(), "hullwright-question-"));
  const { run, session } = testHost(
    `- hosts: all\n  gather_facts: false\n  tasks: ${tasks.replaceAll("AT", at)}\n`,
    {},
    {},
    {},
    noFiles,
    { login: userInfo().username },
  );
  const told = (): string => {
    const entry = run.walk!.entries.at(-1)!;
    return shownLines(entry) || lines(run).at(-1)!;
  };
  try {
    await run.plan();
    const [plan, questions] = [told(), run.known.questions.length];
    await run.apply(0, () => undefined);
    return [plan, told(), questions];
  } finally {
    await (await session).close();
    rmSync(at, { recursive: true });
  }
}

test.each(Object.entries(CASES))(
  "what comes behind a command that says it changes nothing %s",
  async (_name, { tasks, plan, applied = plan, questions }) => {
    expect(await outcome(tasks)).toEqual([plan, applied, questions]);
  },
);
