import { execFileSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { archive } from "../../../src/modules/files/archive.ts";
import { archived } from "../../../src/probes/files/archived.ts";
import { execute, ThisHost, type Executed } from "../execute.ts";
import { has, here, shellcheck, skipReason } from "../../requires.ts";

/** What packs each format, and what tar takes to list it. */
const FORMATS: { readonly [program: string]: readonly [format: string, option: string] } = {
  gzip: ["gz", "-z"],
  bzip2: ["bz2", "-j"],
  xz: ["xz", "-J"],
  zstd: ["zstd", "--zstd"],
  tar: ["tar", "-v"],
};

let host: ThisHost;
let at: (name: string) => string;

beforeEach(() => {
  host = new ThisHost();
  at = (name) => join(host.root, name);
  for (const name of ["app/etc/sub", "app/log", "app/.git", "other"])
    mkdirSync(at(name), { recursive: true });
  const texts = {
    "app/a b": "one\n",
    "app/etc/conf": "two\n",
    "app/etc/sub/x": "three\n",
    "app/log/big.log": "log\n".repeat(5000),
    "app/.git/HEAD": "ref\n",
    "app/*": "star\n",
    "other/y": "four\n",
    single: "five\n",
  };
  for (const [name, text] of Object.entries(texts)) writeFileSync(at(name), text);
  symlinkSync("etc/conf", at("app/link"));
  symlinkSync("nowhere", at("app/dangling"));
  linkSync(at("app/a b"), at("app/hard"));
});
afterEach(() => {
  host.remove();
});

// Runs the module, with paths below the host's directory.
function run(
  args: { path: string | string[]; dest?: string; [name: string]: unknown },
  options: { always?: boolean } = {},
): Executed {
  const below = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(below);
    return at(String(value));
  };
  const paths = new Set(["path", "dest", "exclude_path"]);
  const given = Object.entries(args).map(([name, value]) => [
    name,
    paths.has(name) ? below(value) : value,
  ]);
  return execute(host, archive as never, Object.fromEntries(given) as object, options);
}

// The names of members of an archive, sorted.
function members(name: string): string[] {
  const names = execFileSync("tar", ["-tf", at(name)], { encoding: "utf8" }).split("\n");
  return names.filter(Boolean).sort();
}

/** What the archive of everything in `app` has, below the name of the directory. */
const ALL = [
  "*",
  ".git/",
  ".git/HEAD",
  "a b",
  "dangling",
  "etc/",
  "etc/conf",
  "etc/sub/",
  "etc/sub/x",
  "hard",
  "link",
  "log/",
  "log/big.log",
];

/** Arguments, and the members of the archive `out.tgz` that they make. */
const CONTENTS: { name: string; args: Parameters<typeof run>[0]; members: string[] }[] = [
  { name: "a directory", args: { path: "app" }, members: ALL.map((one) => `app/${one}`) },
  { name: "what is in a directory", args: { path: "app//" }, members: ALL },
  {
    name: "two directories, below what they have in common",
    args: { path: ["app/etc", "app/log"] },
    members: ["etc/conf", "etc/sub/", "etc/sub/x", "log/big.log"],
  },
  {
    name: "directories whose names begin alike",
    args: { path: ["app/etc/sub", "other"] },
    members: ["app/etc/sub/x", "other/y"],
  },
  {
    name: "a pattern, which no hidden name matches, and paths that it leaves out",
    args: { path: ["app/*"], exclude_path: ["app/l*", "app/[ah]*"] },
    members: ["*", "dangling", "etc/conf", "etc/sub/", "etc/sub/x"],
  },
  {
    name: "members that are left out by their whole names",
    args: { path: "app", exclusion_patterns: ["*.log", "app/.git*", "app/?", "app/e[!s]c/*"] },
    members: ["app/a b", "app/dangling", "app/etc/", "app/hard", "app/link", "app/log/"],
  },
  {
    name: "one file as an archive",
    args: { path: "single", force_archive: true },
    members: ["single"],
  },
  { name: "one file that a pattern names", args: { path: "sing*" }, members: ["single"] },
  {
    name: "a path that is not there beside one that is",
    args: { path: ["other", "none"] },
    members: ["other/y"],
  },
  { name: "its own directory, but for itself", args: { path: "" }, members: [] },
];

