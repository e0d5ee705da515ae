import { outsideOf, type Call } from "./callable.ts";
import { wantText } from "./convert.ts";
import { filter, type Definition, type Table } from "./define.ts";

type Stat = { kind: string; link: boolean };

// A test on what stands at a path of the controller.
function stat(name: string, check: (found: Stat) => boolean): Definition {
  return filter([], (value, _args, call: Call) => check(outsideOf(call, `the test "${name}"`).stat(wantText(value, "a path"))));
}

const exists = stat("exists", ({ kind }) => kind !== "missing");
const isFile = stat("file", ({ kind }) => kind === "file");
const isDirectory = stat("directory", ({ kind }) => kind === "directory");
const isLink = stat("link", ({ link }) => link);

/** The tests that ask the controller. */
export const outsideTests: Table = {
  exists,
  file: isFile,
  is_file: isFile,
  directory: isDirectory,
  is_dir: isDirectory,
  link: isLink,
  is_link: isLink,
  link_exists: stat("link_exists", ({ kind, link }) => link || kind !== "missing"),
};
