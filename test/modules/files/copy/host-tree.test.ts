import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { copy } from "../../../../src/modules/files/copy.ts";
import { execute, ThisHost, type Executed } from "../../execute.ts";
import { here } from "../../../requires.ts";

const SHELLS = here([["dash"], ["bash", "--posix"], ["busybox", "sh"]]);

/** Entries of a directory: "mode content" of files, "mode/" of directories, "-> target" of links. */
type Tree = { [path: string]: string };

const SOURCE: Tree = {
  src: "711/",
  "src/a": "600 a",
  "src/empty": "755/",
  "src/it's": "-> a",
  "src/sub": "750/",
  "src/sub/b c": "644 b",
  "src/sub/dangling": "-> nowhere",
};

interface Args {
  src: string;
  dest: string;
  [parameter: string]: unknown;
}

/** What the entries of SOURCE become elsewhere, in a directory with a mode of its own. */
function copied(to: string, mode: string): Tree {
  const entries = Object.entries(SOURCE).map(([path, what]) => [path.replace("src", to), what]);
  return { ...(Object.fromEntries(entries) as Tree), [to]: `${mode}/` };
}

describe.each(SHELLS)("copy of a directory of the host, for real under %s", (...shell) => {
  let host: ThisHost;
  const at = (name: string): string => join(host.root, name);
  const run = (args: Args): Executed =>
    execute(host, copy, { ...args, remote_src: true, src: at(args.src), dest: at(args.dest) });

  // Makes entries of a tree, in their order.
  function make(tree: Tree): void {
    for (const [path, what] of Object.entries(tree)) {
      mkdirSync(dirname(at(path)), { recursive: true });
      if (what.startsWith("-> ")) symlinkSync(what.slice(3), at(path));
      else if (what.endsWith("/")) mkdirSync(at(path), { recursive: true });
      else writeFileSync(at(path), what.slice(4));
      if (!what.startsWith("-> ")) chmodSync(at(path), Number.parseInt(what, 8));
    }
  }

  // What there is at a path, and below it.
  function seen(path: string): Tree {
    const state = lstatSync(at(path));
    const mode = (state.mode & 0o7777).toString(8);
    if (state.isSymbolicLink()) return { [path]: `-> ${readlinkSync(at(path))}` };
    if (!state.isDirectory()) return { [path]: `${mode} ${readFileSync(at(path), "utf8")}` };
    const inner = readdirSync(at(path)).map((name) => seen(`${path}/${name}`));
    return Object.assign({ [path]: `${mode}/` }, ...inner) as Tree;
  }

  beforeEach(() => {
    host = new ThisHost(shell);
    make(SOURCE);
  });
  afterEach(() => host.remove());

  test.each<[what: string, args: Args, result: Tree]>([
    [
      "to a new name: into it",
      { src: "src", dest: "to" },
      { to: "755/", ...copied("to/src", "755") },
    ],
    ["contents to a new name", { src: "src/", dest: "to" }, copied("to", "711")],
    [
      "with a mode: that of the copy itself",
      { src: "src/", dest: "to", mode: "0700" },
      copied("to", "700"),
    ],
    ["with letters", { src: "src/", dest: "to", mode: "g+w" }, copied("to", "731")],
    [
      "to a new directory",
      { src: "src", dest: "to/", directory_mode: "0710" },
      { to: "710/", ...copied("to/src", "711") },
    ],
    [
      "contents to a new directory",
      { src: "src/", dest: "to/", directory_mode: "0710" },
      copied("to", "710"),
    ],
    [
      "mode preserve",
      { src: "src/", dest: "to/", mode: "preserve", directory_mode: "0710" },
      copied("to", "711"),
    ],
  ])("%s", (_what, args, result) => {
    const { change } = run(args);
    expect(seen("to")).toEqual(result);
    host.undo(change!);
    expect(readdirSync(host.root)).toEqual(["src"]);
  });

  test("what is there already stays, with its mode; what differs is replaced, and gets the source's", () => {
    make({
      to: "700/",
      "to/a": "644 a",
      "to/other": "644 o",
      "to/sub": "700/",
      "to/sub/b c": "600 old",
      "to/it's": "-> b",
    });
    const before = seen("to");
    const { change } = run({ src: "src/", dest: "to" });
    expect(seen("to")).toEqual({
      ...copied("to", "700"),
      "to/a": "644 a",
      "to/other": "644 o",
      "to/sub": "700/",
    });
    host.undo(change!);
    expect(seen("to")).toEqual(before);
  });

  test("links can be followed", () => {
    run({ src: "src/sub", dest: "elsewhere/" });
    expect(() => run({ src: "src", dest: "to", local_follow: true })).toThrow(
      "src/sub/dangling is a link that leads nowhere",
    );
    make({ "one/file": "640 f", "one/way": "-> file", "one/dir": "-> ../src/empty" });
    run({ src: "one/", dest: "to", local_follow: true });
    expect(seen("to")).toEqual({
      to: "755/",
      "to/file": "640 f",
      "to/way": "640 f",
      "to/dir": "755/",
    });
  });

  test("paths may be written with needless slashes and dots", () => {
    const dest = `${host.root}//./to/.//sub/`;
    execute(host, copy, { src: `${host.root}//src/`, dest, remote_src: true });
    expect(seen("to/sub")).toEqual(copied("to/sub", "755"));
    execute(host, copy, { src: at("src"), dest: `${host.root}/.//made`, remote_src: true });
    expect(seen("made/src")).toEqual(copied("made/src", "755"));
  });

  test("without force, a copy that is there stays", () => {
    make({ "to/src": "755/" });
    expect(run({ src: "src", dest: "to", force: false }).change).toBeNull();
    expect(seen("to")).toEqual({ to: "755/", "to/src": "755/" });
  });

  test.each<[message: string, args: Args]>([
    ["which cannot be copied into itself", { src: "src", dest: "src/sub" }],
    ["way/src is in .*/src, which cannot be copied into itself", { src: "src", dest: "way" }],
    ["round/a is in .*/src, which cannot", { src: "src/", dest: "round/a/" }],
    ["Destination directory .*/no does not exist", { src: "src", dest: "no/to" }],
    ["is not a directory", { src: "src/sub/", dest: "src/a" }],
    ["validate checks a single file", { src: "src", dest: "to", validate: "true %s" }],
    ["a directory has no checksum", { src: "src", dest: "to", checksum: "0" }],
  ])("refused: %s", (message, args) => {
    make({ way: "-> src", round: "-> way" });
    expect(() => run(args)).toThrow(new RegExp(message));
  });
});
