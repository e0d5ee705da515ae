import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { renderAlike } from "../../../src/report/alike.ts";
import { call } from "../call.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "hullwright-ad-hoc-"));
  writeFileSync(
    join(folder, "hosts.ini"),
    "[all:vars]\nansible_connection=local\n[web]\nw1 n=1\nw2 n=2\n[db]\nd1 n=1\n",
  );
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

// Runs on hosts that are all this machine, which is told on the way and left out here.
async function run(...words: string[]): ReturnType<typeof call> {
  const { code, said } = await call("run", "-i", join(folder, "hosts.ini"), ...words);
  return { code, said: said.replaceAll(/^\w+: is the same machine as .*\n/gm, "") };
}

/** Words, the exit code, and all that is printed; T stands for the test's directory. */
const CASES: [words: string[], code: number, said: string][] = [
  [["web", "--", "echo", "hello"], 0, "w1, w2 (2 hosts): changed\n  hello\n"],
  [["d1", "--", "echo one; echo two >&2"], 0, "d1: changed\n  one\n  two\n"],
  [["d1", "--", "echo", "{{ n }}", "$HOME", "it's"], 0, "d1: changed\n  {{ n }} $HOME it's\n"],
  [["d1", "--", "echo {{ n }} $((1 + 1))"], 0, "d1: changed\n  {{ n }} 2\n"],
  [["all", "-a", "echo {{ n }}"], 0, "w1, d1 (2 hosts): changed\n  1\n\nw2: changed\n  2\n"],
  [["all", "-l", "db", "-m", "shell", "-a", "echo x | tr x y"], 0, "d1: changed\n  y\n"],
  [["d1", "--", "echo so; exit 3"], 2, "d1: failed, exit 3\n  so\n"],
  [["d1", "-m", "debug", "-a", "msg=hi"], 0, "d1: ok\n  hi\n"],
];

test.each(CASES)("%j", async (words, code, said) => {
  expect(await run(...words)).toEqual({ code, said });
});

test("modules tell what they answered; --check does nothing", async () => {
  const file = join(folder, "made");
  const words = ["d1", "-m", "copy", "-a", `content=x dest=${file}`];
  expect((await run(...words, "-C")).code).toBe(2);
  expect(existsSync(file)).toBe(false);
  const { code, said } = await run(...words);
  expect([code, existsSync(file)]).toEqual([0, true]);
  expect(said).toContain(`"dest": "${file}"`);
  expect((await run(...words)).said).toContain("d1: ok");
});

test("--json is one document, as of apply", async () => {
  const { code, said } = await run("web", "--json", "--", "echo", "hello");
  const report = JSON.parse(said) as { totals: { changed: number } };
  expect([code, report.totals.changed]).toEqual([0, 2]);
});

test.each([
  [["web"], "neither a command nor a module is given"],
  [["web", "-m", "stat", "--", "ls"], "exclude each other"],
  [["nobody", "--", "ls"], 'no host or group matches "nobody"'],
  [["web", "grep", "-v", "root", "/etc/passwd"], "-v after the beginning of the command"],
  [["web", "ls", "-la", "/"], "-la after the beginning of the command"],
  [["web", "uptime", "-p"], "write -- before the command"],
  [["web", "-m", "coppy"], 'did you mean "copy"?'],
  [["web", "-m", "copy", "-a", "dest=/x"], "copy"],
])("refuses %j", async (words, told) => {
  const { code, said } = await run(...words);
  expect([code, said]).toEqual([1, expect.stringContaining(told)]);
});

test("the list of runs names the command", async () => {
  await run("d1", "--", "echo", "for the list");
  const { said } = await call("runs", "d1", "-i", join(folder, "hosts.ini"));
  expect(said).toMatch(/^ {2}hullwright run -i \S+ d1 -- echo 'for the list'$/m);
});

test("control characters of hosts are spelt out", () => {
  expect(
    renderAlike([{ host: "h", status: "ok", lines: ["a\u001b[2J"] }]).join("\n"),
  ).not.toContain("\u001b");
});

/** Words, the place of the mistake on the command line, and the letters that the caret stands under. */
const PLACES: [words: string[], place: string, at: string][] = [
  [["all", "-m", "cpoy", "-a", "x"], "-m:1:1", "cpoy"],
  [["all", "-m", "shell"], "-m:1:1", "shell"],
  [["all", "-m", "file", "-a", "path=/x stat=absent"], "-a:1:9", "stat="],
  [["all", "-m", "file", "-a", "  path=/x state=absnt"], "-a:1:17", "absnt"],
  [["all", "-m", "file", "-a", '{"path": "/x", "state": "absnt"}'], "-a:1:25", '"absnt"'],
  [
    ["all", "-m", "copy", "-a", `dest=/x content='a"\\\\ é\u2028 {{ nope }}'`],
    "-a:1:27",
    "{{ nope",
  ],
  [["all", "-m", "shell", "-a", "echo a\necho {{ 1 + }}"], "-a:2:13", "}}"],
  [["all", "-a", "echo {{ 1 + }}"], "-a:1:13", "}}"],
  [["no[", "-a", "true"], "PATTERN:1:1", "no["],
];

test.each(PLACES)(
  "a mistake in %j stands at its place of the command line",
  async (words, place, at) => {
    const { code, said } = await run(...words);
    expect([code, said]).toEqual([1, expect.stringContaining(`  at ${place}\n`)]);
    const [, line = "", caret = ""] = /\n {2}> \d \| (.*)\n(?:.*\| )?( *)\^/.exec(said) ?? [];
    expect(line.slice(caret.length)).toMatch(at);
    const document = JSON.parse(
      (await run(...words, "--json")).said.split("\nerror:")[0]!,
    ) as object;
    const [file, row, column] = place.split(":");
    expect(document).toMatchObject({ error: { file, line: Number(row), column: Number(column) } });
  },
);

test("arguments in braces are JSON; for a command they are one only if they are valid", async () => {
  const json = await run("d1", "-m", "debug", "-a", '{"msg":\n "hi there"}');
  expect(json).toEqual({ code: 0, said: "d1: ok\n  hi there\n" });
  const shell = await run("d1", "-m", "shell", "-a", "{ echo so; }");
  expect(shell).toEqual({ code: 0, said: "d1: changed\n  so\n" });
});
