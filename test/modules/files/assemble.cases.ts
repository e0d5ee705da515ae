import { assemble } from "../../../src/modules/files/assemble.ts";
import type { TreeEntry } from "../../../src/modules/contract/local-tree.ts";
import type { AnyModule } from "../../../src/modules/index.ts";
import { localFile, type Case } from "../case.ts";

const module = assemble as unknown as AnyModule;
const root = { owner: "root", group: "root", uid: 0, gid: 0 };
const directory = { type: "directory", mode: 0o755, ...root };

const file = (content: string | Uint8Array): object => {
  const { size, sha256, content: bytes } = localFile(content);
  const base64 = Buffer.from(bytes!).toString("base64");
  return { type: "file", mode: 0o644, size, sha256, content: base64, ...root };
};
const entry = (path: string, type = "file"): object => ({ path, type });
const joinedAs = (content: string | Uint8Array): object => {
  const made = file(content);
  return { file: made, to: made };
};
const partsNamed = (parts: { [name: string]: string }): object => ({
  src: directory,
  parent: directory,
  tree: { entries: Object.keys(parts).map((name) => entry(name)) },
  fragments: Object.fromEntries(Object.entries(parts).map(([name, text]) => [name, file(text)])),
});
const local = (path: string, text: string, type = "file"): object => ({
  path,
  type,
  mode: 0o644,
  file: localFile(text),
});

const parts = {
  src: directory,
  parent: directory,
  tree: {
    entries: [entry("b"), entry("a"), entry("d", "directory"), entry("d/e"), entry("l", "link")],
  },
  fragments: { a: file("one"), b: file("two\n"), l: null },
};
const args = { src: "/parts", dest: "/all" };
const nothing = { ...partsNamed({}), tree: { entries: [entry("a")] } };
const two = partsNamed({ a: "1", b: "2" });

/** What is between two files that hold 1 and 2, for delimiters as they are written. */
const delimiters: [delimiter: string, between: string][] = [
  ["", ""],
  ["---", "---\n"],
  ["---\\n", "---\n"],
  ["\\n", "\n"],
  ["\\x23\\t\\\\-", "#\t\\-\n"],
  ["\\x4A\\101\\7\\8", "JA\x07\\8\n"],
  ["\\N\\q\\X41\\'", "\\N\\q\\X41'\n"],
  ["§", "§\n"],
  ["\\xc2\\247", "§\n"],
];

