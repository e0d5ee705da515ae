import { execFileSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { kernelModule } from "../../../src/probes/system/kernel_module.ts";
import { has, here, shellcheck, skipReason } from "../../requires.ts";

const asked = (...names: string[]): { name: string; persistent: boolean }[] =>
  names.map((name) => ({ name, persistent: true }));
const ask = (shell: string[], program: string): string =>
  execFileSync(shell[0]!, shell.slice(1), {
    input: program,
    encoding: "utf8",
    stdio: ["pipe", "pipe", "ignore"],
  });

describe("kernel_module", () => {
  test("each module finds its own lines, whatever its dashes", () => {
    const output = `module br-netfilter loaded
module overlay builtin
module nope absent
/etc/modules-load.d/k8s.conf:overlay
/etc/modules-load.d/k8s.conf:  br_netfilter  # bridges
/etc/modules-load.d/bad.conf:overlay and more
/etc/modprobe.d/a.conf:options br_netfilter a=1 b=2
/etc/modprobe.d/b.conf:options br-netfilter c=3 # late
/etc/modprobe.d/b.conf:blacklist overlay
`;
    expect(kernelModule.parse(output, asked("br-netfilter", "overlay", "nope"))).toEqual([
      {
        kernel: "loaded",
        boot: ["/etc/modules-load.d/k8s.conf"],
        options: { "/etc/modprobe.d/a.conf": ["a=1", "b=2"], "/etc/modprobe.d/b.conf": ["c=3"] },
      },
      { kernel: "builtin", boot: ["/etc/modules-load.d/k8s.conf"], options: {} },
      { kernel: "absent", boot: [], options: {} },
    ]);
  });

  test.each(
    here([
      ["dash", "-s"],
      ["bash", "-s"],
      ["busybox", "sh"],
    ]),
  )("%s tells what this kernel has", (...shell) => {
    const args = asked("proc", "no_such-module");
    expect(
      kernelModule
        .parse(ask(shell, kernelModule.script(args).sh), args)
        .map(({ kernel }) => kernel),
    ).toEqual(["builtin", "absent"]);
    const [proc, none] = args.map((arg) => ask(shell, kernelModule.look!.script(arg).sh).trim());
    expect([proc, none]).toEqual(["builtin", "absent"]);
  });

  test.skipIf(!has("shellcheck"))(
    `shellcheck accepts the program${skipReason("shellcheck")}`,
    () => {
      expect(shellcheck(kernelModule.script(asked("a", "b")).sh)).toBe("");
    },
  );
});
