import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { call, openDoor, type Door } from "./call.ts";
import { readCases } from "./cases.ts";

let door: Door;
beforeAll(async () => {
  door = await openDoor();
});
afterAll(() => door.close());

// Spaces at the end of a line are no part of what people read.
const shown = (text: string): string => text.replaceAll(/ +$/gm, "");

describe.each(readCases())(
  "$path: each mistake is said whole, with exit code 1, and no host is reached",
  ({ cases }) => {
    test.each(cases)("$name", async (one) => {
      const { code, stderr, reached } = await call(one, door);
      expect(shown(stderr)).toBe(shown(one.says));
      expect({ code, reached }).toEqual({ code: 1, reached: 0 });
    });
  },
);

test("each mistake has its own name", () => {
  const names = readCases().flatMap(({ cases }) => cases.map(({ name }) => name));
  expect(names).toEqual([...new Set(names)]);
});

test("where nothing is wrong, hosts are reached", async () => {
  const { code, reached } = await call(
    {
      command: "apply site.yml -i hosts.yml",
      files: new Map([["site.yml", "- hosts: all\n  tasks:\n    - ping:\n"]]),
    },
    door,
  );
  expect(code).toBe(4);
  expect(reached).toBeGreaterThan(0);
});
