import { expect, test } from "vitest";
import type { Entry } from "../../src/plan/model/entry.ts";
import type { Host, HostKnowledge } from "../../src/plan/model/host.ts";
import { Machine, mayGoOn, tellShared, type HostRunOptions } from "../../src/run/machine.ts";

// What is said where further names turn out to be the machine of `a`.
function said(...names: string[]): string[] {
  const lines: string[] = [];
  const options = {
    machines: new Map(["a", ...names].map((name) => [name, new Machine()])),
    say: (host: string, text: string) => void lines.push(`${host}: ${text}`),
  } as unknown as HostRunOptions;
  for (const name of [...names, ...names]) {
    const target = { host: { name } as Host, known: {} as HostKnowledge };
    const locking = { cleared: [], waited: false, sharedWith: "a" };
    expect(mayGoOn(target, target.known, {} as Entry, locking, options)).toBe(false);
  }
  tellShared(options);
  return lines;
}

test("two names of a machine are told once", () =>
  expect(said("b")).toEqual(["b: is the same machine as a: they take turns"]));

test("of many names of a machine the first is told, and in the end how many there are", () =>
  expect(said("b", "c", "d")).toEqual([
    "b: is the same machine as a: they take turns",
    "a: is the same machine as 3 other hosts of the run: they took turns",
  ]));
