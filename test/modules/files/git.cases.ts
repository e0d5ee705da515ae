import { git } from "../../../src/modules/files/git.ts";
import type { Case } from "../case.ts";

const [one, two] = ["1".repeat(40), "2".repeat(40)];
const args = { repo: "https://x/r.git", dest: "/opt/r", version: "main" };
const copy = {
  head: one,
  dirty: false,
  stale: false,
  occupied: false,
  url: args.repo,
  wanted: one,
  kind: "branch",
  failure: "",
};

const table: (Omit<Case, "module" | "expect" | "before"> & {
  copy: object | null;
  expect?: Case["expect"];
})[] = [
  { name: "it is so", args, copy, expect: { unchanged: true } },
  { name: "a clone", args, copy: { ...copy, head: null, url: "" } },
  {
    name: "a clone of a tag",
    args: { ...args, version: "v1", depth: 1 },
    copy: { ...copy, head: null, url: "", kind: "tag" },
  },
  {
    name: "a clone of a commit",
    args: { ...args, version: one },
    copy: { ...copy, head: null, url: "", kind: "commit" },
  },
  { name: "a new commit", args, copy: { ...copy, wanted: two } },
  {
    name: "not to be updated",
    args: { ...args, update: false },
    copy: { ...copy, wanted: two, failure: "x" },
    expect: { unchanged: true },
  },
  { name: "another source", args, copy: { ...copy, url: "https://y/" } },
  { name: "submodules are behind", args, copy: { ...copy, stale: true } },
  {
    name: "submodules do not count",
    args: { ...args, recursive: false },
    copy: { ...copy, stale: true },
    expect: { unchanged: true },
  },
  {
    name: "changes",
    args,
    copy: { ...copy, dirty: true },
    expect: { failure: /Local modifications exist/ },
  },
  { name: "changes go", args: { ...args, force: true }, copy: { ...copy, dirty: true } },
  {
    name: "something else is there",
    args,
    copy: { ...copy, head: null, occupied: true },
    expect: { failure: /no working copy/ },
  },
  {
    name: "no such version",
    args,
    copy: { ...copy, wanted: null },
    expect: { failure: /has no version main/ },
  },
  {
    name: "no such source",
    args,
    copy: { ...copy, head: null, failure: "fatal: not found" },
    expect: { failure: /cannot read .* not found/ },
  },
  { name: "no git", args, copy: null, expect: { failure: /no git/ } },
  {
    name: "an option for a version",
    args: { ...args, version: "--x" },
    copy,
    expect: { failure: /do not begin with/ },
  },
];

export const cases: readonly Case[] = table.map(({ copy: found, expect = {}, ...rest }) => ({
  ...rest,
  module: git,
  before: { copy: found },
  expect,
}));
