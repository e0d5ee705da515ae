import {
  lutimesSync,
  mkdirSync,
  mkdtempSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { find } from "../../../src/modules/files/find.ts";
import type { AnyModule } from "../../../src/modules/index.ts";
import type { StepOutput } from "../../../src/modules/contract/module.ts";
import { argumentsFor, givenWith } from "../case.ts";
import { askAnsible, noAnsible } from "../shared/edit/ansible.ts";
import { TestHost } from "../host.ts";
import { has, here, shellcheck, skipReason } from "../../requires.ts";

const ROOT = mkdtempSync(join(tmpdir(), "hw-find-"));
const module = find as unknown as AnyModule;

// A tree with files of many kinds, some of them old.
function makeTree(): void {
  mkdirSync(join(ROOT, "sub/deep/.hidden"), { recursive: true });
  mkdirSync(join(ROOT, "other"));
  const files: Record<string, string> = {
    "a.log": "one\ntwo\n",
    "b.log": "two\nthree\n",
    "c.txt": "x".repeat(5000),
    ".dot": "two",
    "sub/d.log": "three two\n",
    "sub/deep/e.log.gz": "",
    "sub/deep/.hidden/f.log": "two",
    "other/with space.log": "two",
    "other/it's [1].log": "",
    "other/new\nline.log": "two",
    "other/größe.log": "größe",
    "x-&~#.log": "",
    "sub/]a^b": "",
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(ROOT, name), text);
  symlinkSync("a.log", join(ROOT, "link.log"));
  symlinkSync("../other", join(ROOT, "sub/to-other"));
  symlinkSync("nowhere", join(ROOT, "dead"));
  utimesSync(join(ROOT, "a.log"), 1_000_000, 1_000_000.5);
  lutimesSync(join(ROOT, "dead"), 1_000_000, 1_000_000);
  utimesSync(join(ROOT, "sub/d.log"), 1_000_000, 1_000_000);
}

makeTree();

const CASES: { [name: string]: object } = {
  "files of a folder": {},
  "below it, too": { recurse: true },
  "hidden ones, too": { recurse: true, hidden: true },
  "as deep as two": { recurse: true, depth: 2 },
  "depth without recurse": { depth: 3 },
  "as deep as one": { recurse: true, depth: 1 },
  "a pattern": { patterns: "*.log", recurse: true },
  "several patterns": { patterns: ["*.txt", "a.*"] },
  "patterns with sets": { patterns: ["[!a]*.log", "?.txt"] },
  "a pattern with a bracket that is not closed": { patterns: ["*[1*"], recurse: true },
  "a pattern that is no expression": { patterns: ["a+.log", "(b).log"] },
  "patterns with signs": {
    patterns: ["*-&~/#*.log", "*[-&~|^]*", "[]x]*", "*a.l[!p-z]g"],
    recurse: true,
  },
  excludes: { patterns: "*.log", excludes: "b*,d*", recurse: true },
  "excludes alone": { excludes: "*.log" },
  expressions: { patterns: ["^[ab]\\.log$", ".*\\.gz$"], use_regex: true, recurse: true },
  "an expression matches from the beginning": { patterns: ["log", "a"], use_regex: true },
  "expressions that exclude": { excludes: ["[ab]"], use_regex: true },
  folders: { file_type: "directory", recurse: true },
  links: { file_type: "link", recurse: true },
  anything: { file_type: "any", recurse: true, hidden: true },
  "anything that is large": { file_type: "any", size: "1k", recurse: true },
  large: { size: "1k", recurse: true },
  small: { size: "-8", recurse: true },
  old: { age: "4w", recurse: true },
  young: { age: "-1d", recurse: true },
  "old by another time": { age: "1d", age_stamp: "atime", file_type: "link" },
  "old, changed lately": { age: "1d", age_stamp: "ctime", recurse: true },
  "content, from a line's beginning": { contains: "tw.", recurse: true },
  "content, anywhere": { contains: "tw.", recurse: true, read_whole_file: true },
  "content over lines": { contains: "one\\ntwo", recurse: true, read_whole_file: true },
  "content with a line break": { contains: "one\ntwo", recurse: true, read_whole_file: true },
  "content with a line break, by lines": { contains: "one\ntwo", recurse: true },
  "content at the end": { contains: "o$", recurse: true, hidden: true, read_whole_file: true },
  "content at the end of a line": { contains: "one$|[$]", recurse: true, read_whole_file: true },
  "content with a class": { contains: "t\\w{2}$", recurse: true },
  "content and names": { contains: "two", patterns: "*space*,b*", recurse: true, hidden: true },
  "behind links": { recurse: true, follow: true },
  checksums: { get_checksum: true, recurse: true, hidden: true },
  "several folders": { paths: [join(ROOT, "sub"), join(ROOT, "other/")] },
  "a folder behind a link": { paths: join(ROOT, "sub/to-other") },
  "a folder that is not there": { paths: [join(ROOT, "sub"), join(ROOT, "gone")] },
  "a file is no folder": { paths: [join(ROOT, "a.log")] },
};

// What the module answers, asked through a real shell.
async function ask(args: object, shell: string[] = ["dash"]): Promise<{ [key: string]: unknown }> {
  const coerced = argumentsFor(module, { paths: ROOT, ...args });
  const { output } = await new TestHost(shell).ask({
    output: module.probe!(coerced, givenWith())!,
  });
  expect((output as unknown as StepOutput).code).toBe(0);
  return module.result(coerced, {}, [output as unknown as StepOutput], givenWith());
}

const UNSTABLE = ["changed", "invocation", "warnings"];

// Results without what differs for no one's good, in one order.
function comparable(result: { [key: string]: unknown }, unstable: readonly string[]): unknown {
  const files = (result["files"] as { [key: string]: unknown }[]).map(
    ({ atime: _atime, ...file }): { [key: string]: unknown } => ({
      ...file,
      mtime: Math.round(Number(file["mtime"])),
      ctime: Math.round(Number(file["ctime"])),
    }),
  );
  files.sort((a, b) => (String(a["path"]) < String(b["path"]) ? -1 : 1));
  return {
    ...Object.fromEntries(Object.entries(result).filter(([key]) => !unstable.includes(key))),
    files,
  };
}

describe("find", async () => {
  const names = Object.keys(CASES);
  const theirs = noAnsible
    ? []
    : await askAnsible(
        names.map((name) => ({ module: "find", args: { paths: ROOT, ...CASES[name] } })),
      );

  test.skipIf(noAnsible).each(names)("as Ansible finds: %s", async (name) => {
    const ours = await ask(CASES[name]!);
    const expected = theirs[names.indexOf(name)]!;
    expect(comparable(ours, UNSTABLE)).toEqual(comparable(expected, UNSTABLE));
    expect(ours["examined"]).toBe(expected["examined"]);
  });

  test.each(here([["bash"], ["busybox", "sh"]]))("the same under %s", async (...shell) => {
    expect(await ask({ recurse: true, hidden: true, contains: "two" }, shell)).toEqual(
      await ask({ recurse: true, hidden: true, contains: "two" }),
    );
  });

  test.each([
    [{ age: "3y" }, /failed to process age: 3y/],
    [{ size: "big" }, /failed to process size: big/],
    [{ paths: "etc" }, /not an absolute path/],
    [{ patterns: ["("], use_regex: true }, /not a regular expression/],
  ])("refuses %j", (args, message) => {
    expect(() =>
      module.probe!(argumentsFor(module, { paths: ROOT, ...args }), givenWith()),
    ).toThrow(message);
  });

  test.skipIf(!has("shellcheck"))(
    `shellcheck finds nothing wrong with the question${skipReason("shellcheck")}`,
    () => {
      const script = (
        module.probe!(
          argumentsFor(module, { paths: ROOT, contains: "x", get_checksum: true, patterns: "*" }),
          givenWith(),
        )!.arg as { script: string }
      ).script;
      expect(shellcheck(script)).toBe("");
    },
  );
});
