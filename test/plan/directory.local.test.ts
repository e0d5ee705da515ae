import { shownLines } from "../../src/plan/model/entry.ts";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { lines, testHost } from "./host.ts";

let folder: string;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "hullwright-")));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** What became of a playbook's text on this machine: the plan, and the lines after apply. */
interface Came {
  planned: string[];
  applied: string[];
  shown: (string | undefined)[];
}

// Plans and applies a playbook in `folder`: by a local connection, or as on a host whose login begins where this process is.
async function come(tasks: string, isLocal = true): Promise<Came> {
  const { run, session } = testHost(
    `
- hosts: all
  gather_facts: false
  vars: { folder: ${folder}, me: ${userInfo().username} }
  module_defaults:
    file: &own { owner: "{{ me }}", group: "{{ me }}" }
    copy: *own
    lineinfile: *own
  tasks:
${tasks}`,
    {},
    {},
    {},
    undefined,
    { file: join(folder, "play.yml"), isLocal },
  );
  await run.plan();
  const planned = lines(run);
  await run.apply(0, () => {});
  await (await session).close();
  return { planned, applied: lines(run), shown: run.walk!.entries.map(shownLines) };
}

/** Each kind of command, once as one that changes and once as one that looks. */
const KINDS = ["command: sh -c pwd", "shell: pwd", "raw: pwd", "command: { argv: [sh, -c, pwd] }"];

describe.each(KINDS)("%s", (task) => {
  test.each([
    ["beside the playbook on this machine", true],
    ["where the login begins on a host", false],
  ] as const)("runs %s, in plan and in apply", async (_where, isLocal) => {
    const { shown } = await come(
      `
    - { name: look, ${task}, register: look, changed_when: false }
    - { name: change, ${task}, register: change }
    - { name: tell, debug: { msg: "{{ look.stdout | trim }} {{ change.stdout | trim }}" } }`,
      isLocal,
    );
    const expected = isLocal ? folder : process.cwd();
    expect(shown.at(-1)).toBe(`${expected} ${expected}`);
  });
});

test("commands of plan and apply find the same environment and umask, and the task's own on top", async () => {
  const look =
    'shell: "umask; env | grep -v -e ^_= -e ^OLDPWD= | sort", environment: { LC_ALL: C.UTF-8, A: "1" }';
  const { shown } = await come(`
    - { name: look, ${look}, register: look, changed_when: false }
    - { name: change, ${look}, register: change }
    - { name: tell, debug: { msg: "{{ look.stdout == change.stdout }} {{ 'LC_ALL=C.UTF-8' in change.stdout_lines }} {{ 'A=1' in change.stdout_lines }}" } }`);
  expect(shown.at(-1)).toBe("true true true".replaceAll("true", "True"));
});

/** Tasks that are needless where `creates` or `removes` says so, by what lies in the folder's `sub`. */
const NEEDLESS: { name: string; args: string; lies: string[]; runs: boolean }[] = [
  {
    name: "creates below chdir that is there",
    args: "chdir: '{{ folder }}/sub', creates: mark",
    lies: ["mark"],
    runs: false,
  },
  {
    name: "creates below chdir that is missing",
    args: "chdir: '{{ folder }}/sub', creates: mark",
    lies: [],
    runs: true,
  },
  {
    name: "creates below a relative chdir",
    args: "chdir: sub, creates: mark",
    lies: ["mark"],
    runs: false,
  },
  {
    name: "removes below chdir that is there",
    args: "chdir: '{{ folder }}/sub', removes: mark",
    lies: ["mark"],
    runs: true,
  },
  {
    name: "removes below chdir that is missing",
    args: "chdir: '{{ folder }}/sub', removes: mark",
    lies: [],
    runs: false,
  },
  { name: "creates without chdir", args: "creates: sub/mark", lies: ["mark"], runs: false },
  {
    name: "a pattern that something matches",
    args: "creates: '{{ folder }}/sub/m*k'",
    lies: ["mark"],
    runs: false,
  },
  {
    name: "a pattern that nothing matches",
    args: "creates: '{{ folder }}/sub/m*k'",
    lies: ["other"],
    runs: true,
  },
  {
    name: "a pattern below chdir",
    args: "chdir: sub, creates: '[a-n]?rk'",
    lies: ["mark"],
    runs: false,
  },
  {
    name: "a pattern that is negated",
    args: "chdir: sub, creates: '[!m]ark'",
    lies: ["mark"],
    runs: true,
  },
  {
    name: "a pattern with spaces and quotes around",
    args: "chdir: sub, creates: 'it''s */a b'",
    lies: ["it's x/a b"],
    runs: false,
  },
  {
    name: "a pattern of removes",
    args: "chdir: sub, removes: '*.txt'",
    lies: ["a.txt"],
    runs: true,
  },
  {
    name: "a pattern of removes that nothing matches",
    args: "chdir: sub, removes: '*.txt'",
    lies: ["a.tx"],
    runs: false,
  },
  {
    name: "hidden files are not matched",
    args: "chdir: sub, creates: '*'",
    lies: [".mark"],
    runs: true,
  },
];

describe.each(["shell", "command"])("%s", (module) => {
  test.each(NEEDLESS)("$name", async ({ args, lies, runs }) => {
    mkdirSync(join(folder, "sub"));
    for (const name of lies) {
      mkdirSync(join(folder, "sub", name, ".."), { recursive: true });
      writeFileSync(join(folder, "sub", name), "");
    }
    const { planned, applied, shown } = await come(`
    - { name: change, ${module}: touch ${folder}/ran, args: { ${args} } }
    - { name: look, ${module}: echo looked, args: { ${args} }, changed_when: false, register: r }
    - { name: tell, debug: { msg: "{{ r.stdout }}" } }`);
    expect(planned[0]).toBe(`${runs ? "changed" : "ok"} change`);
    expect(applied[0]).toBe(planned[0]);
    expect(existsSync(join(folder, "ran"))).toBe(runs);
    expect(shown.at(-1)).toMatch(runs ? /^looked$/ : /^skipped, since .* (exists|does not exist)$/);
  });
});

test("a pattern that a task before may make true is known after apply", async () => {
  const { planned, applied } = await come(`
    - { name: make, file: { path: "{{ folder }}/a.txt", state: touch } }
    - { name: change, shell: touch ran, args: { creates: "*.txt" } }`);
  expect(planned).toEqual(["changed make", "deferred change"]);
  expect(applied).toEqual(["changed make", "ok change"]);
});

test("relative paths of modules begin beside the playbook on this machine", async () => {
  const { applied } = await come(`
    - { name: directory, file: { path: sub, state: directory } }
    - { name: copy, copy: { content: hello, dest: sub/a } }
    - { name: line, lineinfile: { path: sub/a, line: there } }
    - { name: by its absolute path, stat: { path: "{{ folder }}/sub/a" }, register: s }
    - { name: link, file: { src: a, path: sub/b, state: link, follow: false } }
    - { name: told, assert: { that: s.stat.exists } }`);
  expect(applied).toEqual([
    "changed directory",
    "changed copy",
    "changed line",
    "ok by its absolute path",
    "changed link",
    "ok told",
  ]);
  expect(readFileSync(join(folder, "sub/b"), "utf8")).toBe("hello\nthere\n");
});
