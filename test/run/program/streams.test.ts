import { expect, test } from "vitest";
import { nothingHeard } from "../../../src/run/program/streams.ts";

test.each<[what: string, stderr: string, message: string, hint: RegExp]>([
  ["no program", "", "the program of changes did not start", /free space/],
  ["a complaint", "sh: no room\n", "sh: no room", /free space/],
  [
    "a program whose report is lost",
    "\n@abc begin 0\n\n@abc end\n",
    "the host sent an answer about the changes that cannot be parsed",
    /run again to check/,
  ],
])("%s is told where nothing is heard of changes", (_what, stderr, message, hint) => {
  expect(nothingHeard(stderr, "abc")).toMatchObject({
    message,
    hint: expect.stringMatching(hint) as string,
  });
});
