/** After somebody agreed to a plan, only what was shown is done. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { lines, testHost, type TestRun } from "../plan/host.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "hullwright-shown-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** What is the same in all files that these playbooks write. */
const OWN = 'owner: "{{ me }}", mode: "0644"';

interface Case {
  tasks: string;
  handlers?: string;
  /** Files that are there before it is planned. */
  begin?: Record<string, string>;
  /** Shell that somebody else runs while the question stands. */
  meanwhile?: Record<string, string>;
  /** What the host's part ends with; absent: all is done. */
  broken?: RegExp;
  task?: string;
  /** What is on the host in the end; null: nothing. */
  end: Record<string, string | null>;
  planned: string[];
}

// Plans a case, lets the meanwhile happen, and applies it.
async function runCase(given: Case): Promise<TestRun> {
  for (const [name, text] of Object.entries(given.begin ?? {}))
    writeFileSync(join(folder, name), text);
  const indent = (text: string, by: string): string => text.trimEnd().replaceAll(/^/gm, by);
  const book = `- hosts: all
  gather_facts: false
  tasks:
${indent(given.tasks.replace(/^\n/, ""), "    ")}
${given.handlers ? `  handlers:\n${indent(given.handlers.replace(/^\n/, ""), "    ")}\n` : ""}`;
  const { run, session } = testHost(book.replaceAll("OWN", OWN).replaceAll("@f", folder), {
    me: userInfo().username,
  });
  try {
    await run.plan();
    expect(lines(run)).toEqual(given.planned);
    run.bind();
    for (const [name, text] of Object.entries(given.meanwhile ?? {}))
      writeFileSync(join(folder, name), text);
    await run.lookAgain();
    if (!run.broken) await run.apply(0, () => {});
  } finally {
    await (await session).close();
  }
  return run;
}

const CASES: { [what: string]: Case } = {
  "somebody else wrote the file of a task behind a command": {
    tasks: `
- { name: run, command: touch @f/ran }
- { name: other, copy: { content: "mine", dest: "@f/other", OWN } }
`,
    planned: ["changed run", "changed other"],
    meanwhile: { other: "theirs" },
    broken: /the host has changed since it was shown: "other" finds a different state.*\/other/,
    end: { ran: null, other: "theirs" },
  },
  "somebody else changed a file that was as it should be, behind a command": {
    tasks: `
- { name: run, command: touch @f/ran }
- { name: other, copy: { content: "mine", dest: "@f/other", OWN } }
`,
    begin: { other: "mine" },
    planned: ["changed run", "ok other"],
    meanwhile: { other: "theirs" },
    broken: /the host has changed since it was shown: "other" is now a change/,
    end: { ran: null, other: "theirs" },
  },
  "the command itself makes the file that the next task writes": {
    tasks: `
- { name: install, shell: echo default > @f/conf }
- { name: configure, copy: { content: "mine", dest: "@f/conf", OWN } }
`,
    planned: ["changed install", "changed configure"],
    end: { conf: "mine" },
  },
  "the command makes a file that a later task wants gone, and so tells a handler": {
    tasks: `
- { name: install, shell: echo default > @f/default }
- { name: no default, file: { path: "@f/default", state: absent }, notify: reload }
`,
    handlers: `- { name: reload, command: touch @f/reloaded }`,
    planned: ["changed install", "ok no default"],
    end: { default: null, reloaded: "" },
  },
  "what was shown as known after apply may come to anything": {
    tasks: `
- { name: ask, command: echo made, register: said }
- { name: write, copy: { content: "{{ said.stdout }}", dest: "@f/said", OWN }, notify: tell }
`,
    handlers: `- { name: tell, command: touch @f/told }`,
    planned: ["changed ask", "deferred write"],
    end: { said: "made", told: "" },
  },
  "a loop of which nobody knew the items": {
    tasks: `
- { name: ask, command: "printf 'a\\\\nb'", register: said }
- { name: write, copy: { content: x, dest: "@f/{{ item }}", OWN }, loop: "{{ said.stdout_lines }}" }
`,
    planned: ["changed ask", "deferred write"],
    end: { a: "x", b: "x" },
  },
  "a task that was to be skipped is one to do, by what the command made": {
    tasks: `
- { name: run, shell: echo x > @f/flag }
- { name: look, stat: { path: "@f/flag" }, register: flag }
- { name: danger, copy: { content: x, dest: "@f/danger", OWN }, when: flag.stat.exists }
`,
    planned: ["changed run", "ok look", "skipped danger"],
    broken:
      /this has changed since it was shown: it was to be skipped and is a change now: .*\/danger/,
    task: "danger",
    end: { flag: "x\n", danger: null },
  },
  "a command that comes out as another one": {
    tasks: `
- { name: run, shell: echo two > @f/word }
- { name: read, slurp: { src: "@f/word" }, register: word }
- { name: use, command: "touch @f/{{ word.content | b64decode | trim }}" }
`,
    begin: { word: "one\n" },
    planned: ["changed run", "ok read", "changed use"],
    broken:
      /this has changed since it was shown: it would do something different from what was shown/,
    task: "use",
    end: { one: null, two: null },
  },
  "a file that comes out with another content": {
    tasks: `
- { name: run, shell: echo two > @f/word }
- { name: read, slurp: { src: "@f/word" }, register: word }
- { name: write, copy: { content: "{{ word.content | b64decode }}", dest: "@f/copy", OWN } }
`,
    begin: { word: "one\n" },
    planned: ["changed run", "ok read", "changed write"],
    broken: /it would do something different from what was shown: .*\/copy/,
    task: "write",
    end: { copy: null },
  },
  "what a rescue does for a failure that nobody foresaw": {
    tasks: `
- name: around
  block:
    - { name: break, command: "false" }
  rescue:
    - { name: mend, copy: { content: x, dest: "@f/mended", OWN } }
`,
    planned: ["changed break"],
    end: { mended: "x" },
  },
  "what is done already": {
    tasks: `
- { name: run, shell: echo mine > @f/conf }
- { name: write, copy: { content: "mine\\n", dest: "@f/conf", OWN } }
`,
    planned: ["changed run", "changed write"],
    end: { conf: "mine\n" },
  },
};

describe("after somebody agreed to what was shown", () => {
  test.each(Object.entries(CASES))("%s", async (_what, given) => {
    const run = await runCase(given);
    expect(run.broken?.message ?? "").toMatch(given.broken ?? /^$/);
    expect(run.broken?.task ?? "").toBe(given.task ?? "");
    for (const [name, text] of Object.entries(given.end)) {
      const path = join(folder, name);
      expect(existsSync(path) ? readFileSync(path, "utf8") : null, name).toBe(text);
    }
  });
});
