import { expect, test } from "vitest";
import { machineOf } from "../../../src/cli/connection/address.ts";
import type { WantedLogin } from "../../../src/cli/connection/connection.ts";
import { partHosts } from "../../../src/cli/prepare/read-or-part.ts";

const to = (destination: string, port?: number): WantedLogin =>
  ({ destination, port }) as unknown as WantedLogin;
const here = (name: string): WantedLogin => ({ name, isLocal: true });

/** Where hosts are, by their names; how many processes there may be, and which hosts each has. */
const CASES: readonly [string, Record<string, WantedLogin>, number, string[][]][] = [
  ["one process", { a: to("1"), b: to("2") }, 1, [["a", "b"]]],
  ["as many machines", { a: to("1"), b: to("2") }, 2, [["a"], ["b"]]],
  [
    "neighbours go to different ones",
    { a: to("1"), b: to("2"), c: to("3"), d: to("4"), e: to("5") },
    2,
    [
      ["a", "c", "e"],
      ["b", "d"],
    ],
  ],
  [
    "one machine has one process",
    { a: to("1"), b: to("1"), c: to("2"), d: to("1", 2222), e: to("2") },
    2,
    [
      ["a", "b", "d"],
      ["c", "e"],
    ],
  ],
  ["no more than machines", { a: here("a"), b: here("b") }, 2, [["a", "b"]]],
  ["no host", {}, 3, []],
];

test.each(CASES)("hosts in parts: %s", (_what, logins, processes, parts) =>
  expect(partHosts(Object.keys(logins), processes, (name) => machineOf(logins[name]!))).toEqual(
    parts,
  ),
);
