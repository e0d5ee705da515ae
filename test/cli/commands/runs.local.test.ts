import { execFileSync } from "node:child_process";
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, expect, test, vi } from "vitest";
import type { RunInfo } from "../../../src/modules/journal/journal_info.ts";
import { call } from "../call.ts";

const home = mkdtempSync(join(tmpdir(), "hullwright-runs-"));
vi.stubEnv("HOME", home);
vi.stubEnv("XDG_CACHE_HOME", join(home, "cache"));
vi.stubEnv("XDG_STATE_HOME", join(home, "state"));
afterAll(() => rmSync(home, { recursive: true, force: true }));

const at = (name: string): string => join(home, name);
const place = at("place");
const local = ["-i", at("hosts")];
const mine = [...local, "--no-become"];
writeFileSync(at("hosts"), "h1 ansible_connection=local ansible_user=someone\n");
writeFileSync(
  at("play.yml"),
  `- hosts: all
  gather_facts: false
  tasks:
    - {name: Directory, file: {path: ${place}/d, state: directory, mode: "0750"}}
    - {name: Text, copy: {content: "one\\n", dest: ${place}/d/a, mode: "0640"}}
    - {name: Line, lineinfile: {path: ${place}/d/a, line: two}}
    - {name: Mode, file: {path: ${place}/d/a, mode: "0600"}}
    - {name: Replaced, copy: {content: "{{ secret }}\\n", dest: ${place}/old}}
    - {name: Link, file: {src: ${place}/old, path: ${place}/link, state: link, force: true}}
    - {name: Removed, file: {path: ${place}/gone, state: absent}}
    - {name: Command, command: touch ${place}/made, args: {creates: ${place}/made}}
`,
);

beforeEach(() => {
  rmSync(place, { recursive: true, force: true });
  rmSync(at(".local"), { recursive: true, force: true });
  mkdirSync(join(place, "gone/deep"), { recursive: true });
  writeFileSync(join(place, "gone/deep/f"), "x");
  writeFileSync(join(place, "old"), "old\n", { mode: 0o604 });
  symlinkSync("/nowhere", join(place, "link"));
});

// All that is there: names, modes and texts.
function tree(folder = place, prefix = ""): string[] {
  return readdirSync(folder)
    .sort()
    .flatMap((name) => {
      const path = join(folder, name);
      const { mode } = statSync(path, { throwIfNoEntry: false }) ?? { mode: 0 };
      const line = `${prefix}${name} ${mode.toString(8)}`;
      if (mode === 0) return [line];
      return statSync(path).isDirectory()
        ? [line, ...tree(path, `${prefix}${name}/`)]
        : [`${line} ${readFileSync(path, "utf8").trim()}`];
    });
}

// The runs that the host remembers, the newest first.
async function runs(): Promise<RunInfo[]> {
  const { said } = await call("runs", ...mine, "--json");
  const document = JSON.parse(said.slice(said.indexOf("{"))) as {
    hosts: { h1: { runs: RunInfo[] } };
  };
  return document.hosts.h1.runs;
}

const apply = (): Promise<{ code: number; said: string }> =>
  call("apply", at("play.yml"), ...local, "-e", "secret=hush", "--yes");

test("a run is listed and rolled back; a rollback is a run, which can be rolled back", async () => {
  const before = tree();
  expect(await apply()).toMatchObject({ code: 0 });
  const after = tree();
  const [first] = await runs();
  expect(first).toMatchObject({ changes: 8, failed: 0, undone: 0, kept: true });
  expect(first).toMatchObject({ playbooks: ["play.yml"], by: expect.any(String) as string });

  const plan = await call("rollback", first!.run.slice(-6), ...mine, "--plan");
  expect(plan).toMatchObject({ code: 2 });
  expect(plan.said).toMatch(/Cannot be undone[\s\S]*Command \(command\)/);
  expect(plan.said).toMatch(/Undo \[Line\][\s\S]*-two/);
  expect(plan.said).not.toMatch(/Nothing is left/);
  expect(tree()).toEqual(after);

  expect(await call("rollback", first!.run, ...mine, "--yes")).toMatchObject({ code: 0 });
  expect(tree()).toEqual([...before, "made 100644 "].sort());
  expect((await runs())[1]).toMatchObject({ undone: 7 });
  expect((await call("rollback", first!.run, ...mine, "--yes")).said).toMatch(
    /Nothing is left to undo[\s\S]*0 changes\n/,
  );

  const [second] = await runs();
  expect(second).toMatchObject({ undoes: first!.run, changes: 7 });
  expect(await call("rollback", second!.run, ...mine, "--yes")).toMatchObject({ code: 0 });
  expect(tree()).toEqual(after);
  const listed = await call("runs", ...mine);
  expect(listed.said).toMatch(/hullwright rollback[\s\S]*hullwright apply/);
});

test("what has changed since is refused by name, and nothing is undone", async () => {
  await apply();
  appendFileSync(join(place, "d/a"), "three\n");
  rmSync(join(place, "link"));
  const after = tree();
  const [run] = await runs();
  const { code, said } = await call("rollback", run!.run, ...mine, "--yes");
  expect(code).toBe(2);
  expect(said).toMatch(/the host has changed since/);
  expect(said).toContain(`${place}/d/a ("Line"): has other content now`);
  expect(said).toContain(`${place}/link ("Link"): is not there now`);
  expect(said).not.toContain(`${place}/old (`);
  expect(tree()).toEqual(after);
});

