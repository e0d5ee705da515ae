import { expect, test } from "vitest";
import { hostTree, type HostTree } from "../../../src/probes/files/host-tree.ts";
import type { PathState } from "../../../src/probes/files/path.ts";

/** A tree in short: "a" is a file, "a/" a directory, "a@" a link. */
const MARKS = { file: "", directory: "/", link: "@", other: "?" };

function tree(...names: string[]): HostTree {
  return {
    entries: names.map((name) => {
      const type = name.endsWith("/") ? "directory" : "file";
      return { path: name.replace(/\/$/, ""), type };
    }),
  };
}

const file: PathState = { type: "file" };
const made: PathState = { type: "directory", isNew: true };
const there: PathState = { type: "directory" };
const link: PathState = { type: "link", target: "x" };

test.each<[what: string, HostTree, planned: { [path: string]: PathState }, after: string | null]>([
  ["nothing planned in it", tree("a"), { "/other/b": file, "/src2": file }, "a"],
  ["files that are made", tree("a", "d/"), { "/src/d/x": file, "/src/l": link }, "a d/ d/x l@"],
  ["the directory itself is made", null, { "/src": made, "/src/x": file }, "x"],
  ["made in a removed directory", tree("a"), { "/": there, "/src": made, "/src/x": file }, "x"],
  ["a file goes", tree("a", "b"), { "/src/a": null }, "b"],
  ["a directory goes, with what is in it", tree("d/", "d/x", "e"), { "/src/d": null }, "e"],
  [
    "a directory goes, and comes again",
    tree("d/", "d/x"),
    { "/src/d/y": file, "/src/d": null },
    "d/y",
  ],
  ["its mode changes", tree("a"), { "/src": there }, "a"],
  ["it goes", tree("a"), { "/src": null }, null],
  ["it becomes a file", tree("a"), { "/src": file }, null],
])("%s", (_what, found, planned, after) => {
  const paths = new Map(Object.entries(planned));
  const joined = hostTree.planned!.join!(found, paths, { path: "/src", follow: false });
  const shown = joined?.entries.map(({ path, type }) => `${path}${MARKS[type]}`).join(" ") ?? null;
  expect(shown).toBe(after);
});
