import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { shellWords } from "../../src/inventory/words.ts";

/** Texts and their words; the last two with comments. */
const CASES: [text: string, words: string[] | undefined, comments?: true][] = [
  ["", []],
  ["  -C   -o ControlMaster=auto ", ["-C", "-o", "ControlMaster=auto"]],
  [`-o ProxyCommand="ssh -W %h:%p 'a b'"`, ["-o", "ProxyCommand=ssh -W %h:%p 'a b'"]],
  [`-o 'a "b" \\c'`, ["-o", 'a "b" \\c']],
  [`a\\ b "c\\d \\" \\\\" ''`, ["a b", 'c\\d " \\', ""]],
  ["a # b", ["a", "#", "b"]],
  ["'open", undefined],
  ['"open', undefined],
  ["end\\", undefined],
  ["a'b'\"c\"d", ["abcd"]],
  ["h1 a='#' b#c d", ["h1", "a=#", "b"], true],
  ["h1 a=b\\", undefined, true],
];

test.each(CASES)("%j is %j", (text, words, comments) => {
  expect(shellWords(text, { comments: comments === true })?.map((word) => word.text)).toEqual(
    words,
  );
});

test.skipIf(spawnSync("python3", ["--version"]).status !== 0)(
  "Python's shlex, which Ansible reads them with, has the same words (skipped without python3)",
  () => {
    const program = `
import json, shlex, sys
def split(text, comments):
    try: return shlex.split(text, comments)
    except ValueError: return None
print(json.dumps([split(*one) for one in json.load(sys.stdin)]))`;
    const theirs = spawnSync("python3", ["-c", program], {
      input: JSON.stringify(CASES.map(([text, , comments]) => [text, comments === true])),
      encoding: "utf8",
    }).stdout;
    expect(CASES.map(([, words]) => words ?? null)).toEqual(JSON.parse(theirs));
  },
);
