import { expect, test } from "vitest";
import { installed, services } from "../../../src/probes/system/listing.ts";

test("services: what is loaded has a state, its file says whether it is enabled", () => {
  const output = `ssh.service loaded active running OpenBSD Secure Shell server
boot.service loaded active exited A thing
gone.service not-found inactive dead gone.service
broken.service loaded failed failed Broken
--files--
ssh.service enabled enabled
boot.service static -
broken.service enabled enabled
idle.service disabled enabled
getty@.service enabled enabled
sshd.service alias -
--aliases--
ActiveState=active
Names=ssh.service sshd.service
`;
  expect(services.parse(output, [null])[0]).toEqual(
    Object.fromEntries(
      [
        ["ssh", "running", "enabled"],
        ["boot", "stopped", "static"],
        ["gone", "stopped", "not-found"],
        ["broken", "stopped", "failed"],
        ["idle", "inactive", "disabled"],
        ["getty@", "unknown", "enabled"],
        ["sshd", "active", "alias"],
      ].map(([name, state, status]) => [
        `${name}.service`,
        { name: `${name}.service`, state, status, source: "systemd" },
      ]),
    ),
  );
});

test("a host without systemd has none", () => {
  expect(services.parse("", [null])).toEqual([null]);
});

test("packages of both kinds of records, several of one name", () => {
  const output =
    "apt\ninstalled\tcurl\t7.88\tamd64\tweb\nconfig-files\told\t1\tall\tadmin\nrpm\nkernel\t5.14\t1.el9\t(none)\tx86_64\nkernel\t5.14\t2.el9\t(none)\tx86_64\nbind\t9.16\t3.el9\t32\tx86_64\n";
  expect(installed.parse(output, [null])[0]).toEqual({
    curl: [{ name: "curl", version: "7.88", arch: "amd64", category: "web", source: "apt" }],
    kernel: ["1.el9", "2.el9"].map((release) => ({
      name: "kernel",
      version: "5.14",
      release,
      epoch: null,
      arch: "x86_64",
      source: "rpm",
    })),
    bind: [
      { name: "bind", version: "9.16", release: "3.el9", epoch: 32, arch: "x86_64", source: "rpm" },
    ],
  });
  expect(installed.parse("", [null])).toEqual([null]);
});
