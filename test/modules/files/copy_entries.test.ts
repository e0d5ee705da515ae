import { expect, test } from "vitest";
import type { LocalTree } from "../../../src/modules/contract/local-tree.ts";
import { entriesOf } from "../../../src/modules/files/copy/entries.ts";
import { givenWith, localFile } from "../case.ts";

const [file, other] = [localFile("x"), localFile("y")];
const link = { type: "link", mode: 0o777 } as const;
const tree: LocalTree = {
  entries: [
    { path: "d/", type: "directory", mode: 0o755 },
    { path: "d/f", type: "file", mode: 0o644, file },
    { ...link, path: "d/text", target: "../x", leadsToFile: true },
    { ...link, path: "d/up", target: ".." },
    { ...link, path: "gone", target: "/nowhere" },
  ],
};
const given = givenWith({
  file: (path) => (path === "/c/one/d/text" ? other : localFile("wrong")),
});

test.each([
  [true, { path: "d/text", file: other }],
  [false, { path: "d/text", target: "../x" }],
])(
  "a link to a file brings the file if it is followed (%s); all other links stay",
  (follow, text) => {
    expect(entriesOf({ src: "/c/one/", tree }, follow, given)).toEqual([
      { path: "d", folder: true },
      { path: "d/f", file },
      text,
      { path: "d/up", target: ".." },
      { path: "gone", target: "/nowhere" },
    ]);
  },
);
