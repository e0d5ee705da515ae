import { describe, expect, test } from "vitest";
import { candidate, packageKind } from "../../src/probes/package.ts";

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
  const names = ["curl", "curl-7.76.1", "curl-7.76.1-26.el9.x86_64", "curl.x86_64", "kernel", "webserver", "nope", "curl-7.77"];
  const states = packageKind.parse(RPM, names.map((name) => ({ name })));
  const wanted: (string | null)[] = ["7.76.1-26.el9", "7.76.1-26.el9", "7.76.1-26.el9", "7.76.1-26.el9", "5.14.0-162.el9", "2.4.53-7.el9", null, null];

  test.each(names.map((name, i) => [name, wanted[i]!, states[i]!] as const))("%s is %s", (name, version, state) => {
    expect(state).toEqual({ by: "dnf", installed: version !== null, version, leftovers: false, ...(name === "webserver" ? { provider: "httpd" } : {}) });
  });
});

test("a host without either program says so", () => {
  expect(packageKind.parse("\n", [{ name: "curl" }])).toEqual([{ by: "", installed: false, version: null, leftovers: false }]);
});

test("dnf tells what is newer, with its epoch", () => {
  const output = "dnf\n\ncurl.x86_64    7.77-1.el9    baseos\nbind-libs.x86_64   32:9.16.23-5.el9  appstream\n";
  expect(candidate.parse(output, [{ name: "curl" }, { name: "bind-libs" }, { name: "jq" }])).toEqual(["7.77-1.el9", "9.16.23-5.el9", null]);
});

test("apt tells the candidate for each preferred release", () => {
  const output = "apt\nrelease \ncurl:\n  Installed: 7.88\n  Candidate: 7.88\n  Version table:\nnone:\n  Installed: (none)\n  Candidate: (none)\nrelease sid\ncurl:\n  Installed: 7.88\n  Candidate: 8.1\n";
  expect(candidate.parse(output, [{ name: "curl" }, { name: "curl", release: "sid" }, { name: "none" }, { name: "gone" }])).toEqual(["7.88", "8.1", null, null]);
});
