import { archive } from "../../../src/modules/files/archive.ts";
import type { ArchivedState } from "../../../src/probes/files/archived.ts";
import type { Case } from "../case.ts";

const file = { type: "file", mode: 0o640, owner: "root", group: "root", uid: 0, gid: 0 };
const parent = { type: "directory", mode: 0o755 };
const directory: ArchivedState = {
  paths: ["/etc/app"],
  excluded: [],
  directories: ["/etc/app"],
  files: [],
  missing: [],
  root: "/etc/",
  members: ["/etc/app/conf"],
  verdict: "differs",
  digest: "d1",
};
const one: ArchivedState = { ...directory, directories: [], files: ["/etc/app"], members: [] };
const args = { path: "/etc/app", dest: "/b/app.tgz" };

const table: Omit<Case, "module">[] = [
  {
    name: "nothing has changed",
    args,
    before: { sources: { ...directory, verdict: "same" }, dest: file, parent },
    expect: { unchanged: true },
  },
  {
    name: "a new archive",
    args,
    before: { sources: directory, dest: null, parent },
    expect: {
      after: {
        sources: { ...directory, verdict: null },
        dest: { ...file, mode: 0o644, sha256: null },
        parent,
      },
      undos: ["hw_restore /b/app.tgz"],
    },
  },
  {
    name: "an archive that is to be removed before it is written",
    args,
    before: { sources: { ...directory, verdict: "same" }, dest: null, parent },
    expect: {
      after: {
        sources: { ...directory, verdict: null },
        dest: { ...file, mode: 0o644, sha256: null },
        parent,
      },
    },
  },
  {
    name: "an archive with other content keeps its mode",
    args,
    before: { sources: directory, dest: file, parent },
    expect: {
      after: { sources: { ...directory, verdict: null }, dest: { ...file, sha256: null }, parent },
    },
  },
  {
    name: "only its mode",
    args: { ...args, mode: "0600" },
    before: { sources: { ...directory, verdict: "same" }, dest: file, parent },
    expect: { steps: [`hw_set "$(hw_follow /b/app.tgz)" '' '' 0600`] },
  },
  {
    name: "what is packed goes",
    args: { ...args, remove: true },
    before: { sources: { ...directory, verdict: "same" }, dest: file, parent },
    expect: { steps: ["hw_remove /etc/app"], also: { "path /etc/app": null } },
    always: true,
  },
  {
    name: "nothing is there any more",
    args: { ...args, remove: true },
    before: {
      sources: { ...directory, directories: [], missing: ["/etc/app"], verdict: "none" },
      dest: null,
      parent: null,
    },
    expect: { unchanged: true },
  },
  {
    name: "one file is compressed beside itself",
    args: { path: "/etc/app", format: "xz" },
    before: { sources: one, dest: null, parent },
    expect: { undos: ["hw_restore /etc/app.xz"] },
  },
  {
    name: "a directory without dest",
    args: { path: "/etc/app" },
    before: { sources: directory, dest: null, parent },
    expect: { failure: /must specify "dest"/ },
  },
  {
    name: "two paths without dest",
    args: { path: ["/a", "/b"] },
    before: {},
    expect: { failure: /must specify "dest"/ },
  },
  {
    name: "two paths without dest, of which one is left out",
    args: { path: ["/a", "/etc/app"], exclude_path: ["/a"] },
    before: { sources: one, dest: null, parent },
    expect: { undos: ["hw_restore /etc/app.gz"] },
  },
  {
    name: "no path matches",
    args: { ...args, path: "/etc/none*" },
    before: {
      sources: { ...directory, directories: [], members: [], verdict: "none" },
      dest: null,
      parent,
    },
    expect: { failure: /no source paths were found/ },
  },
  {
    name: "it would be removed with what it packs",
    args: { ...args, dest: "/etc/app/b.tgz", remove: true },
    before: { sources: directory, dest: null, parent },
    expect: { failure: /can not be contained in source paths/ },
  },
  {
    name: "no program for the format",
    args: { ...args, format: "zstd" },
    before: { sources: { ...directory, verdict: "needs", digest: "zstd" }, dest: null, parent },
    expect: { failure: /required executable "zstd"/ },
  },
  {
    name: "dest is a directory",
    args,
    before: { sources: directory, dest: parent, parent },
    expect: { failure: /is a directory/ },
  },
  {
    name: "no directory for it",
    args,
    before: { sources: directory, dest: null, parent: null },
    expect: { failure: /directory \/b does not exist/ },
  },
];

export const cases = table.map((one_) => ({ ...one_, module: archive }));
