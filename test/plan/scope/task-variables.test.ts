import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test, vi } from "vitest";
import { applyCommand } from "../../../src/cli/commands/run.ts";
import { noAnsible } from "../../conformance/ansible.ts";
import { layLadder, PAIRS } from "../ladder.ts";

const folder = mkdtempSync(join(tmpdir(), "hullwright-ladder-"));
const home = process.env["HOME"];
afterAll(() => {
  vi.restoreAllMocks();
  process.env["HOME"] = home;
  rmSync(folder, { recursive: true });
});

describe("which variable wins", () => {
  const { playbook, inventory, extra, seen } = layLadder(folder);
  const read = (): Record<string, string> =>
    JSON.parse(readFileSync(seen, "utf8")) as Record<string, string>;

  test("by the order of Ansible's documentation, each of two levels against the other", async () => {
    process.env["HOME"] = folder;
    vi.spyOn(process.stdout, "write").mockReturnValue(true);
    expect(
      await applyCommand([playbook], {
        inventory: [inventory],
        extraVars: [extra],
        forks: 1,
        timeout: 10,
        verbose: 0,
        yes: true,
      }),
    ).toBe(0);
    const found = read();
    expect(PAIRS.filter(({ variable, stronger }) => found[variable] !== stronger)).toEqual([]);
  });

  test.skipIf(noAnsible !== undefined)("by Ansible itself", () => {
    const ours = read();
    rmSync(seen);
    const { status, stdout } = spawnSync(
      "ansible-playbook",
      ["-i", inventory, playbook, "-e", extra],
      { encoding: "utf8", env: { ...process.env, ANSIBLE_PYTHON_INTERPRETER: "/usr/bin/python3" } },
    );
    expect(status, stdout).toBe(0);
    expect(ours).toEqual(read());
  });
});
