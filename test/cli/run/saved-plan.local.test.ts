import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { call } from "../call.ts";

const root = mkdtempSync(join(tmpdir(), "hullwright-saved-"));
const from = process.cwd();
const home = process.env["HOME"];
beforeAll(() => {
  process.env["HOME"] = join(root, "home");
});
afterAll(() => {
  process.env["HOME"] = home;
  rmSync(root, { recursive: true });
});

let count = 0;
let own: string;
beforeEach(() => {
  own = join(root, String(count++));
  const files = {
    "first/site.yml": "- hosts: all\n  gather_facts: false\n  roles: [web]\n",
    "first/roles/web/tasks/main.yml": `
- copy: { src: plain, dest: "${own}/out/plain" }
- template: { src: page.j2, dest: "${own}/out/page" }
- copy: { content: "{{ lookup('file', 'looked') }} {{ word }}", dest: "${own}/out/said" }
- debug: { msg: "says {{ word }}" }
`,
    "first/roles/web/files/plain": "plain\n",
    "first/roles/web/files/looked": "looked\n",
    "first/roles/web/templates/page.j2": "{% include 'part.j2' %}{{ word }}\n",
    "first/roles/web/templates/part.j2": "part\n",
    "first/hosts": "one ansible_connection=local\n",
    "first/group_vars/all.yml": "word: hello\n",
    "first/more.yml": "other: 1\n",
    "out/x": "",
    "elsewhere/x": "",
  };
  for (const [name, text] of Object.entries(files)) write(name, text);
  process.chdir(join(own, "first"));
});
afterEach(() => process.chdir(from));

function write(name: string, text: string): void {
  mkdirSync(dirname(join(own, name)), { recursive: true });
  writeFileSync(join(own, name), text);
}

// Plans site.yml in the directory `first`, and keeps the plan.
async function plan(file = "plan.bin", ...flags: string[]): Promise<void> {
  expect(
    await call("plan", "site.yml", "-i", "hosts", "-e", "@more.yml", "-o", file, ...flags),
  ).toMatchObject({ code: 2 });
}

// Applies it from a directory. Where another test is at work on this machine, it is waited for.
async function apply(
  directory: string,
  file: string,
  ...flags: string[]
): Promise<{ code: number; said: string }> {
  process.chdir(join(own, directory));
  const { code, said } = await call("apply", file, "-e", "@more.yml", ...flags);
  if (!said.includes("another run has locked this host"))
    return { code, said: said.replaceAll(`${own}/`, "") };
  await setTimeout(100);
  return apply(directory, file, ...flags);
}

describe("a saved plan is found again", () => {
  test.each<[what: string, saved: string, move: () => void, directory: string, file: string]>([
    ["where it was made", "plan.bin", () => {}, "first", "plan.bin"],
    [
      "from another directory, beside the plan's file",
      "plan.bin",
      () => {},
      "elsewhere",
      "../first/plan.bin",
    ],
    [
      "from another directory, where the plan's file is elsewhere",
      "../out/plan.bin",
      () => {},
      "elsewhere",
      "../out/plan.bin",
    ],
    [
      "in a checkout that was moved",
      "plan.bin",
      () => renameSync(join(own, "first"), join(own, "second")),
      "second",
      "plan.bin",
    ],
    [
      "in another checkout, with the file alone",
      "../out/plan.bin",
      () => renameSync(join(own, "first"), join(own, "second")),
      "second",
      "../out/plan.bin",
    ],
  ])("%s", async (_what, saved, move, directory, file) => {
    await plan(saved);
    write("elsewhere/more.yml", "other: 1\n");
    move();
    const { code, said } = await apply(directory, file);
    expect(code, said).toBe(0);
    expect(readFileSync(join(own, "out/said"), "utf8")).toBe("looked hello");
  });

  test("and is told where it is nowhere", async () => {
    await plan("../out/plan.bin");
    rmSync(join(own, "first"), { recursive: true });
    const { code, said } = await apply("elsewhere", "../out/plan.bin");
    expect(said).toBe(
      "error: ../out/plan.bin was made from site.yml in first, which is not here\n  hint: run hullwright in the directory of site.yml; looked in elsewhere, first\n",
    );
    expect(code).toBe(1);
  });
});

