import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { shellWords } from "../../../src/cli/connection/ssh-words.ts";

const CASES: [text: string, words: string[] | undefined][] = [
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
];

test.each(CASES)("%j is %j", (text, words) => {
  expect(shellWords(text)).toEqual(words);
});

test.skipIf(spawnSync("python3", ["--version"]).status !== 0)(
  "Python's shlex, which Ansible reads them with, has the same words (skipped without python3)",
  () => {
    const program = `
import json, shlex, sys
def split(text):
    try: return shlex.split(text)
    except ValueError: return None
print(json.dumps([split(text) for text in json.load(sys.stdin)]))`;
    const theirs = spawnSync("python3", ["-c", program], {
      input: JSON.stringify(CASES.map(([text]) => text)),
      encoding: "utf8",
    }).stdout;
    expect(CASES.map(([, words]) => words ?? null)).toEqual(JSON.parse(theirs));
  },
);
