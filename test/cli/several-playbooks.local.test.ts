import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { afterAll, afterEach, beforeEach, describe, expect, test } from "vitest";
import { call } from "./call.ts";

const root = mkdtempSync(join(tmpdir(), "hullwright-several-"));
const from = process.cwd();
afterAll(() => rmSync(root, { recursive: true }));
let count = 0;
let own: string;
beforeEach(() => {
  own = join(root, String(count++));
  write("hosts", "one ansible_connection=local\ntwo ansible_connection=local\n");
  write(
    "a.yml",
    play(
      "a",
      '- { name: first, copy: { content: a, dest: "OUT/{{ inventory_hostname }}" }, tags: [x] }\n    - set_fact: { word: kept }',
    ),
  );
  write(
    "b.yml",
    play(
      "b",
      '- { name: second, copy: { content: "{{ word }}", dest: "OUT/{{ inventory_hostname }}-b" }, tags: [y] }',
    ),
  );
  process.chdir(own);
});
afterEach(() => process.chdir(from));

function write(name: string, text: string): void {
  mkdirSync(dirname(join(own, name)), { recursive: true });
  writeFileSync(join(own, name), text.replaceAll("OUT", own));
}

function play(name: string, tasks: string): string {
  return `- name: ${name}\n  hosts: all\n  gather_facts: false\n  tasks:\n    ${tasks}\n`;
}

// Calls the command line. Where another test is at work on this machine, it is waited for.
async function run(...words: string[]): Promise<{ code: number; said: string }> {
  const answer = await call(...words);
  if (!answer.said.includes("another run has locked this host")) return answer;
  await setTimeout(100);
  return run(...words);
}

const LIMIT = ["-i", "hosts", "-l", "one", "-f", "1"];

describe("several playbooks are done one after another", () => {
  test("in one plan, in which the second sees what the first has set", async () => {
    const { code, said } = await run("plan", "a.yml", "b.yml", ...LIMIT, "--json");
    const report = JSON.parse(said.slice(said.indexOf("{"))) as {
      hosts: { one: { changes: { task: string; diff: { after?: unknown }[] }[] } };
      playbooks: string[];
    };
    expect(report.hosts.one.changes.map(({ task }) => task)).toEqual(["first", "second"]);
    expect(report.playbooks).toEqual([join(own, "a.yml"), join(own, "b.yml")]);
    expect(code).toBe(2);
  });

  test("and in one apply", async () => {
    expect(await run("apply", "a.yml", "b.yml", ...LIMIT, "--yes")).toMatchObject({ code: 0 });
    expect(existsSync(join(own, "one-b"))).toBe(true);
  });

  test("and from a saved plan, in which each is told when it has changed", async () => {
    await run("plan", "a.yml", "b.yml", ...LIMIT, "-o", "plan.bin");
    write("b.yml", play("b", "[]"));
    expect((await run("apply", "plan.bin")).said).toContain(
      "the playbook has changed since: b.yml",
    );
    expect((await run("apply", "plan.bin", "a.yml")).said).toContain(
      "plan.bin is a saved plan, which can only be applied by itself",
    );
  });

  test("the next is not started once a host has failed", async () => {
    write(
      "a.yml",
      play(
        "a",
        "- { name: check, fail: { msg: no }, when: inventory_hostname == 'two' }\n    - set_fact: { word: kept }",
      ),
    );
    const { code, said } = await run("plan", "a.yml", "b.yml", "-i", "hosts");
    expect(said).not.toContain("one-b");
    expect(said).toContain("two failed in a.yml, and b.yml is not started");
    expect(code).toBe(1);
  });

  test.each([
    [["--list-tasks"], ["play 1: a (1 host)", "first", "play 2: b (1 host)", "second"]],
    [["--list-tags"], ["tags: x", "tags: y"]],
    [["--list-hosts"], ["play 2: b (1 host)"]],
    [["--tags", "y", "--list-tasks"], ["second"]],
    [["--syntax-check"], ["2 playbooks, 2 plays"]],
  ])("with %j", async (flags, told) => {
    const { said } = await run("plan", "a.yml", "b.yml", ...LIMIT, ...flags);
    for (const words of told) expect(said).toContain(words);
  });

  test("one's own together with a shipped one", async () => {
    const { said } = await run(
      "plan",
      "a.yml",
      "smoke.yml",
      ...LIMIT,
      "--list-tasks",
      "-e",
      "smoke_image=x smoke_archive=x",
    );
    expect(said).toContain("play 2: smoke (1 host)");
  });

  test("a playbook in another directory knows its own, and variables beside both are refused", async () => {
    write("far/c.yml", play("c", '- debug: { msg: "in {{ playbook_dir | basename }}" }'));
    write("group_vars/all.yml", "word: beside\n");
    expect((await run("plan", "b.yml", "far/c.yml", ...LIMIT)).said).toContain("in far");
    write("far/group_vars/all.yml", "word: far\n");
    expect(await run("plan", "b.yml", "far/c.yml", ...LIMIT)).toMatchObject({
      code: 1,
      said: expect.stringContaining("so one command cannot run them together") as string,
    });
  });
});
