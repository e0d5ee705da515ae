import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { has, shellcheck, skipReason } from "../../requires.ts";
import { sebooleanKind, type SebooleanState } from "../../../src/probes/system/seboolean.ts";

let root: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "hullwright-seboolean-"));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

// Asks a host whose files lie below the root, as each is listed: its path and its text.
function asked(host: string, files: { [path: string]: string }, ...names: string[]): unknown {
  const at = join(root, host);
  for (const [path, text] of Object.entries({ "/bin/none": "", ...files })) {
    mkdirSync(dirname(join(at, path)), { recursive: true });
    writeFileSync(join(at, path), text);
    chmodSync(join(at, path), 0o755);
  }
  const args = names.map((one) => ({ name: one.replace("+", ""), boot: one.endsWith("+") }));
  const program = sebooleanKind
    .script(args)
    .sh.replaceAll("/sys/fs", `${at}/sys/fs`)
    .replaceAll("/etc/selinux", `${at}/etc/selinux`)
    .replaceAll("/var/lib/selinux", `${at}/var/lib/selinux`);
  const env = { PATH: `${at}/bin:/usr/bin:/bin` };
  return sebooleanKind.parse(execFileSync("sh", { input: program, encoding: "utf8", env }), args);
}

const HOST = {
  "/sys/fs/selinux/booleans/container_use_devices": "0 0",
  "/sys/fs/selinux/booleans/virt_use_nfs": "1 1",
  "/etc/selinux/config": "# of ours\nSELINUX=enforcing\nSELINUXTYPE=targeted\n",
  "/etc/selinux/targeted/booleans.subs_dist": "virt_nfs virt_use_nfs\n",
};
const state = (name: string, on: boolean, boot: boolean | null): SebooleanState => ({
  name,
  on,
  boot,
});

test("a host without SELinux says so", () => {
  expect(asked("none", {}, "a")).toEqual(["disabled"]);
});

test("a boolean is on or off, under its own name or another one, or is not there", () => {
  expect(asked("plain", HOST, "container_use_devices", "virt_nfs", "nothing")).toEqual([
    state("container_use_devices", false, null),
    state("virt_use_nfs", true, null),
    null,
  ]);
});

test("local changes of the policy say what it is at boot", () => {
  const local = "# This file is made\ncontainer_use_devices=1\nvirt_use_nfs=0\n";
  const files = { ...HOST, "/var/lib/selinux/targeted/active/booleans.local": local };
  expect(asked("local", files, "container_use_devices+", "virt_nfs+", "virt_use_nfs")).toEqual([
    state("container_use_devices", false, true),
    state("virt_use_nfs", true, false),
    state("virt_use_nfs", true, null),
  ]);
});

test("semanage knows what nobody has changed; without it that stays open", () => {
  const semanage = `#!/bin/sh
echo 'SELinux boolean                State  Default Description'
echo 'container_use_devices          (off  ,   on)  Allow'
echo 'virt_use_nfs                   (on   ,  off)  Allow'
`;
  const names = ["container_use_devices+", "virt_use_nfs+"];
  expect(asked("semanage", { ...HOST, "/bin/semanage": semanage }, ...names)).toEqual([
    state("container_use_devices", false, true),
    state("virt_use_nfs", true, false),
  ]);
  expect(asked("bare", HOST, ...names)).toEqual([
    state("container_use_devices", false, null),
    state("virt_use_nfs", true, null),
  ]);
});

test("what a host prints is checked", () => {
  expect(() => sebooleanKind.parse("a x -\n", [{ name: "a", boot: false }])).toThrow(/a x -/);
});

test.skipIf(!has("shellcheck"))(`shellcheck accepts the program${skipReason("shellcheck")}`, () => {
  expect(shellcheck(sebooleanKind.script([{ name: "a", boot: true }]).sh)).toBe("");
});