describe("archive", () => {
  test.each(CONTENTS)("packs $name", ({ name, args, members: wanted }) => {
    const { change, result } = run({ ...args, dest: "out.tgz" });
    expect(change).not.toBeNull();
    const found = members("out.tgz");
    if (name.startsWith("its own")) expect(found.filter((one) => /out|\.hw/.test(one))).toEqual([]);
    else expect(found).toEqual([...wanted].sort());
    expect((result["archived"] as string[]).length).toBe(found.length);
    expect(run({ ...args, dest: "out.tgz" }).change).toBeNull();
  });

  test.each(here(Object.keys(FORMATS)))("with %s: one file, and a directory", (program) => {
    const [format, option] = FORMATS[program]!;
    const one = run({ path: "single", format });
    expect(one.result).toMatchObject({
      dest: at(`single.${format}`),
      dest_state: format === "tar" ? "archive" : "compress",
      archived: [at("single")],
      size: statSync(at(`single.${format}`)).size,
      mode: "0644",
    });
    const many = run({ path: "app", dest: "out", format });
    expect(many.result).toMatchObject({ dest_state: "archive", arcroot: `${host.root}/` });
    const listed = execFileSync("tar", [option, "-tf", at("out")]);
    expect(listed.toString()).toContain("app/etc/conf");
  });

  test.each([
    ["another time", (): void => utimesSync(at("app/etc/conf"), 1, 1)],
    ["another mode", (): void => chmodSync(at("app/etc/conf"), 0o600)],
    ["a new file", (): void => writeFileSync(at("app/new"), "")],
    ["another archive", (): void => writeFileSync(at("out.tgz"), "no archive")],
  ])("is written again for %s", (_name, alter) => {
    run({ path: "app", dest: "out.tgz" });
    chmodSync(at("out.tgz"), 0o640);
    alter();
    expect(run({ path: "app", dest: "out.tgz" }).change).not.toBeNull();
    expect(statSync(at("out.tgz")).mode & 0o777).toBe(0o640);
    expect(run({ path: "app", dest: "out.tgz" }).change).toBeNull();
    expect(run({ path: "app", dest: "out.tgz", mode: "0600" }).outputs).toHaveLength(1);
    expect(statSync(at("out.tgz")).mode & 0o777).toBe(0o600);
  });

  test("removes what it packed, and brings it back", () => {
    const args = { path: ["app", "single"], dest: "out.tgz", exclusion_patterns: ["single"] };
    // what stays would be packed again
    const { change, result } = run({ ...args, remove: true }, { always: true });
    expect([existsSync(at("app")), existsSync(at("single"))]).toEqual([false, true]);
    expect(result["archived"]).toContain(at("app/etc/conf"));
    host.undo(change!);
    expect([existsSync(at("app/etc/conf")), existsSync(at("out.tgz"))]).toEqual([true, false]);
    run({ path: "single", remove: true });
    expect(existsSync(at("single"))).toBe(false);
    expect(execFileSync("gzip", ["-dc", at("single.gz")]).toString()).toBe("five\n");
    expect(run({ path: "single" }).result).toMatchObject({
      dest_state: "compress",
      missing: [at("single")],
      archived: [],
    });
  });

  test("writes through a link", () => {
    symlinkSync("real.tgz", at("out.tgz"));
    writeFileSync(at("real.tgz"), "");
    run({ path: "other", dest: "out.tgz" });
    expect(readFileSync(at("real.tgz")).length).toBeGreaterThan(20);
    expect(members("out.tgz")).toEqual(["other/y"]);
  });

  test.skipIf(!has("shellcheck"))(
    `shellcheck accepts the questions${skipReason("shellcheck")}`,
    () => {
      const arg = {
        paths: ["/a b", "/c*/?"],
        excluded: [],
        patterns: ["*.x"],
        format: "gz",
        force: false,
        dest: "/d",
      };
      expect(shellcheck(archived.script([arg, arg]).sh)).toBe("");
      expect(shellcheck(archived.look!.script(arg).sh)).toBe("");
    },
  );
});
