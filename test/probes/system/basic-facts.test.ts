import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { askBasics, basics, isBasic } from "../../../src/probes/system/basic-facts.ts";
import { askFacts, facts } from "../../../src/probes/system/facts.ts";

test.each(["dash", "bash"])(
  "the shell alone finds the same as the whole program of facts (%s)",
  (shell) => {
    const ask = (script: string): string =>
      spawnSync(shell, ["-s"], { input: script, encoding: "utf8" }).stdout;
    const [few] = basics.parse(ask(basics.script([null]).sh), [null]);
    const [all] = facts.parse(ask(facts.script([{ subsets: [] }]).sh), [{ subsets: [] }]);
    expect(Object.keys(few!).length).toBeGreaterThan(10);
    for (const [name, value] of Object.entries(few!))
      expect([name, value]).toEqual([name, all![name]]);
  },
);

test("garbage is refused, and only these facts count as basic", () => {
  expect(() => basics.parse("Welcome!", [null])).toThrow(/truncated or garbled/);
  expect([
    isBasic("ansible_architecture"),
    isBasic("ansible_default_ipv4"),
    isBasic("ansible_facts"),
  ]).toEqual([true, false, false]);
  expect(askBasics().key).not.toBe(askFacts([]).key);
});
