import { createHash } from "node:crypto";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { globbed, type GlobbedFile } from "../../../src/probes/files/globbed.ts";
import type { PathState } from "../../../src/probes/files/path.ts";
import { here } from "../../requires.ts";

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

test("an answer that is cut is garbage", () => {
  expect(() => globbed.parse("", [{ patterns: [] }])).toThrow("truncated or garbled");
});

describe.each(here(["dash", "bash", "busybox sh"]))("%s", (shell) => {
  let folder: string;
  beforeAll(() => {
    folder = join(mkdtempSync(join(tmpdir(), "hullwright-globbed-")), "a b*");
    mkdirSync(join(folder, "conf.d"), { recursive: true });
    for (const name of ["b.toml", "a.toml", ".hidden.toml", "note.txt"])
      writeFileSync(join(folder, "conf.d", name), `# ${name}\n`);
    mkdirSync(join(folder, "conf.d/c.toml"));
  });
  afterAll(() => {
    rmSync(join(folder, ".."), { recursive: true });
  });

  test("the files of each pattern are told, each once; directories and hidden files are not", () => {
    const escaped = folder.replace("*", "[*]");
    const args = [
      { patterns: [`${escaped}/conf.d/*.toml`, `${escaped}/conf.d/a.toml`] },
      { patterns: [`${escaped}/none/*.toml`] },
    ];
    const [program = "", ...words] = shell.split(" ");
    const { stdout, stderr } = spawnSync(program, [...words, "-c", globbed.script(args).sh], {
      encoding: "utf8",
    });
    expect(stderr).toBe("");
    const file = (name: string): GlobbedFile => ({
      path: join(folder, "conf.d", name),
      sha256: sha256(`# ${name}\n`),
      content: Buffer.from(`# ${name}\n`).toString("base64"),
    });
    expect(globbed.parse(stdout, args)).toEqual([[file("a.toml"), file("b.toml")], []]);
  });
});

describe("what the tasks before make of them", () => {
  const file = (path: string, digest: string | null): GlobbedFile => ({ path, sha256: digest });
  const found = [file("/c/a.toml", "1"), file("/c/b.toml", "2"), file("/d/e/f.toml", "3")];
  const join_ = (paths: [string, PathState][]): GlobbedFile[] =>
    globbed.planned!.join!(found, new Map(paths), { patterns: ["/c/*.toml", "/d/*/f.toml"] });
  const written = (digest: string | null): PathState => ({ type: "file", sha256: digest });

  test.each<[string, [string, PathState][], GlobbedFile[]]>([
    ["nothing", [], found],
    [
      "one is written",
      [["/c/a.toml", written("9")]],
      [file("/c/a.toml", "9"), found[1]!, found[2]!],
    ],
    ["a new one", [["/c/0.toml", written(null)]], [file("/c/0.toml", null), ...found]],
    ["its mode", [["/c/a.toml", written("1")]], found],
    ["one goes", [["/c/a.toml", null]], found.slice(1)],
    ["a directory goes", [["/d", null]], found.slice(0, 2)],
    [
      "others",
      [
        ["/c/x/a.toml", written("9")],
        ["/c/.a.toml", written("9")],
        ["/c/a.txt", written("9")],
      ],
      found,
    ],
  ])("%s", (_name, paths, wanted) => {
    expect(join_(paths)).toEqual(wanted);
  });
});
