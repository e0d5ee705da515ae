import { spawnSync } from "node:child_process";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { lines, quote, sh } from "../../src/script/sh.ts";
import { staged } from "../../src/script/write.ts";
import { here } from "../requires.ts";

const SHELLS = here([["dash"], ["bash", "--posix"], ["busybox", "sh"]]);

// Any text but NUL, and texts of what shells take for more than text.
const anyChar = fc
  .integer({ min: 1, max: 0x10ffff })
  .filter((code) => code < 0xd800 || code > 0xdfff)
  .map((code) => String.fromCodePoint(code));
const shellChar = fc.constantFrom(
  ..."'\"\\$`!*?[]{}()<>|&;#~=%^-+ \t\n\r\u00a0é→a0".split(""),
  "$(id)",
  "${HOME}",
  "`id`",
  "\\'",
  "-n",
  "--",
  "\\n",
);
const word = fc.oneof(fc.string({ unit: anyChar }), fc.string({ unit: shellChar }));

describe.each(SHELLS)("under %s", (...shell) => {
  const run = (program: string): Buffer =>
    spawnSync(shell[0]!, [...shell.slice(1), "-s"], { input: program, env: { HOME: "/nowhere" } })
      .stdout;

  test("every text is one word, and the same word", () => {
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 60 }), (words) => {
        const out = run(sh`printf '%s\\0' ${words}`.sh);
        expect(out.toString("utf8").split("\0").slice(0, -1)).toEqual(words);
      }),
      { numRuns: 60 },
    );
  });

  test("a text stays what it is on either side of an assignment", () => {
    fc.assert(
      fc.property(word, (text) => {
        expect(run(sh`hw_x=${text}; printf %s "$hw_x"`.sh).toString("utf8")).toBe(text);
      }),
      { numRuns: 60 },
    );
  });

  test("bytes of all kinds but NUL pass", () => {
    const text = Buffer.from(Array.from({ length: 127 }, (_, i) => i + 1)).toString("latin1");
    expect(run(sh`printf %s ${text}`.sh).toString("latin1")).toBe(text);
  });
});

test.each<[what: string, made: { sh: string }, source: string]>([
  [
    "harmless words stay readable",
    sh`chmod ${"0644"} ${"/etc/a.b-c_d"}`,
    "chmod 0644 /etc/a.b-c_d",
  ],
  ["an empty word stands", sh`f ${""} x`, "f '' x"],
  ["numbers", sh`exit ${7}`, "exit 7"],
  ["lists become words", sh`f ${["a b", 1, "c"]}`, "f 'a b' 1 c"],
  ["an empty list is no word", sh`f ${[]} x`, "f  x"],
  ["scripts stay code", sh`if ${sh`[ -e ${"/a b"} ]`}; then :; fi`, "if [ -e '/a b' ]; then :; fi"],
  ["lines", lines([sh`a`, sh`b ${"c d"}`]), "a\nb 'c d'"],
  ["a home folder is not expanded", sh`ls ${"~/x"}`, "ls '~/x'"],
])("%s", (_what, made, source) => {
  expect(made.sh).toBe(source);
});

test("a word cannot hold NUL", () => {
  expect(() => quote("a\0b")).toThrow(/NUL/);
  expect(() => sh`echo ${["ok", "a\0b"]}`).toThrow(/NUL/);
});

test("a script needs the files of all scripts that it is made of", () => {
  const [one, two] = [
    { sha256: "1".repeat(64), size: 1 },
    { sha256: "2".repeat(64), size: 2 },
  ];
  const run = lines([sh`cat ${staged(one)}`, sh`:`, lines([sh`cp ${staged(two)} ${"/etc/two"}`])]);
  expect(run.files).toEqual([one, two]);
  expect(sh`echo ${"no file"}`.files).toBeUndefined();
});
