import { filesOf } from "../../../../src/modules/contract/module.ts";
import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import { blockinfile } from "../../../../src/modules/files/blockinfile.ts";
import { lineinfile } from "../../../../src/modules/files/lineinfile.ts";
import { replace } from "../../../../src/modules/files/replace.ts";
import type { Module } from "../../../../src/modules/contract/module.ts";
import { TestHost } from "../../host.ts";
import { has, here, shellcheck, skipReason } from "../../../requires.ts";

const [line, block, text] = [lineinfile, blockinfile, replace] as unknown as [
  Module<never, never>,
  Module<never, never>,
  Module<never, never>,
];

const isRoot = process.getuid?.() === 0;
let folder = "";
let host = new TestHost();

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "hw-edit-"));
  host = new TestHost();
});

// A file in the test's folder.
function file(name: string, text: string, mode = 0o640): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  chmodSync(path, mode);
  return path;
}

test("a line is replaced, the mode stays, nothing is left to do, and undo puts the old text back", async () => {
  const path = file("conf", "a=1\nb=1\n");
  if (isRoot) chownSync(path, 1, 2);
  const args = { path, regexp: "^a=", line: "a='$HOME'" };
  const { change, failure, result } = await host.apply(line, args);
  expect(failure).toBeUndefined();
  expect(result).toEqual({ backup: "" });
  expect(change?.result).toEqual({ msg: "line replaced" });
  expect(readFileSync(path, "utf8")).toBe("a='$HOME'\nb=1\n");
  expect(lstatSync(path).mode & 0o777).toBe(0o640);
  if (isRoot) expect([lstatSync(path).uid, lstatSync(path).gid]).toEqual([1, 2]);
  expect((await host.plan(line, args)).change).toBeNull();
  await host.undo(change!);
  expect(readFileSync(path, "utf8")).toBe("a=1\nb=1\n");
  expect(readdirSync(folder)).toEqual(["conf"]);
});