const table: Omit<Case, "module">[] = [
  {
    name: "each file begins a line, and links that lead nowhere are left out",
    args,
    before: parts,
    expect: { after: { ...parts, ...joinedAs("one\ntwo\n") } },
  },
  {
    name: "what is joined already stays",
    args,
    before: { ...parts, ...joinedAs("one\ntwo\n") },
    expect: { unchanged: true },
  },
  {
    name: "a wrong mode is set, whatever the text",
    args: { ...args, mode: "0600" },
    before: { ...parts, ...joinedAs("one\ntwo\n") },
    expect: { steps: ["hw_set /all '' '' 0600"] },
  },
  {
    name: "names are in the order of their characters, numbers too",
    args,
    before: {
      ...partsNamed({ "3": "c\n", "20": "b\n", "1-z": "a\n", B: "d\n", a: "e\n" }),
      ...joinedAs("a\nb\nc\nd\ne\n"),
    },
    expect: { unchanged: true },
  },
  {
    name: "an empty file is a line between others",
    args,
    before: { ...partsNamed({ a: "", b: "", c: "x" }), ...joinedAs("\n\nx") },
    expect: { unchanged: true },
  },
  {
    name: "no file at all makes an empty one",
    args: { ...args, regexp: "^none$" },
    before: nothing,
    expect: { after: { ...nothing, ...joinedAs("") } },
  },
  {
    name: "a pattern and hidden names choose",
    args: { ...args, regexp: "conf$", ignore_hidden: true },
    before: {
      src: directory,
      parent: directory,
      tree: { entries: [entry(".conf"), entry("x.conf"), entry("conf.d")] },
      fragments: { "x.conf": file("x\n") },
      ...joinedAs("x\n"),
    },
    expect: { unchanged: true },
  },
  {
    name: "bytes that are no text are joined as they are",
    args: { ...args, delimiter: "\\xff" },
    before: { ...two, ...joinedAs(Buffer.from("31 0a ff 0a 32".replaceAll(" ", ""), "hex")) },
    expect: { unchanged: true },
  },
  ...delimiters.map(([delimiter, between]) => ({
    name: `delimiter ${JSON.stringify(delimiter)} is as Python reads it`,
    args: { ...args, delimiter },
    before: { ...two, ...joinedAs(`1\n${between}2`) },
    expect: { unchanged: true as const },
  })),
  ...["\\", "a\\x4"].map((delimiter) => ({
    name: `delimiter ${JSON.stringify(delimiter)} fails`,
    args: { ...args, delimiter },
    before: two,
    expect: { failure: /^delimiter has a backslash with nothing that belongs to it$/ },
  })),
  {
    name: "a directory that is not there fails",
    args,
    before: { parent: directory },
    expect: { failure: /^Source \(\/parts\) does not exist$/ },
  },
  {
    name: "a file in its place fails",
    args,
    before: { src: file(""), parent: directory },
    expect: { failure: /^Source \(\/parts\) is not a directory$/ },
  },
  {
    name: "a link that an earlier task makes fails, as nobody knows yet what is behind it",
    args,
    before: { src: directory, parent: directory },
    expect: { failure: /^\/parts leads through a link that an earlier task makes$/ },
  },
  {
    name: "a directory that does not tell its names fails",
    args,
    before: {
      src: directory,
      parent: directory,
      tree: { entries: [], isPartial: true },
      fragments: {},
    },
    expect: { failure: /^\/parts cannot be read$/ },
  },
  {
    name: "a file that cannot be read fails",
    args,
    before: { ...two, fragments: { a: file("1"), b: { type: "file", size: 1, mode: 0, ...root } } },
    expect: { failure: /^\/parts\/b cannot be read$/ },
  },
  {
    name: "a file above 1 MiB fails, and is not cut short",
    args,
    before: { ...two, fragments: { a: file("1"), b: file("x".repeat(1024 * 1024 + 1)) } },
    expect: { failure: /^\/parts\/b is larger than 1 MiB$/ },
  },
  {
    name: "pipes and the like are left out",
    args,
    before: {
      ...two,
      fragments: { a: { type: "fifo", mode: 0o644, ...root }, b: file("2") },
      ...joinedAs("2"),
    },
    expect: { unchanged: true },
  },
  {
    name: "a pattern that is wrong fails",
    args: { ...args, regexp: "(" },
    before: parts,
    expect: { failure: /missing \)/ },
  },
  {
    name: "dest in the directory is one of its files then",
    args: { ...args, dest: "/parts/all", regexp: "^[ab]$" },
    before: two,
    expect: {
      after: {
        ...two,
        tree: { entries: [entry("a"), entry("all"), entry("b")] },
        ...joinedAs("1\n2"),
      },
    },
  },
  {
    name: "dest that would be joined the next time fails",
    args: { ...args, dest: "/parts/all" },
    before: two,
    expect: { failure: /^\/parts\/all is one of the files of \/parts that are joined$/ },
  },
  {
    name: "a backup that would be in the directory fails",
    args: { ...args, dest: "/parts/all", regexp: "^[ab]$", backup: true },
    before: two,
    expect: { failure: /^backup would put a file into \/parts, whose files are joined$/ },
  },
  {
    name: "dest that is a directory fails",
    args,
    before: { ...two, to: directory, file: directory },
    expect: { failure: /^\/all is a directory, not a file$/ },
  },
  {
    name: "dest with a slash at its end fails",
    args: { ...args, dest: "/all/" },
    before: two,
    expect: { failure: /^\/all\/ is a directory, not a file$/ },
  },
  {
    name: "a directory of the controller is joined there, with a line break after any delimiter",
    args: { ...args, src: "parts", remote_src: false, regexp: "^[abl]", delimiter: "-\\n" },
    given: {
      tree: () => ({
        entries: [
          local("b", "two\n"),
          local("a", "one"),
          local("c", "three"),
          { path: "l", type: "link", mode: 0o777, target: "a", leadsToFile: true },
          { path: "lost", type: "link", mode: 0o777, target: "x" },
        ] as TreeEntry[],
      }),
      file: (path) => localFile(`behind ${path}`),
    },
    before: { parent: directory, ...joinedAs("one\n-\n\ntwo\n-\n\nbehind parts/l") },
    expect: { unchanged: true },
  },
  {
    name: "a file of the controller that is no text fails",
    args: { ...args, src: "parts", remote_src: false },
    given: {
      tree: () => ({
        entries: [
          { path: "a", type: "file", mode: 0o644, file: { size: 1, sha256: "", path: "/here/a" } },
        ],
      }),
    },
    before: { parent: directory },
    expect: { failure: /^a is not UTF-8 text, or larger than 1 MiB$/ },
  },
];

export const cases: Case[] = table.map((one) => ({ ...one, module }));
