import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { candidate, packageKind } from "../../../src/probes/packages/package.ts";
import { defined } from "../../../src/defined.ts";

const RPM = `dnf
curl\tx86_64\t7.76.1-26.el9\t0
kernel\tx86_64\t5.14.0-100.el9\t0
kernel\tx86_64\t5.14.0-162.el9\t0
package webserver is not installed
package nope is not installed
provides webserver
httpd\tx86_64\t2.4.53-7.el9\t0
provides nope
`;

describe("answers of rpm", () => {
  const names = [
    "curl",
    "curl-7.76.1",
    "curl-7.76.1-26.el9.x86_64",
    "curl.x86_64",
    "kernel",
    "webserver",
    "nope",
    "curl-7.77",
  ];
  const states = packageKind.parse(
    RPM,
    names.map((name) => ({ name })),
  );
  const wanted: (string | null)[] = [
    "7.76.1-26.el9",
    "7.76.1-26.el9",
    "7.76.1-26.el9",
    "7.76.1-26.el9",
    "5.14.0-162.el9",
    "2.4.53-7.el9",
    null,
    null,
  ];

  test.each(names.map((name, i) => [name, wanted[i]!, states[i]!] as const))(
    "%s is %s",
    (name, version, state) => {
      expect(state).toEqual({
        by: "dnf",
        installed: version !== null,
        version,
        leftovers: false,
        ...defined({ provider: name === "webserver" ? "httpd" : undefined }),
      });
    },
  );
});

test("a host without either program says so", () => {
  expect(packageKind.parse("\n", [{ name: "curl" }])).toEqual([
    { by: "", installed: false, version: null, leftovers: false },
  ]);
});

test("dnf tells what is newer, with its epoch", () => {
  const output =
    "dnf\n\ncurl.x86_64    7.77-1.el9    baseos\nbind-libs.x86_64   32:9.16.23-5.el9  appstream\n";
  expect(
    candidate.parse(output, [{ name: "curl" }, { name: "bind-libs" }, { name: "jq" }]),
  ).toEqual(["7.77-1.el9", "9.16.23-5.el9", null]);
});

test("apt tells the candidate for each preferred release", () => {
  const output =
    "apt\nrelease \ncurl:\n  Installed: 7.88\n  Candidate: 7.88\n  Version table:\nnone:\n  Installed: (none)\n  Candidate: (none)\nrelease sid\ncurl:\n  Installed: 7.88\n  Candidate: 8.1\n";
  expect(
    candidate.parse(output, [
      { name: "curl" },
      { name: "curl", release: "sid" },
      { name: "none" },
      { name: "gone" },
    ]),
  ).toEqual(["7.88", "8.1", null, null]);
});

describe("what an installed package of Debian provides", () => {
  let bin: string;
  beforeEach(() => {
    bin = mkdtempSync(join(tmpdir(), "hullwright-"));
    const program = (name: string, text: string): void => {
      writeFileSync(join(bin, name), `#!/bin/sh\n${text}\n`);
      chmodSync(join(bin, name), 0o755);
    };
    program("apt-get", ":");
    program(
      "dpkg-query",
      String.raw`case $3 in *Provides*) printf 'installed\tapt\t2.6.1\tapt-transport-https (= 2.6.1)\ninstalled\texim4\t4.96\tmail-transport-agent\n' ;;
*) shift 3; case " $* " in *' curl '*) printf 'installed\tcurl\tamd64\t7.88\n' ;; esac ;; esac`,
    );
    program(
      "apt-cache",
      String.raw`shift; for name; do case $name in
apt-transport-https) printf '%s:\n  Installed: (none)\n  Candidate: 2.6.1\n  Version table:\n     2.6.1 500\n' "$name" ;;
mail-transport-agent) printf '%s:\n  Installed: (none)\n  Candidate: (none)\n  Version table:\n' "$name" ;; esac; done`,
    );
  });
  afterEach(() => rmSync(bin, { recursive: true, force: true }));
  const run = (script: string): string =>
    spawnSync("/bin/sh", ["-c", script], {
      encoding: "utf8",
      env: { PATH: `${bin}:${process.env["PATH"]}` },
    }).stdout;

  const CASES = [
    ["curl", { installed: true, version: "7.88" }, "installed 7.88"],
    [
      "mail-transport-agent",
      { installed: true, version: "4.96", provider: "exim4" },
      "installed 4.96",
    ],
    ["apt-transport-https", { installed: false, version: null }, "absent"],
    ["nowhere", { installed: false, version: null }, "absent"],
  ] as const;

  test("counts only where there is no package of that very name", () => {
    const args = CASES.map(([name]) => ({ name }));
    const states = packageKind.parse(run(packageKind.script(args).sh), args);
    expect(states).toEqual(CASES.map(([, state]) => ({ by: "apt", leftovers: false, ...state })));
  });

  test.each(CASES)("so it is seen again before a change: %s", (name, _state, line) => {
    expect(run(packageKind.look!.script({ name }).sh).trim()).toBe(line);
  });
});
