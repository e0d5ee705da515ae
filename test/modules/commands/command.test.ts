/** What commands come to, as Ansible has it, whether they are asked while planning or run while applying. */
import { mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { failureIn } from "../../../src/plan/model/entry.ts";
import { testHost } from "../../plan/host.ts";

const root = mkdtempSync(join(tmpdir(), "hullwright-command-"));
afterAll(() => rmSync(root, { recursive: true }));

// Runs one task, with a while of planning or applying; answers its result, and how its failure is told.
async function run(
  task: object,
  isAsked: boolean,
): Promise<{ [key: string]: unknown; told?: string; hint?: string | undefined }> {
  const looks = isAsked ? { changed_when: false } : {};
  const { run, session } = testHost(
    `- hosts: all\n  gather_facts: false\n  tasks: ${JSON.stringify([{ ...task, ...looks }])}\n`,
  );
  try {
    await run.plan();
    if (!isAsked) await run.apply(0, () => undefined);
  } finally {
    await (await session).close();
  }
  const entry = run.walk!.entries[0]!;
  const failure = failureIn(entry);
  return { ...entry.result, ...(failure && { told: failure.message, hint: failure.hint }) };
}

const said = { stdout: "", stderr: "" };
const missing = (name: string): object => ({
  ...said,
  rc: 2,
  changed: false,
  msg: `[Errno 2] No such file or directory: b'${name}'`,
  told: `[Errno 2] No such file or directory: b'${name}'`,
});
const NOT_FOUND = "/bin/sh: 1: hw-none: not found";

symlinkSync("/", join(root, "link"));

// Ansible's warning of an executable of command.
const noShell = (name: string): object => ({
  warnings: [
    `As of Ansible 2.4, the parameter 'executable' is no longer supported with the 'command' module. Not using '${name}'.`,
  ],
});

const CASES: [what: string, task: object, wanted: object][] = [
  [
    "a directory through a link",
    { shell: { cmd: 'echo "$PWD"', chdir: join(root, "link") } },
    { rc: 0, stdout: "/" },
  ],
  [
    "lines that backslashes join",
    { shell: 'echo a \\\n  "b\nc"\necho d\n' },
    { rc: 0, stdout: "a b\nc\nd", cmd: 'echo a  "b\nc"\necho d\n' },
  ],
  ["a shell for command", { command: { cmd: "true", executable: "/x" } }, noShell("/x")],
  [
    "a shell for command that is needless",
    { command: { cmd: "true", executable: "/x", creates: "/" } },
    noShell("/x"),
  ],
  [
    "a shell for command whose program is not there",
    { command: { cmd: "hw-none", executable: "/x" } },
    { ...missing("hw-none"), ...noShell("/x") },
  ],
  [
    "a program that is not there",
    { command: "hw-none -x" },
    { ...missing("hw-none"), cmd: "hw-none -x" },
  ],
  ["one with stdin", { command: { cmd: "hw-none", stdin: "x" } }, missing("hw-none")],
  ["one with a limit", { command: "hw-none", timeout: 20 }, missing("hw-none")],
  [
    "one as a list",
    { command: { argv: ["hw none", "x"] } },
    { ...missing("hw none"), cmd: "'hw none' x" },
  ],
  [
    "a builtin",
    { command: "cd /" },
    { ...missing("cd"), hint: "cd is part of the shell: use the shell module" },
  ],
  [
    "a program that the shell has, too",
    { command: String.raw`echo 'a\nb'` },
    { rc: 0, stdout: String.raw`a\nb` },
  ],
  ["such a one with stdin", { command: { cmd: "cat -", stdin: "x" } }, { rc: 0, stdout: "x" }],
  [
    "what may not be run",
    { command: "/etc/passwd" },
    { ...said, rc: 13, msg: "[Errno 13] Permission denied: b'/etc/passwd'" },
  ],
  [
    "a directory that is not there",
    { command: { cmd: "ls", chdir: "/hw-none" } },
    {
      ...said,
      rc: null,
      start: null,
      msg: "Unable to change directory before execution: [Errno 2] No such file or directory: b'/hw-none'",
      hint: "create the directory first",
    },
  ],
  ["a directory", { command: { cmd: "pwd", chdir: root } }, { rc: 0, stdout: root }],
  [
    "a line of shell",
    { shell: "hw-none" },
    {
      rc: 127,
      stderr: NOT_FOUND,
      told: `${NOT_FOUND}\n(code 127)`,
      hint: "the program does not exist on the host, or not in its PATH",
    },
  ],
  [
    "the second line of shell",
    { shell: "true\nhw-none" },
    { rc: 127, stderr: NOT_FOUND.replace("1", "2") },
  ],
  [
    "a line that is no shell",
    { shell: "if then" },
    { rc: 2, stderr: expect.stringMatching(/^\/bin\/sh: 1: Syntax error/) as unknown },
  ],
  [
    "a shell that is not there",
    { shell: { cmd: "x", executable: "/bin/hw-sh" } },
    missing("/bin/hw-sh"),
  ],
  [
    "raw with a shell that is not there",
    { raw: "x", args: { executable: "/bin/hw-sh" } },
    { rc: 127, stdout: "/bin/sh: 1: /bin/hw-sh: not found\n" },
  ],
];

// the words of a line of shell are those of /bin/sh, which is dash here
describe.each([
  ["asked while planning", true],
  ["run while applying", false],
])("%s", (_when, isAsked) => {
  test.each(CASES)("%s", async (_what, task, wanted) =>
    expect(await run(task, isAsked)).toMatchObject(wanted),
  );
});

test.each([true, false])("raw registers a message only where it failed", async (isAsked) => {
  expect(await run({ raw: "true" }, isAsked)).not.toHaveProperty("msg");
  const failed = { rc: 3, msg: "non-zero return code" };
  expect(await run({ raw: "exit 3" }, isAsked)).toMatchObject(failed);
});

test("warnings of a loop's items are those of the loop", async () => {
  const command = { cmd: "true", executable: "{{ item }}", creates: "/" };
  const that = [
    "r.warnings | map('regex_search', '/.(?=.\\.$)') | list == ['/x', '/y']",
    "r.results[0].rc == 0 and r.results[0].warnings is undefined",
  ];
  const tasks = [{ command, loop: ["/x", "/y"], register: "r" }, { assert: { that } }];
  const { run, session } = testHost(
    `- hosts: all\n  gather_facts: false\n  tasks: ${JSON.stringify(tasks)}\n`,
  );
  await run.plan();
  await (await session).close();
  expect(run.walk!.failed).toBeUndefined();
});

test("a program of a module that lacks what it needs says no line of ours", async () => {
  const { told } = await run(
    { git: { repo: "/hw-none", dest: join(root, "git") }, environment: { PATH: "/hw-none" } },
    false,
  );
  expect(told).not.toMatch(/: \d+: |eval/);
});
