import { spawnSync } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findModule } from "../../../src/modules/index.ts";
import { pipKind } from "../../../src/probes/packages/pip.ts";
import { argumentsFor, givenWith } from "../case.ts";
import { ThisHost } from "../execute.ts";
import { isDrawn } from "../../sample.ts";
import { has, shellcheck, skipReason } from "../../requires.ts";

/** Makes wheels of packages that hold nothing: NAME VERSION [WHAT IT NEEDS]. */
const WHEELS = `
import sys, zipfile
for line in sys.stdin:
    name, version, *needs = line.split()
    info = f"{name}-{version}.dist-info"
    with zipfile.ZipFile(f"{sys.argv[1]}/{name}-{version}-py3-none-any.whl", "w") as wheel:
        wheel.writestr(f"{name}.py", "")
        wheel.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\\nName: {name}\\nVersion: {version}\\n" + "".join(f"Requires-Dist: {need}\\n" for need in needs))
        wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\\nGenerator: test\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
        wheel.writestr(f"{info}/RECORD", "")
`;
const PACKAGES = "Hw_One 1.0\nHw_One 1.1\nhw_two 2.0 Hw-One>=1.1\nhw_three 3\n";

/** One task after the other in one environment: whether it changes anything, as Ansible has it, too. */
const TASKS: [args: { [name: string]: unknown }, changed: boolean][] = [
  [{ name: "hw-one==1.0" }, true],
  [{ name: "hw-one==1.0" }, false],
  [{ name: "Hw.One" }, false],
  [{ name: ["hw_one>=1.0,<2", "hw_three"] }, true],
  [{ name: "hw_two" }, true],
  [{ requirements: "r.txt", chdir: "ROOT" }, false],
  [{ name: "hw_one", state: "latest" }, false],
  [{ name: ["hw_two", "hw_three"], state: "absent" }, true],
  [{ requirements: "ROOT/r.txt" }, true],
  [{ name: "hw_one", version: "1.0", extra_args: "--no-deps --no-cache-dir" }, true],
  [{ name: "hw_one", state: "latest" }, true],
];
/** Those that are taken back, and done again. */
const UNDONE = [4, 7];

const NEEDS = ["python3 with venv"] as const;
const isHere = NEEDS.every((need) => has(need));
let host: ThisHost;
let source: { readonly [name: string]: string };

beforeAll(() => {
  const wheels = mkdtempSync(join(tmpdir(), "hw-wheels-"));
  source = { PIP_NO_INDEX: "1", PIP_FIND_LINKS: wheels };
  host = new ThisHost(["env", ...Object.entries(source).map((pair) => pair.join("=")), "dash"]);
  if (!isHere) return;
  writeFileSync(join(host.root, "r.txt"), "# packages\nhw-one\nhw-two >= 2  # both\n");
  spawnSync("/usr/bin/python3", ["-c", WHEELS, wheels], { input: PACKAGES });
});
afterAll(() => host.remove());

// A task's arguments, in a virtual environment.
function given(args: { [name: string]: unknown }, virtualenv: string): { [name: string]: unknown } {
  const all = { virtualenv, virtualenv_command: "/usr/bin/python3 -m venv", ...args };
  return JSON.parse(JSON.stringify(all).replaceAll("ROOT", host.root)) as typeof args;
}

describe.skipIf(!isHere)(`pip${skipReason(...NEEDS)}`, { timeout: 300_000 }, () => {
  const pip = findModule("pip")!;
  const controller = givenWith();

  // CI runs what stands in the one environment, or the comparison, by its seed
  test.skipIf(!isDrawn(0))("each task leaves what it planned, and can be taken back", () => {
    const venv = join(host.root, "venv");
    for (const [number, [written, changed]] of TASKS.entries()) {
      const args = argumentsFor(pip, given(written, venv));
      const probes = pip.observe(args, controller);
      const before = host.ask(probes);
      const change = pip.plan(args, before, controller);
      expect([number, change !== null]).toEqual([number, changed]);
      if (!change) continue;
      for (const isLast of UNDONE.includes(number) ? [false, true] : [true]) {
        const now = host.look(probes, before);
        for (const { seen, wanted } of now) expect(seen, JSON.stringify(written)).toEqual(wanted);
        const outputs = host.runSteps(change.steps);
        expect(
          outputs.map(({ code }) => code),
          JSON.stringify(outputs),
        ).toEqual(change.steps.map(() => 0));
        for (const { seen, wanted } of host.look(probes, change.after))
          for (const [index, word] of wanted.entries())
            if (word !== null) expect(seen[index], JSON.stringify(written)).toBe(word);
        if (!isLast) host.undo(change);
      }
      const after = host.ask(probes);
      expect(pip.plan(args, after, controller)).toBeNull();
      if (number > 0) {
        const { packages } = after["pip"] as { packages: object };
        expect((change.after["pip"] as { packages: object }).packages).toEqual(packages);
      }
    }
  });

  test.skipIf(!isDrawn(0))("what cannot be installed is told while planning", () => {
    const args = argumentsFor(pip, given({ name: "hw_none" }, join(host.root, "venv")));
    const before = host.ask(pip.observe(args, controller));
    expect(() => pip.plan(args, before, controller)).toThrow(
      /^No matching distribution found for hw_none$/,
    );
  });

  test.skipIf(!has("ansible-playbook") || !isDrawn(1))(
    `Ansible says the same of each task${skipReason("ansible-playbook")}`,
    () => {
      const book = join(host.folder, "book.yml");
      const venv = join(host.root, "theirs");
      const tasks = TASKS.map(([written, changed], number) => ({
        name: String(number),
        pip: given(written, venv),
        register: "done",
        failed_when: `done is failed or done.changed != ${changed ? "True" : "False"}`,
      }));
      const play = { hosts: "localhost", connection: "local", gather_facts: false, tasks };
      writeFileSync(book, JSON.stringify([play]));
      const { status, stdout } = spawnSync(
        "ansible-playbook",
        [book, "-i", "localhost,", "-e", "ansible_python_interpreter=/usr/bin/python3"],
        { encoding: "utf8", env: { ...process.env, HOME: host.folder, ...source } },
      );
      expect(stdout).toContain(`ok=${TASKS.length}`);
      expect(status).toBe(0);
    },
  );

  test.skipIf(!has("shellcheck"))(
    `shellcheck accepts the questions${skipReason("shellcheck")}`,
    () => {
      const { script, look } = pipKind;
      for (const arg of [
        { names: ["a"], install: ["a", "b c"] },
        { names: ["a", "b"], virtualenv: "/opt/v v", chdir: "/srv" },
        { names: [], program: "pip3.11" },
      ])
        expect(
          shellcheck(`${script([arg]).sh}\n${look!.script(arg).sh}`, [
            "SC2030",
            "SC2031",
            "SC2043",
          ]),
        ).toBe("");
    },
  );
});
