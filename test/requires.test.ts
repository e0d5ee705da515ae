import { expect, test } from "vitest";
import { has, here, shellcheck, skipReason, type Need } from "./requires.ts";

const SHELLS: Need[] = ["dash", "bash", "fish", "tcsh", "busybox whose sh asks PATH first"];

for (const shell of SHELLS) {
  test.skipIf(!has(shell))(`tests that want a shell run under ${shell}${skipReason(shell)}`, () => {
    expect(has(shell)).toBe(true);
    expect(skipReason(shell)).toBe("");
  });
}

test("shells that are not here are left out", () => {
  expect(here([["no-such-shell", "-x"], ["no-such-shell"]])).toEqual([]);
});

test.skipIf(!has("shellcheck"))(`shellcheck tells what is wrong${skipReason("shellcheck")}`, () => {
  expect(shellcheck("echo $1\n")).toContain("SC2086");
  expect(shellcheck("echo $1\n", ["SC2086"])).toBe("");
});
