import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
  statSync,
} from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { LocalTree } from "../../src/modules/contract/local-tree.ts";
import type { LocalFile } from "../../src/modules/contract/module.ts";
import { controllerFiles, type LocalRequest } from "../../src/controller/files.ts";
import { fileCache } from "../../src/controller/file-cache.ts";

const root = mkdtempSync(join(tmpdir(), "hw-files-"));
const cache = join(root, "cache");
const sha256 = (content: string | Buffer): string =>
  createHash("sha256").update(content).digest("hex");
function write(path: string, content: string | Buffer, mode = 0o644): string {
  mkdirSync(join(root, path, ".."), { recursive: true });
  writeFileSync(join(root, path), content, { mode });
  return join(root, path);
}
async function answer<T>(request: LocalRequest): Promise<T> {
  const files = controllerFiles(cache);
  expect(files.loaded(request)).toBeUndefined();
  await files.load([request]);
  const found = files.loaded(request)!;
  if ("error" in found) throw found.error;
  return found.value as T;
}

test("files are searched in Ansible's order", () => {
  const [role, play] = [join(root, "roles/r"), join(root, "play")];
  const inRoleFiles = write("roles/r/files/a", "");
  write("roles/r/a", "");
  const inRole = write("roles/r/b", "");
  write("play/files/b", "");
  const inPlayFiles = write("play/files/c", "");
  const template = write("play/templates/c", "");
  const nested = write("play/files/d/e", "");
  const { find } = controllerFiles(cache);
  const path = [role, play];
  expect(find("a", "files", path)).toBe(inRoleFiles);
  expect(find("b", "files", path)).toBe(inRole);
  expect(find("c", "files", path)).toBe(inPlayFiles);
  expect(find("c", "templates", path)).toBe(template);
  expect(find("d/e", "files", path)).toBe(nested);
  expect(find("../play/files/c", "files", [play])).toBe(inPlayFiles);
  expect(find("nowhere", "files", path)).toBeUndefined();
  expect(find(nested, "files", [])).toBe(nested);
  expect(find("~", "files", [])).toBe(homedir());
});

test("a file is told by size, mode, digest and text", async () => {
  const path = write("x.conf", "grüße\n", 0o640);
  expect(await answer({ kind: "file", path })).toEqual({
    path,
    size: 8,
    sha256: sha256("grüße\n"),
    mode: 0o640,
    text: "grüße\n",
  });
});

test.each([
  ["bytes that are not UTF-8", Buffer.from([0x66, 0xff])],
  ["more than 1 MiB", Buffer.alloc(1024 * 1024 + 1, "a")],
])("%s have no text", async (_name, content) => {
  const file = await answer<LocalFile>({ kind: "file", path: write("blob", content) });
  expect(file.text).toBeUndefined();
  expect(file.sha256).toBe(sha256(content));
});

test("a text keeps its byte order mark", async () => {
  expect((await answer<LocalFile>({ kind: "file", path: write("bom", "\uFEFFx") })).text).toBe(
    "\uFEFFx",
  );
});

test("a tree is told with directories, files, links and modes", async () => {
  write("tree/b/deep", "deep", 0o600);
  write("tree/a", "a", 0o755);
  symlinkSync("a", join(root, "tree/z"));
  mkdirSync(join(root, "tree/empty"));
  const { entries } = await answer<LocalTree>({ kind: "tree", path: join(root, "tree") });
  expect(
    entries.map((entry) => [
      entry.path,
      entry.type,
      entry.mode & 0o777,
      entry.target ?? entry.file?.sha256,
    ]),
  ).toEqual([
    ["a", "file", 0o755, sha256("a")],
    ["b/", "directory", 0o755, undefined],
    ["b/deep", "file", 0o600, sha256("deep")],
    ["empty/", "directory", 0o755, undefined],
    ["z", "link", 0o777, "a"],
  ]);
});

test("links in a tree say where they lead, and lead in only where that is asked for", async () => {
  write("linked/sub/f", "f");
  write("outside/o", "o");
  const links = {
    file: "sub/f",
    directory: join(root, "outside"),
    nowhere: "/hw/nowhere",
    itself: "itself",
    "sub/circle": "..",
  };
  for (const [path, target] of Object.entries(links))
    symlinkSync(target, join(root, "linked", path));
  symlinkSync("../linked", join(root, "outside/back"));
  const path = join(root, "linked");
  const shown = ({ entries }: LocalTree) =>
    entries.map((one) => [one.path, one.type, ...(one.leadsToFile ? ["to a file"] : [])]);
  expect(shown(await answer<LocalTree>({ kind: "tree", path }))).toEqual([
    ["directory", "link"],
    ["file", "link", "to a file"],
    ["itself", "link"],
    ["nowhere", "link"],
    ["sub/", "directory"],
    ["sub/circle", "link"],
    ["sub/f", "file"],
  ]);
  expect(shown(await answer<LocalTree>({ kind: "tree", path, follow: true }))).toEqual([
    ["directory/", "directory"],
    ["directory/back", "link"],
    ["directory/o", "file"],
    ["file", "link", "to a file"],
    ["itself", "link"],
    ["nowhere", "link"],
    ["sub/", "directory"],
    ["sub/circle", "link"],
    ["sub/f", "file"],
  ]);
});

