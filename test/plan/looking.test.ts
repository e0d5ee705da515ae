import { shownLines } from "../../src/plan/model/entry.ts";
import { reportHost } from "../../src/report/summary.ts";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { lines, testHost } from "./host.ts";

const folder = (): string => mkdtempSync(join(tmpdir(), "hw-looking-"));

// Plans a play and applies it; answers both lists, as people read them.
async function both(
  tasks: string,
  vars: Record<string, unknown>,
): Promise<{ plan: string[]; applied: string[]; run: ReturnType<typeof testHost>["run"] }> {
  const { run, session } = testHost(
    `\n- hosts: all\n  gather_facts: false\n  tasks:\n${tasks.replace(/^\n/, "")}`,
    vars,
  );
  await run.plan();
  const plan = lines(run);
  await run.apply(0, () => undefined);
  const applied = lines(run);
  await (await session).close();
  return { plan, applied, run };
}

describe("what tasks see of each other", () => {
  test("a module that only looks is asked while planning, and decides what stands after it", async () => {
    const at = folder();
    writeFileSync(join(at, "a.log"), "");
    const { plan } = await both(
      `
    - {name: look, find: {paths: "{{ at }}"}, register: found}
    - {name: act, command: "true", when: found.matched == 1}
    - {name: rest, command: "true", when: found.matched == 2}`,
      { at },
    );
    expect(plan).toEqual(["ok look", "changed act", "skipped rest"]);
  });

  test("it waits for changes before it, and asks anew what it asked before them", async () => {
    const at = folder();
    writeFileSync(join(at, "a"), "y\n");
    const { plan, applied, run } = await both(
      `
    - {name: first, find: {paths: "{{ at }}", contains: x}, register: earlier}
    - {name: make, lineinfile: {path: "{{ at }}/a", line: x}}
    - {name: second, find: {paths: "{{ at }}", contains: x}, register: one}
    - {name: tell, debug: {msg: "{{ earlier.matched }} {{ one.matched }}"}}`,
      { at },
    );
    expect(plan).toEqual(["ok first", "changed make", "deferred second", "deferred tell"]);
    expect(applied).toEqual(["ok first", "changed make", "ok second", "ok tell"]);
    expect(shownLines(run.walk!.entries.at(-1)!)).toBe("0 1");
  });

  test("edits of one file see each other while planning, and their words are known", async () => {
    const path = join(folder(), "conf");
    writeFileSync(path, "a=1\n");
    const { plan, applied } = await both(
      `
    - {name: one, lineinfile: {path: "{{ path }}", regexp: ^a=, line: a=2}, register: first}
    - {name: two, blockinfile: {path: "{{ path }}", block: "b=1", insertafter: ^a=2}}
    - {name: three, replace: {path: "{{ path }}", regexp: "b=1", replace: "b=3"}, register: third}
    - {name: read, slurp: {src: "{{ path }}"}, register: text}
    - {name: same, lineinfile: {path: "{{ path }}", line: b=3}}
    - {name: act, command: "true", when: first.msg == 'line replaced' and third.msg == '1 replacements made' and 'b=3' in text.content | b64decode}`,
      { path },
    );
    expect(plan).toEqual([
      "changed one",
      "changed two",
      "changed three",
      "ok read",
      "ok same",
      "changed act",
    ]);
    expect(applied).toEqual(plan);
    expect(readFileSync(path, "utf8")).toBe(
      "a=2\n# BEGIN ANSIBLE MANAGED BLOCK\nb=3\n# END ANSIBLE MANAGED BLOCK\n",
    );
  });

  test("an edit of what a download will bring waits for it", async () => {
    const at = folder();
    for (const name of ["conf", "other"]) writeFileSync(join(at, name), "old\n");
    const server = createServer((_request, response) => response.end("a=1\n"));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/conf`;
    const { plan, applied } = await both(
      `
    - {name: bring, get_url: {url: "{{ url }}", dest: "{{ at }}/conf", force: true, owner: "{{ me }}"}}
    - {name: mend, lineinfile: {path: "{{ at }}/conf", regexp: ^a=, line: a=2}, register: mended}
    - {name: act, command: "true", when: mended is changed}
    - {name: copy, copy: {src: "{{ at }}/conf", dest: "{{ at }}/other", remote_src: true, owner: "{{ me }}"}}
    - {name: again, lineinfile: {path: "{{ at }}/other", line: b=1}}`,
      { at, url, me: userInfo().username },
    );
    server.close();
    expect(plan).toEqual([
      "changed bring",
      "deferred mend",
      "deferred act",
      "changed copy",
      "deferred again",
    ]);
    expect(applied).toEqual([
      "changed bring",
      "changed mend",
      "changed act",
      "changed copy",
      "changed again",
    ]);
    expect(readFileSync(join(at, "other"), "utf8")).toBe("a=2\nb=1\n");
  });

  test("waiting for what a command may have changed is done after it, and is no change", async () => {
    const path = join(folder(), "ready");
    const { plan, applied } = await both(
      `
    - {name: there, wait_for: {path: /etc/passwd}}
    - {name: start, shell: "(sleep 1; touch {{ path }}) >/dev/null 2>&1 &"}
    - {name: wait, wait_for: {path: "{{ path }}", timeout: 20}, register: waited}
    - {name: act, command: "test -e {{ path }}"}`,
      { path },
    );
    expect(plan).toEqual(["ok there", "changed start", "deferred wait", "changed act"]);
    expect(applied).toEqual(["ok there", "changed start", "ok wait", "changed act"]);
  });

  test("a name that a task makes up is known to those after it", async () => {
    const { plan, applied } = await both(
      `
    - {name: make, tempfile: {}, register: temp}
    - {name: use, lineinfile: {path: "{{ temp.path }}", line: x}}
    - {name: tidy, file: {path: "{{ temp.path }}", state: absent}}`,
      {},
    );
    expect(plan).toEqual(["changed make", "deferred use", "deferred tidy"]);
    expect(applied).toEqual(["changed make", "changed use", "changed tidy"]);
  });
});

const UNSURE: [name: string, tasks: string, deferred: string[]][] = [
  [
    "a rescue waits for it",
    `
    - copy: { content: x, dest: "{{ folder }}/a" }
    - block: [{ name: look, command: "false", changed_when: false }]
      rescue: [{ copy: { content: x, dest: "{{ folder }}/b" } }]`,
    ["look: known after apply, needs the tasks before it"],
  ],
  [
    "a change follows",
    `
    - copy: { content: x, dest: "{{ folder }}/a" }
    - { name: look, command: "grep -q 7 {{ folder }}/a", changed_when: false }
    - copy: { content: x, dest: "{{ folder }}/b" }`,
    ["look: known after apply, needs the tasks before it"],
  ],
  [
    "not where its failure is harmless",
    `
    - copy: { content: x, dest: "{{ folder }}/a" }
    - { name: look, command: "false", changed_when: false, failed_when: false }
    - copy: { content: x, dest: "{{ folder }}/b" }`,
    [],
  ],
  [
    "not where nothing follows",
    `
    - copy: { content: x, dest: "{{ folder }}/a" }
    - { name: look, command: "false", changed_when: false }`,
    [],
  ],
];

test.each(UNSURE)(
  "a look after a change makes a plan inexact: %s",
  async (_name, tasks, deferred) => {
    const folder = mkdtempSync(join(tmpdir(), "hullwright-"));
    const { run, session } = testHost(
      `
- hosts: all
  gather_facts: false
  tasks:${tasks}
`,
      { folder },
    );
    await run.plan();
    expect(reportHost(run, { rounds: 0 }, false).deferred).toEqual(deferred);
    rmSync(folder, { recursive: true });
    await (await session).close();
  },
);
