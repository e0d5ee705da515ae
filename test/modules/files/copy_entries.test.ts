import { expect, test } from "vitest";
import type { LocalTree } from "../../../src/modules/contract/local-tree.ts";
import { entriesOf } from "../../../src/modules/files/copy/entries.ts";
import { givenWith, localFile } from "../case.ts";

const file = localFile("x");
const link = { type: "link", mode: 0o777 } as const;
const trees: { [path: string]: LocalTree } = {
  "/c/one": {
    real: "/c/one",
    entries: [
      { ...link, path: "gone", target: "/nowhere" },
      { ...link, path: "other", target: "../two", leadsTo: { directory: "/c/two" } },
      { ...link, path: "text", target: "../x", leadsTo: "file" },
    ],
  },
  "/c/two": {
    real: "/c/two",
    entries: [
      { path: "d/", type: "directory", mode: 0o755 },
      { ...link, path: "d/back", target: "../../one", leadsTo: { directory: "/c/one" } },
      { ...link, path: "d/up", target: "..", leadsTo: { directory: "/c/two" } },
      { path: "d/f", type: "file", mode: 0o644, file },
    ],
  },
};
const given = givenWith({ tree: (path) => trees[path]!, file: () => file });
const copied = (follow: boolean) =>
  entriesOf({ src: "/c/one/", tree: trees["/c/one"]! }, follow, given);

test("links that are followed bring what they lead to; circles and dead ends stay links", () => {
  expect(copied(true)).toEqual([
    { path: "gone", target: "/nowhere" },
    { path: "other", folder: true },
    { path: "other/d", folder: true },
    { path: "other/d/back", target: "../../one" },
    { path: "other/d/up", target: ".." },
    { path: "other/d/f", file },
    { path: "text", file },
  ]);
});

test("links that are not followed bring nothing but themselves", () => {
  expect(copied(false)).toEqual([
    { path: "gone", target: "/nowhere" },
    { path: "other", target: "../two" },
    { path: "text", target: "../x" },
  ]);
});