test("a tree with what its links lead to is another than the tree, and any new file may be in it", async () => {
  write("two/sub/f", "f");
  write("behind/g", "g");
  symlinkSync("../behind", join(root, "two/link"));
  const path = join(root, "two");
  const wanted: LocalRequest[] = [
    { kind: "tree", path },
    { kind: "tree", path, follow: true },
    { kind: "tree", path, encrypted: true, follow: true },
  ];
  const files = controllerFiles(cache);
  await files.load(wanted);
  const sizes = () =>
    wanted.map((one) => {
      const found = files.loaded(one);
      return found && "value" in found ? (found.value as LocalTree).entries.length : undefined;
    });
  expect(sizes()).toEqual([3, 4, 4]);
  const piece = (async function* () {
    yield Buffer.from("h");
  })();
  await files.bring(join(root, "behind/h"), piece, { sha256: sha256("h") });
  expect(sizes()).toEqual([3, undefined, undefined]);
});

test.each<[string, LocalRequest, RegExp]>([
  [
    "a file that is not there",
    { kind: "file", path: join(root, "none") },
    /there is no .*none on the controller/,
  ],
  ["a folder in place of a file", { kind: "file", path: root }, /is a directory/],
  ["a device", { kind: "file", path: "/dev/null" }, /not a regular file/],
  ["no archive", { kind: "archive", path: write("no.tar", "no") }, /tar archive/],
  ["a download from nowhere", { kind: "download", url: "http://127.0.0.1:1/x" }, /cannot download/],
])("%s is an answer with the failure", async (_name, request, why) =>
  expect(answer(request)).rejects.toThrow(why),
);

test("each request is read once for all hosts, also while it is underway", async () => {
  const files = controllerFiles(cache);
  const request: LocalRequest = { kind: "file", path: write("once", "first") };
  await Promise.all([files.load([request]), files.load([request, { ...request }])]);
  write("once", "second");
  await files.load([request]);
  expect(files.loaded(request)).toMatchObject({ value: { text: "first" } });
});

// A file in one piece.
async function* inOne(text: string): AsyncGenerator<Buffer> {
  yield Buffer.from(text);
}

test("what tasks bring is waited for until it is here, also where something else is", async () => {
  const files = controllerFiles(cache);
  const [old, none] = [write("old.txt", "old"), join(root, "none.txt")];
  for (const [path, isOther] of [
    [old, false],
    [none, false],
  ] as const)
    files.expect(path, "fetch it", isOther);
  expect([old, none].map((path) => files.expected(path, "files", []))).toEqual([
    undefined,
    "fetch it",
  ]);
  files.expect(old, "fetch it", true);
  expect(files.expected(old, "files", [])).toBe("fetch it");
  await files.bring(old, inOne("new"), {});
  await files.bring(none, inOne("new"), {});
  expect([old, none].map((path) => files.expected(path, "files", []))).toEqual([
    undefined,
    undefined,
  ]);
});

test.each([
  [0o600, 0o600],
  [0o755, 0o755],
  [0o4644, 0o644],
  [0o400, 0o600],
  [undefined, 0o644],
])("a new file of mode %s is brought with %s", async (mode, become) => {
  const path = join(root, `brought-${mode}`);
  await controllerFiles(cache).bring(path, inOne("x"), { mode });
  expect(statSync(path).mode & 0o7777).toBe(become);
});

test("what a big file came to is kept until the file changes", async () => {
  const path = write("big", Buffer.alloc(5 * 1024 * 1024, "x"));
  let reads = 0;
  const read = (): Promise<number> => Promise.resolve(++reads);
  // A file's ctime cannot be set back, so a file that is old already stands for one that settled.
  expect([
    await fileCache(cache, "k", path, read),
    await fileCache(cache, "k", path, read),
  ]).toEqual([1, 2]);
  await new Promise((resolve) => setTimeout(resolve, 2100));
  expect([
    await fileCache(cache, "k", path, read),
    await fileCache(cache, "k", path, read),
  ]).toEqual([3, 3]);
  expect(await fileCache(cache, "other", path, read)).toBe(4);
  utimesSync(path, 1, 1);
  expect(await fileCache(cache, "k", path, read)).toBe(5);
});

test("small files leave no note", async () => {
  const [own, path] = [join(root, "own"), write("small", "x")];
  await fileCache(own, "k", path, () => Promise.resolve(1));
  expect(() => readdirSync(own)).toThrow();
});

test("an archive's listing is the same from the note as from the archive", async () => {
  write("pack/blob", Buffer.alloc(6 * 1024 * 1024, "y"));
  const path = join(root, "pack.tar");
  execFileSync("tar", ["-cf", path, "-C", join(root, "pack"), "blob"]);
  await new Promise((resolve) => setTimeout(resolve, 2100));
  const first = await answer({ kind: "archive", path });
  expect(await answer({ kind: "archive", path })).toEqual(first);
  expect(first).toMatchObject([
    { path: "blob", sha256: sha256(Buffer.alloc(6 * 1024 * 1024, "y")) },
  ]);
});
