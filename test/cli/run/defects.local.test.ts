import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, expect, test, vi } from "vitest";
import { debug } from "../../../src/modules/play/debug.ts";
import { call } from "../call.ts";

const home = mkdtempSync(join(tmpdir(), "hullwright-defects-"));
mkdirSync(join(home, "tmp"));
for (const [name, value] of [
  ["HOME", home],
  ["XDG_CACHE_HOME", join(home, "cache")],
  ["TMPDIR", join(home, "tmp")],
] as const)
  vi.stubEnv(name, value);
afterAll(() => rmSync(home, { recursive: true, force: true }));
afterEach(() => {
  vi.restoreAllMocks();
});

const play = join(home, "play.yml");
writeFileSync(join(home, "hosts"), "a ansible_connection=local\nb ansible_connection=local\n");

// Applies tasks on both hosts.
async function run(command: string, tasks: string): Promise<{ code: number; said: string }> {
  writeFileSync(play, `- hosts: all\n  gather_facts: false\n  tasks:\n${tasks}`);
  return call(command, play, "-i", join(home, "hosts"), ...(command === "apply" ? ["--yes"] : []));
}

test.each([
  ["plan", 1, ""],
  ["apply", 2, ""],
  ["plan", 1, "    - {debug: {msg: together}, run_once: true}\n"],
  ["apply", 2, "    - {debug: {msg: together}, run_once: true}\n"],
])(
  "what is thrown for one host is its failure alone: %s, exit %d %s",
  async (command, code, before) => {
    const { plan } = debug;
    vi.spyOn(debug, "plan").mockImplementation((args, state, controller) => {
      if (args.msg === "to a") throw new TypeError("out of the blue");
      return plan(args, state, controller);
    });
    const came = await run(
      command,
      `${before}    - {debug: {msg: "to {{ inventory_hostname }}"}}\n    - {debug: {msg: "end of {{ inventory_hostname }}"}}\n`,
    );
    expect(came).toMatchObject({
      code,
      said: expect.stringMatching(/this is a defect of hullwright: out of the blue/) as string,
    });
    expect(came.said).toContain("end of b");
    expect(came.said).not.toContain("end of a");
    const file = /together with (\S+)/.exec(came.said)?.[1] ?? "none";
    expect(readFileSync(file, "utf8")).toMatch(/^a\nTypeError: out of the blue\n +at /);
  },
);

test("whole numbers of any size are shown as they are", async () => {
  const { code, said } = await run(
    "apply",
    `    - {debug: {msg: "{{ 2**64 }}"}}
    - {debug: {msg: "{{ {'n': 2**64, 's': '5'} }}"}}
    - {debug: {msg: "{{ {'n': 2**64} | to_json }}"}}
    - {debug: {msg: "{{ item }}"}, loop: ["{{ 2**64 }}"]}
    - {debug: {msg: "{{ '99999999999999999999' | int }}"}}
`,
  );
  expect(code).toBe(0);
  expect(said.match(/18446744073709551616/g)!.length).toBeGreaterThanOrEqual(5);
  expect(said).toContain("99999999999999999999");
});

test("debug of hostvars shows every host's variables", async () => {
  expect(await run("apply", "    - {debug: {var: hostvars}}\n")).toMatchObject({
    code: 0,
    said: expect.stringContaining('"inventory_hostname": "b"') as string,
  });
});