test("behind a link the file itself is edited, and undone", async () => {
  const path = file("real", "a\n");
  symlinkSync("real", join(folder, "link"));
  const args = { path: join(folder, "link"), block: "x" };
  const { change, failure } = await host.apply(block, args);
  expect(failure).toBeUndefined();
  expect(readlinkSync(join(folder, "link"))).toBe("real");
  expect(readFileSync(path, "utf8")).toMatch(/^a\n# BEGIN .*\nx\n# END/);
  expect((await host.plan(block, args)).change).toBeNull();
  await host.undo(change!);
  expect(readFileSync(path, "utf8")).toBe("a\n");
});

test.each(here([["dash"], ["bash"], ["busybox", "sh"]]))(
  "under %s: a link, a backup, a check, a new folder",
  async (...shell) => {
    const path = file("real", "a\n");
    symlinkSync("real", join(folder, "it's a link"));
    const linked = await new TestHost(shell).apply(line, {
      path: join(folder, "it's a link"),
      line: "b",
      backup: true,
      validate: "grep -q b %s",
    });
    expect(linked.failure).toBeUndefined();
    expect(readFileSync(path, "utf8")).toBe("a\nb\n");
    expect(String(linked.result["backup"])).toContain(`${path}.`);
    const made = await new TestHost(shell).apply(block, {
      path: join(folder, "new folder/x/conf"),
      block: "it's",
      create: true,
    });
    expect(made.failure).toBeUndefined();
    expect(readFileSync(join(folder, "new folder/x/conf"), "utf8")).toContain("\nit's\n");
  },
);

test.skipIf(!has("shellcheck"))(
  `shellcheck finds nothing wrong with the steps${skipReason("shellcheck")}`,
  async () => {
    symlinkSync(file("real", "a\n"), join(folder, "link"));
    const plans = await Promise.all([
      host.plan(line, {
        path: join(folder, "link"),
        line: "it's",
        backup: true,
        validate: "visudo -cf %s",
      }),
      host.plan(line, { path: join(folder, "new/x"), line: "b", create: true }),
      host.plan(line, { path: join(folder, "real"), line: "a", mode: "0600", owner: "1" }),
    ]);
    const scripts = plans
      .flatMap(({ change }) =>
        change!.steps.flatMap(({ run, undo }) => [run, ...(undo ? [undo] : [])]),
      )
      .map(({ sh }) => `(\n${sh}\n)`);
    expect(shellcheck(["HW_STATE_DIR=/x", ...scripts].join("\n"))).toBe("");
  },
);

test("a backup keeps the old text, and the result names it", async () => {
  const path = file("conf", "aa\n");
  const { result, failure } = await host.apply(text, {
    path,
    regexp: "a",
    replace: "b",
    backup: true,
  });
  expect(failure).toBeUndefined();
  expect(result["backup_file"]).toMatch(/conf\.\d+\.\d{4}-\d\d-\d\d@\d\d:\d\d:\d\d~$/);
  expect(readFileSync(String(result["backup_file"]), "utf8")).toBe("aa\n");
  expect(readFileSync(path, "utf8")).toBe("bb\n");
});

test("validate has the last word", async () => {
  const path = file("conf", "ok\n");
  const validate = "sh -c 'echo 100%% seen; grep -q ok \"$1\"' check %s";
  const refused = await host.apply(line, { path, regexp: "ok", line: "no", validate });
  expect(refused.failure).toContain("failed to validate: rc:1 error:100% seen");
  expect(readFileSync(path, "utf8")).toBe("ok\n");
  const taken = await host.apply(line, { path, line: "more", validate });
  expect(taken.failure).toBeUndefined();
  expect(readFileSync(path, "utf8")).toBe("ok\nmore\n");
  await expect(host.plan(line, { path, line: "x", validate: "true" })).rejects.toThrow(
    /must contain %s/,
  );
});

test("a new file, with the directory it needs, and neither after undo", async () => {
  const path = join(folder, "new", "conf");
  const { change, failure } = await host.apply(line, {
    path,
    line: "a",
    create: true,
    mode: "u=rw,go=",
  });
  expect(failure).toBeUndefined();
  expect(lstatSync(path).mode & 0o777).toBe(0o600);
  expect(lstatSync(join(folder, "new")).mode & 0o777).toBe(0o755);
  await host.undo(change!);
  expect(existsSync(join(folder, "new"))).toBe(false);
});

test("only the mode is corrected where the text is right", async () => {
  const path = file("conf", "a\n", 0o777);
  const { change, failure } = await host.apply(line, { path, line: "a", mode: "0644" });
  expect(failure).toBeUndefined();
  expect(filesOf(change!)).toEqual([]);
  expect(lstatSync(path).mode & 0o777).toBe(0o644);
  await host.undo(change!);
  expect(lstatSync(path).mode & 0o777).toBe(0o777);
});

test("a file that changes after it was planned is left alone", async () => {
  const path = file("conf", "a\n");
  const real = host.run.bind(host);
  host.run = (program) => {
    if (program.includes("hw_place")) writeFileSync(path, "somebody else\n");
    return real(program);
  };
  const { failure } = await host.apply(line, { path, line: "b" });
  expect(failure).toBeDefined();
  expect(readFileSync(path, "utf8")).toBe("somebody else\n");
});

test("directories, dangling links and large files are refused with a hint", async () => {
  symlinkSync("nowhere", join(folder, "dead"));
  await expect(host.plan(line, { path: folder, line: "a" })).rejects.toThrow(
    /is a directory, not a file/,
  );
  await expect(
    host.plan(line, { path: join(folder, "dead"), line: "a", create: true }),
  ).rejects.toThrow(/broken link/);
  await expect(
    host.plan(line, { path: file("big", "x".repeat(1024 * 1024 + 1)), line: "a" }),
  ).rejects.toThrow(/larger than 1 MiB/);
});
