import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { sysctlKind, sysctlPath } from "../../../src/probes/system/sysctl.ts";
import { here } from "../../requires.ts";

test.each([
  ["net.ipv4.ip_forward", "/proc/sys/net/ipv4/ip_forward"],
  ["net.ipv4.conf.eth0/1.forwarding", "/proc/sys/net/ipv4/conf/eth0.1/forwarding"],
  ["net/ipv4/conf/eth0.1/forwarding", "/proc/sys/net/ipv4/conf/eth0.1/forwarding"],
])("%s stands at %s", (name, path) => {
  expect(sysctlPath(name)).toBe(path);
});

const names = ["kernel.ostype", "net.ipv4.ip_local_port_range", "no.such.thing", "fs.file-nr"].map(
  (name) => ({ name }),
);

test.each(here([["dash"], ["bash"], ["busybox", "sh"]]))(
  "%s: the kernel's values, each in one line",
  (command, ...args) => {
    const states = sysctlKind.parse(
      execFileSync(command, [
        ...args,
        "-c",
        sysctlKind.script(names).sh + " 2>/dev/null; :",
      ]).toString(),
      names,
    );
    expect(states).toEqual([
      "Linux",
      expect.stringMatching(/^\d+ \d+$/),
      null,
      expect.stringMatching(/^\d+ \d+ \d+$/),
    ]);
    const look = execFileSync(command, [
      ...args,
      "-c",
      sysctlKind.look!.script(names[1]!).sh,
    ]).toString();
    expect(look).toBe(`${states[1]!}\n`);
  },
);

test("one parameter alone is read too", () => {
  expect(
    sysctlKind.parse(execFileSync("dash", ["-c", sysctlKind.script([names[0]!]).sh]).toString(), [
      names[0]!,
    ]),
  ).toEqual(["Linux"]);
});
