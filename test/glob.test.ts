import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { globPattern } from "../src/glob.ts";
import { has, skipReason } from "./requires.ts";

const PATTERNS = [
  ..."* ? a* ?b [abc] [!abc] [^a] [a-c] [!a-c] [z-a] [!z-a] [-3:-1] db[-3:-1] [a [] [] []a] [!]a] [!] [!a".split(
    " ",
  ),
  ..."[a-] [-a] [a-c-z] [--0] [*?.] [\\\\] [[] a.c a|b (a) {a} [a&&b] [~~] $ + a[b]c[d] [ä-ö] 😀 [😀]".split(
    " ",
  ),
];
const NAMES = [
  ..."a b c d z - ] [ ! ^ \\ * ? . & ~ | $ + ab aB a.c abc a|b (a) {a} abcd [a [] a] !a [!a [!] db0 db: db-3".split(
    " ",
  ),
  ..."ä ö ü 😀 0 3".split(" "),
  "a\nb",
];
const ORACLE = `
import fnmatch, json, sys
names, patterns = json.load(sys.stdin)
print(json.dumps({p: [n for n in names if fnmatch.fnmatchcase(n, p)] for p in patterns}))
`;

test.skipIf(!has("python3 of 3.11 to 3.13"))(
  `shell patterns match what Python's fnmatch matches${skipReason("python3 of 3.11 to 3.13")}`,
  () => {
    const { stdout } = spawnSync("python3", ["-c", ORACLE], {
      input: JSON.stringify([NAMES, PATTERNS]),
      encoding: "utf8",
    });
    const ours = PATTERNS.map((glob) => [
      glob,
      NAMES.filter((name) => globPattern(glob).test(name)),
    ]);
    expect(Object.fromEntries(ours)).toEqual(JSON.parse(stdout));
  },
);
