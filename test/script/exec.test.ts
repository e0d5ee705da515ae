/** What is to be run as a program is one, whatever the shell knows by this name, and what cannot be run is told in Ansible's words. */
import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { EXEC_FUNCTIONS, notRun, withoutPlace } from "../../src/script/exec.ts";
import { sh } from "../../src/script/sh.ts";
import { here } from "../requires.ts";

const root = mkdtempSync(join(tmpdir(), "hullwright-exec-"));
afterAll(() => rmSync(root, { recursive: true }));
const at = (name: string): string => join(root, name);
const program = (name: string, text: string, mode = 0o755): void => {
  writeFileSync(at(name), text);
  chmodSync(at(name), mode);
};
mkdirSync(at("directory"));
mkdirSync(at("empty"));
program("type", "#!/bin/sh\necho a program: $1\n");
program("tell", '#!/bin/sh\nprintf "%s;" "$0" "$@"\nexit 7\n');
program("closed", "#!/bin/sh\n", 0o644);

const PATH = `${at("empty")}:${root}:/usr/bin:/bin`;

// Runs words in a shell, as the programs of hosts do.
function run(
  shell: string,
  words: readonly string[],
  first = "hw_exec",
): ReturnType<typeof notRun> {
  const [name, ...more] = shell.split(" ");
  const text = `${EXEC_FUNCTIONS}${sh`${{ sh: first }} ${words}`.sh}\n`;
  const { status, stdout, stderr } = spawnSync(name!, [...more, "-c", text], {
    encoding: "utf8",
    env: { PATH },
    stdio: ["ignore", "pipe", "pipe"], // bash takes a socket for that of rsh, and reads .bashrc
  });
  return { code: status, stdout, stderr, ...notRun({ code: status!, stdout, stderr }) } as never;
}

const NO_FILE = "[Errno 2] No such file or directory:";
const DENIED = "[Errno 13] Permission denied:";
const NOT_THERE = "the program does not exist on the host, or not in its PATH";

describe.each(here(["dash", "bash", "busybox sh"]))("in %s", (shell) => {
  test.each<[words: string[], wanted: object]>([
    [["type", "x"], { code: 0, stdout: "a program: x\n" }],
    [["tell", "a b", "", "-n"], { code: 7, stdout: `${at("tell")};a b;;-n;` }],
    [["nothing-such", "x"], { code: 2, message: `${NO_FILE} b'nothing-such'`, hint: NOT_THERE }],
    [[at("none")], { code: 2, message: `${NO_FILE} b'${at("none")}'`, hint: NOT_THERE }],
    [["set", "-e"], { code: 2, hint: "set is part of the shell: use the shell module" }],
    [["hw_chdir", "/"], { code: 2, message: `${NO_FILE} b'hw_chdir'` }],
    [["A=1", "x"], { code: 2, message: `${NO_FILE} b'A=1'` }],
    [["closed"], { code: 13, message: `${DENIED} b'closed'` }],
    [[at("directory")], { code: 13, message: `${DENIED} b'${at("directory")}'` }],
  ])(`%j`, (words, wanted) => expect(run(shell, words)).toMatchObject({ stdout: "", ...wanted }));

  test.each<[path: string, errno: number, words: string]>([
    [at("none"), 2, "No such file or directory"],
    [at("tell"), 20, "Not a directory"],
  ])(`the directory %s`, (path, errno, words) =>
    expect(run(shell, [path], "hw_chdir")).toMatchObject({
      code: errno,
      isDirectory: true,
      message: `Unable to change directory before execution: [Errno ${errno}] ${words}: b'${path}'`,
    }),
  );
  test(`a directory that is there`, () =>
    expect(run(shell, [root], "hw_chdir")).toMatchObject({ code: 0 }));
});

test.each([
  [{ code: 2, stdout: "", stderr: "ls: cannot access 'x': No such file or directory\n" }],
  [{ code: 1, stdout: "", stderr: `${NO_FILE} b'x'\n` }],
  [{ code: 2, stdout: "", stderr: `FileNotFoundError: ${NO_FILE} 'x'\n` }],
  [{ code: 2, stdout: "said", stderr: `${NO_FILE} b'x'\n` }],
])("what a program says itself is its own: %j", (output) => expect(notRun(output)).toBeUndefined());

test.each([
  ["/bin/sh: 570: eval: mysql: not found", "mysql: not found"],
  ["sh: 12: cannot create /x: Directory nonexistent", "cannot create /x: Directory nonexistent"],
  ["/bin/sh: eval: line 9: mysql: not found", "mysql: not found"],
  ["/bin/sh: line 570: mysql: command not found", "mysql: command not found"],
  ["environment: line 3: mysql: command not found", "mysql: command not found"],
  ["first\n/bin/bash: line 5: second", "first\nsecond"],
  ["crash: 12: here", "crash: 12: here"],
  ["/etc/x.sh: 12: here", "/etc/x.sh: 12: here"],
])("%j of a program of ours is told as %j", (said, told) => expect(withoutPlace(said)).toBe(told));
