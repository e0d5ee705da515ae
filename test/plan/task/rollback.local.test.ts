import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, expect, test, vi } from "vitest";
import { call } from "../../cli/call.ts";

const home = mkdtempSync(join(tmpdir(), "hullwright-rollback-"));
const place = join(home, "place");
vi.stubEnv("HOME", home);
vi.stubEnv("XDG_STATE_HOME", join(home, "state"));
writeFileSync(join(home, "hosts"), "h1 ansible_connection=local ansible_user=someone\n");
beforeEach(() => {
  rmSync(place, { recursive: true, force: true });
});
afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(home, { recursive: true, force: true });
});

// Applies a block that makes a directory and a file in it, does one thing more, and fails; its rescue undoes what it did.
async function undone(...more: string[]): Promise<{ code: number; said: string }> {
  writeFileSync(
    join(home, "play.yml"),
    `- hosts: all
  gather_facts: false
  tasks:
    - block:
        - file: { path: ${place}, state: directory, mode: "0755" }
        - copy: { content: a, dest: ${place}/a }
${more.map((task) => `        - ${task}\n`).join("")}        - { name: Try, command: "false" }
      rescue:
        - rollback:
`,
  );
  return call("apply", join(home, "play.yml"), "-i", join(home, "hosts"), "--yes");
}

test("what a block has done is undone, the newest first, and the host fails for the block's reason", async () => {
  const { code, said } = await undone(`copy: { content: b, dest: ${place}/b }`);
  expect([code, existsSync(place)]).toEqual([2, false]);
  expect(said).toMatch(/x Try: [^]*3 changes were undone\n/);
});

test("a directory that others have filled stays, and is named; all else is undone", async () => {
  const { code, said } = await undone(`command: touch ${place}/others`);
  expect(code).toBe(2);
  expect(["a", "others"].map((name) => existsSync(join(place, name)))).toEqual([false, true]);
  expect(said).toMatch(/x Try: [^]*1 change was undone\n/);
  expect(said).toContain(`stays, as others have put something in it: ${place}\n`);
});

test("a change that failed before it did anything has nothing to take back, and keeps nothing else from being undone", async () => {
  const mount = `mount: { path: ${place}/m, src: /nowhere/at/all, fstype: ext4, state: mounted, fstab: ${home}/fstab }`;
  const { code, said } = await undone(
    `{ ${mount}, ignore_errors: true }`,
    `copy: { content: b, dest: ${place}/b }`,
  );
  expect([code, existsSync(place)], said).toEqual([2, false]);
  expect(said).toMatch(/x Try: [^]*4 changes were undone\n/);
});

test.each([["of the host", true] as const, ["of the controller", false] as const])(
  "where somebody has changed a file of an archive %s, nothing is undone, and the file is named",
  async (_where, isRemote) => {
    const archive = join(home, "archive.tar");
    mkdirSync(join(home, "packed/sub"), { recursive: true });
    for (const name of ["one", "sub/two"]) writeFileSync(join(home, "packed", name), name);
    execFileSync("tar", ["-C", join(home, "packed"), "-cf", archive, "one", "sub"]);
    const unpack = `unarchive: { src: ${archive}, dest: ${place}, remote_src: ${isRemote} }`;
    const ours = `lineinfile: { path: ${place}/one, line: ours }`;

    const whole = await undone(unpack, ours, unpack.replace("}", ", exclude: [sub] }"));
    expect([whole.code, existsSync(place)], whole.said).toEqual([2, false]);

    const { code, said } = await undone(unpack, ours, `shell: echo theirs >> ${place}/sub/two`);
    expect([code, readFileSync(join(place, "sub/two"), "utf8")]).toEqual([2, "sub/twotheirs\n"]);
    expect(readFileSync(join(place, "one"), "utf8")).toBe("one\nours\n");
    expect(said).toMatch(
      /x Check that nothing has changed since: nothing is undone, as the host has changed since:\n/,
    );
    expect(said).toContain(`${place}/sub/two was changed by somebody else since\n`);
    expect(said).toMatch(/it was to be undone for: Try: /);
    expect(said).not.toContain(`${place}/one was`);
    expect(said).not.toContain("Undo: ");
  },
);