test("a directory that holds what others have put in it stays and is named, all else is undone", async () => {
  const before = tree();
  const play = at("nested.yml");
  writeFileSync(
    play,
    `- hosts: all
  gather_facts: false
  tasks:
    - {name: Filled, file: {path: ${place}/filled, state: directory}}
    - {name: Deep, file: {path: ${place}/up/low/own, state: directory}}
    - {name: Text, copy: {content: x, dest: ${place}/filled/a}}
    - {name: Lead, file: {src: ${place}/gone, path: ${place}/lead, state: link}}
    - {name: Last, copy: {content: x, dest: ${place}/up/low/own/b}}
`,
  );
  expect(await call("apply", play, ...local, "--yes")).toMatchObject({ code: 0 });
  const after = tree();
  mkdirSync(join(place, "filled/bin"));
  writeFileSync(join(place, "up/low/theirs"), "t");
  const kept = ["filled", "filled/bin", "up", "up/low", "up/low/theirs"];
  const [run] = await runs();
  const plan = await call("rollback", run!.run, ...mine, "--plan");
  const told = [`${place}/filled, which holds bin`, `${place}/up/low, which holds theirs`];
  for (const line of told) expect(plan.said).toContain(line);
  expect(plan.said).not.toContain("own,");

  const undone = await call("rollback", run!.run, ...mine, "--yes");
  expect(undone, undone.said).toMatchObject({ code: 0 });
  for (const line of told) expect(undone.said).toContain(line);
  const left = tree().filter((line) => !before.includes(line));
  expect(left.map((line) => line.split(" ")[0])).toEqual(kept);
  expect((await call("rollback", run!.run, ...mine, "--yes")).said).toMatch(/0 changes\n/);

  const [second] = await runs();
  const redone = await call("rollback", second!.run, ...mine, "--yes");
  expect(redone, redone.said).toMatchObject({ code: 0 });
  expect(tree().filter((line) => !/bin|theirs/.test(line))).toEqual(after);

  rmSync(join(place, "filled/bin"), { recursive: true });
  rmSync(join(place, "up/low/theirs"));
  expect(await call("rollback", run!.run, ...mine, "--yes")).toMatchObject({ code: 0 });
  expect(tree()).toEqual(before);
});

test.each([
  ["of the host", true],
  ["of the controller", false],
])(
  "a file of an archive %s that has changed since is named, and nothing is undone",
  async (_where, remote) => {
    const play = at("unpack.yml");
    const archive = at("archive.tar");
    mkdirSync(at("packed/sub"), { recursive: true });
    for (const name of ["a", "sub/b"]) writeFileSync(at(`packed/${name}`), name);
    execFileSync("tar", ["-C", at("packed"), "-cf", archive, "a", "sub"]);
    writeFileSync(
      play,
      `- hosts: all
  gather_facts: false
  tasks:
    - {name: Directory, file: {path: ${place}/d, state: directory}}
    - {name: Unpack, unarchive: {src: ${archive}, dest: ${place}/d, remote_src: ${remote}}}
    - {name: Line, lineinfile: {path: ${place}/d/a, line: more}}
    - {name: Text, copy: {content: x, dest: ${place}/later}}
`,
    );
    const before = tree();
    expect(await call("apply", play, ...local, "--yes")).toMatchObject({ code: 0 });
    const [run] = await runs();
    const plan = await call("rollback", run!.run, ...mine, "--plan");
    expect(plan, plan.said).toMatchObject({ code: 2 });
    expect(plan.said).not.toContain("which holds");
    appendFileSync(join(place, "d/sub/b"), "theirs");
    const after = tree();
    const { code, said } = await call("rollback", run!.run, ...mine, "--yes");
    expect([code, tree()]).toEqual([2, after]);
    expect(said).toMatch(/the host has changed since/);
    expect(said).toMatch(new RegExp(`${place}/d/sub/b \\("Unpack"\\): has .* now`));
    expect(said).not.toContain(`${place}/d/a (`);
    expect(said).not.toContain("Undo");

    rmSync(place, { recursive: true });
    mkdirSync(place);
    expect(await call("apply", play, ...local, "--yes")).toMatchObject({ code: 0 });
    const [second] = await runs();
    const undone = await call("rollback", second!.run, ...mine, "--yes");
    expect(undone, undone.said).toMatchObject({ code: 0 });
    expect(tree()).toEqual([]);
    expect(before).not.toEqual([]);
  },
);

test("a run that broke off is rolled back as far as it came", async () => {
  const before = tree();
  const broken = at("broken.yml");
  const text = readFileSync(at("play.yml"), "utf8");
  writeFileSync(broken, text.replace(/ {4}- \{name: Replaced/, "    - command: false\n$&"));
  expect(await call("apply", broken, ...local, "-e", "secret=x", "--yes")).toMatchObject({
    code: 2,
  });
  const [run] = await runs();
  expect(run).toMatchObject({ changes: 4, failed: 1 });
  expect(await call("rollback", run!.run, ...mine, "--yes")).toMatchObject({ code: 0 });
  expect(tree()).toEqual(before);
});

test.each([
  ["one that no host knows", ["abcdef"], /no host has a journal of a run "abcdef"/],
  ["what is no name", ["a/b"], /"a\/b" is not the name of a run/],
])("%s is refused", async (_what, words, message) => {
  expect(await call("rollback", ...words, ...mine, "--yes")).toMatchObject({
    code: 1,
    said: expect.stringMatching(message) as string,
  });
  expect(existsSync(join(place, "old"))).toBe(true);
});
