import { outsideOf, type Call } from "../core/callable.ts";
import { wantText } from "../core/convert.ts";
import { Fault, StoppedByUnknown } from "../core/fault.ts";
import { Unknown } from "../../value.ts";
import type { Outside, WhatIsThere } from "../template-io.ts";
import { filter, type Definition, type Table } from "../core/builtin.ts";

// A test on what is at a path on the controller.
function stat(name: string, check: (found: WhatIsThere) => boolean): Definition {
  return filter([], (value, _args, call: Call) =>
    check(statOf(outsideOf(call, `the test "${name}"`), wantText(value, "a path"))),
  );
}

// What is at a path; a template stops where a task is still to decide that.
function statOf(outside: Outside, path: string): WhatIsThere {
  const found = outside.stat(path);
  if (found instanceof Unknown) throw new StoppedByUnknown(found);
  return found;
}

const exists = stat("exists", ({ kind }) => kind !== "missing");
const isFile = stat("file", ({ kind }) => kind === "file");
const isDirectory = stat("directory", ({ kind }) => kind === "directory");
const isLink = stat("link", ({ link }) => link);

const isMount = stat("mount", ({ mount }) => mount);

// same_file(other): whether two paths lead to one file; both must be there.
const isSame = filter(["other"], (value, [other], call: Call) => {
  const outside = outsideOf(call, 'the test "same_file"');
  const [left, right] = [wantText(value, "a path"), wantText(other, "a path")];
  for (const path of [left, right])
    if (statOf(outside, path).kind === "missing") throw new Fault(`there is no ${path}`);
  return outside.realpath(left) === outside.realpath(right);
});

/** The tests that ask the controller. */
export const outsideTests: Table = {
  exists,
  file: isFile,
  is_file: isFile,
  directory: isDirectory,
  is_dir: isDirectory,
  link: isLink,
  is_link: isLink,
  mount: isMount,
  is_mount: isMount,
  same_file: isSame,
  is_same_file: isSame,
  link_exists: stat("link_exists", ({ kind, link }) => link || kind !== "missing"),
};