describe("what a plan was made from is told where it has changed, and nothing is done", () => {
  test.each<[what: string, file: string, text: string | undefined, told: string]>([
    [
      "the playbook",
      "site.yml",
      "- hosts: all\n  gather_facts: false\n  roles: [web]\n  tasks: []\n",
      "the playbook has changed since: site.yml",
    ],
    [
      "a playbook that cannot be read any more",
      "site.yml",
      "- hosts: all\n  rolls: [web]\n",
      "the playbook has changed since: site.yml",
    ],
    [
      "a role",
      "roles/web/tasks/main.yml",
      "[]\n",
      "the playbook has changed since: roles/web/tasks/main.yml",
    ],
    [
      "a template",
      "roles/web/templates/page.j2",
      "{% include 'part.j2' %}\n",
      "files that it copies or reads have changed since: roles/web/templates/page.j2",
    ],
    [
      "a template that another includes",
      "roles/web/templates/part.j2",
      "",
      "files that it copies or reads have changed since: roles/web/templates/part.j2",
    ],
    [
      "a file that a lookup reads",
      "roles/web/files/looked",
      "",
      "files that it copies or reads have changed since: roles/web/files/looked",
    ],
    [
      "a file that is copied, and is gone",
      "roles/web/files/plain",
      undefined,
      "files that it copies or reads have changed since: roles/web/files/plain (gone)",
    ],
    [
      "variables beside it",
      "group_vars/all.yml",
      "word: hallo\n",
      "variables have changed since: group_vars/all.yml",
    ],
    ["variables of -e", "more.yml", "other: 2\n", "variables have changed since: more.yml"],
    [
      "the inventory",
      "hosts",
      "two ansible_connection=local\n",
      "the inventory has changed since: hosts; new hosts: two; missing hosts: one",
    ],
  ])("%s", async (_what, file, text, told) => {
    await plan();
    if (text === undefined) rmSync(join(own, "first", file));
    else write(`first/${file}`, text);
    const { code, said } = await apply("first", "plan.bin");
    expect(said).toBe(
      `error: plan.bin cannot be applied: ${told}\n  hint: plan again, and review the new plan\n`,
    );
    expect(code).toBe(1);
    expect(existsSync(join(own, "out/said"))).toBe(false);
  });

  test("also in another checkout that is used instead", async () => {
    cpSync(join(own, "first"), join(own, "second"), { recursive: true });
    await plan("../out/plan.bin");
    write("second/roles/web/templates/part.j2", "other\n");
    expect((await apply("second", "../out/plan.bin")).said).toContain(
      "roles/web/templates/part.j2",
    );
  });

  test("a host that has changed is reported as such", async () => {
    await plan();
    write("out/plain", "of somebody else\n");
    const { code, said } = await apply("first", "plan.bin");
    expect(said).toMatch(
      /the host has changed since the plan was saved: "copy" finds a different state from the one that it was planned from: .*plain/,
    );
    expect(said).toMatch(
      /To plan again for the hosts that are not finished: hullwright plan site.yml --inventory hosts .*-o plan.bin --limit @/,
    );
    expect(code).toBe(2);
  });
});

describe("the flags of a saved plan", () => {
  test("are its own: another one is refused", async () => {
    await plan("plan.bin", "--tags", "all");
    expect(await apply("first", "plan.bin", "-i", "other,")).toMatchObject({
      code: 1,
      said: expect.stringContaining("plan.bin was made with another --inventory") as string,
    });
    expect(await apply("first", "plan.bin", "--skip-tags", "x")).toMatchObject({
      code: 1,
      said: expect.stringContaining("plan.bin was made without --skip-tags") as string,
    });
    expect(await apply("first", "plan.bin", "-i", "hosts", "--limit", "one")).toMatchObject({
      code: 0,
    });
  });

  test("may have --check: nothing is done", async () => {
    await plan();
    const { code, said } = await apply("first", "plan.bin", "--check");
    expect(said).toContain("out/said");
    expect(code).toBe(2);
    expect(existsSync(join(own, "out/said"))).toBe(false);
  });
});

describe("a saved plan is shown", () => {
  test.each([[[]], [["--json"]]])("as plan did, with %j", async (flags) => {
    const planned = await call("plan", "site.yml", "-i", "hosts", "-o", "plan.bin", ...flags);
    rmSync("site.yml");
    const { code, said } = await call("show", "plan.bin", ...flags);
    // before it, plan tells of its progress
    expect(planned.said.endsWith(said)).toBe(true);
    expect(said).toContain("out/said");
    expect(code).toBe(planned.code);
  });

  test("and what is none is told", async () => {
    await plan();
    expect(await call("show", "site.yml")).toMatchObject({
      code: 1,
      said: expect.stringContaining("site.yml is not a saved plan") as string,
    });
    expect(await call("show", "nothing")).toMatchObject({
      code: 1,
      said: expect.stringContaining("there is no file nothing") as string,
    });
    expect(await call("plan", "plan.bin")).toMatchObject({
      code: 1,
      said: expect.stringContaining("show it: hullwright show plan.bin") as string,
    });
  });
});

test("a plan's file is its owner's alone, also where it was there before", async () => {
  write("first/plan.bin", '{"hullwright": "plan"}');
  chmodSync("plan.bin", 0o644);
  await plan();
  expect(statSync("plan.bin").mode & 0o777).toBe(0o600);
});

test("a plan is never written over a file that is none, such as the playbook itself", async () => {
  const directory = mkdtempSync(join(tmpdir(), "hullwright-out-"));
  const playbook = join(directory, "play.yml");
  const text = "- hosts: all\n  gather_facts: false\n  tasks: [{ debug: { msg: a } }]\n";
  writeFileSync(playbook, text);
  const words = ["plan", playbook, "-i", "localhost,", "-c", "local"];
  const { code, said } = await call(...words, "-o", playbook);
  expect(code).toBe(1);
  expect(said).toContain("already exists, and is not a saved plan");
  expect(readFileSync(playbook, "utf8")).toBe(text);
  const out = join(directory, "out.plan");
  expect((await call(...words, "-o", out)).code).toBe(0);
  expect((await call(...words, "-o", out)).code).toBe(0);
});
