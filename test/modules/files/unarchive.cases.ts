import type { AnyModule } from "../../../src/modules/index.ts";
import type { ArchiveMember, Controller } from "../../../src/modules/contract/module.ts";
import { unarchive } from "../../../src/modules/files/unarchive.ts";
import type { PathState } from "../../../src/probes/files/path.ts";
import { localFile, type Case } from "../case.ts";

const module = unarchive as unknown as AnyModule;
const [A, B] = ["aa".repeat(32), "bb".repeat(32)];
const root = { owner: "root", group: "root", uid: 0, gid: 0 };
const folder: PathState = { type: "directory", mode: 0o755, ...root };
const file = (sha256: string, more: object = {}): PathState => ({
  type: "file",
  mode: 0o755,
  ...root,
  size: 3,
  sha256,
  ...more,
});
const member = (path: string, more: Partial<ArchiveMember> = {}): ArchiveMember => ({
  path,
  type: path.endsWith("/") ? "directory" : "file",
  mode: 0o755,
  size: path.endsWith("/") ? 0 : 3,
  uid: 0,
  gid: 0,
  uname: "root",
  gname: "root",
  ...more,
});
const MEMBERS = [
  member("bin/"),
  member("bin/ctr", { sha256: A }),
  member("bin/shim", { type: "link", target: "ctr", mode: 0o777, size: 0 }),
];
const given = (...members: ArchiveMember[]): Partial<Controller> => ({
  archive: () => members,
  file: () => localFile("archive", { path: "/play/files/a.tgz" }),
});
const link: PathState = { type: "link", mode: 0o777, ...root, target: "ctr" };
const args = { src: "a.tgz", dest: "/opt" };
/** What the archive makes. */
const paths = { "/opt/bin": folder, "/opt/bin/ctr": file(A), "/opt/bin/shim": link };
const done = { dest: folder, paths };

// All that the archive makes, with something else at one of the paths.
function doneBut(path: keyof typeof paths, state: PathState): object {
  return { dest: folder, paths: { ...paths, [path]: state } };
}

const remote = { src: "/tmp/a.tgz", dest: "/opt", remote_src: true };

/** What stands below dest, and what of the archive must be unpacked for it. */
export const cases: Case[] = [
  {
    name: "an empty folder gets everything, and later tasks see it",
    module,
    args,
    before: { dest: folder },
    given: given(...MEMBERS),
    expect: { after: done, also: { "path /opt/bin": folder } },
  },
  {
    name: "everything is there",
    module,
    args,
    before: done,
    given: given(...MEMBERS),
    expect: { unchanged: true },
  },
  {
    name: "one member has other content",
    module,
    args,
    before: doneBut("/opt/bin/ctr", file(B)),
    given: given(...MEMBERS),
    expect: { after: done, also: {} },
  },
  {
    name: "a digest that could not be made counts as another",
    module,
    args,
    before: doneBut("/opt/bin/ctr", { type: "file", mode: 0o755, ...root }),
    given: given(...MEMBERS),
    expect: { after: done },
  },
  {
    name: "a file stands where a link is wanted",
    module,
    args,
    before: doneBut("/opt/bin/shim", file(A)),
    given: given(...MEMBERS),
    expect: { after: done },
  },
  {
    name: "a link points elsewhere",
    module,
    args,
    before: doneBut("/opt/bin/shim", { ...link, target: "other" }),
    given: given(...MEMBERS),
    expect: { after: done },
  },
  {
    name: "only a mode differs: nothing is unpacked",
    module,
    args,
    before: doneBut("/opt/bin/ctr", file(A, { mode: 0o700 })),
    given: { archive: () => MEMBERS },
    expect: {
      after: done,
      steps: [
        "{ hw_set /opt/bin/ctr root:root '' 00755 2>/dev/null || hw_set /opt/bin/ctr 0:0 '' 00755; }",
      ],
    },
  },
  {
    name: "a folder that was there keeps mode and owner",
    module,
    args,
    before: doneBut("/opt/bin", { ...folder, mode: 0o2775, owner: "u", uid: 7 }),
    given: given(...MEMBERS),
    expect: { unchanged: true },
  },
  {
    name: "but not if the task says otherwise",
    module,
    args: { ...args, mode: "u=rwX,go=rX", owner: "root" },
    before: doneBut("/opt/bin", { ...folder, mode: 0o700, owner: "u", uid: 7 }),
    given: given(...MEMBERS),
    expect: {},
  },
  {
    name: "folders that only stand in names are made, and seen by later tasks",
    module,
    args,
    before: { dest: folder },
    given: given(member("a/b/c", { sha256: A })),
    expect: { also: { "path /opt/a": folder, "path /opt/a/b": folder } },
  },
  {
    name: "whom a name of the archive comes to is left open",
    module,
    args,
    before: { dest: folder },
    given: given(member("x", { sha256: A, uname: "alice", gname: "staff", uid: 1001, gid: 50 })),
    expect: {
      after: {
        dest: folder,
        paths: { "/opt/x": { type: "file", mode: 0o755, size: 3, sha256: A } },
      },
    },
  },
  {
    name: "and is right by name",
    module,
    args,
    before: {
      dest: folder,
      paths: { "/opt/x": file(A, { owner: "alice", uid: 2000, group: "staff", gid: 51 }) },
    },
    given: given(member("x", { sha256: A, uname: "alice", gname: "staff", uid: 1001, gid: 50 })),
    expect: { unchanged: true },
  },
  {
    name: "or by number",
    module,
    args,
    before: {
      dest: folder,
      paths: { "/opt/x": file(A, { owner: "UNKNOWN", uid: 1001, group: "UNKNOWN", gid: 50 }) },
    },
    given: given(member("x", { sha256: A, uname: "alice", gname: "staff", uid: 1001, gid: 50 })),
    expect: { unchanged: true },
  },
  {
    name: "and is corrected otherwise",
    module,
    args,
    before: { dest: folder, paths: { "/opt/x": file(A) } },
    given: given(member("x", { sha256: A, uname: "alice", gname: "staff", uid: 1001, gid: 50 })),
    expect: {},
  },
  {
    name: "with --no-same-owner everything is root's",
    module,
    args: { ...args, extra_opts: ["--no-same-owner"] },
    before: { dest: folder, paths: { "/opt/x": file(A) } },
    given: given(member("x", { sha256: A, uname: "alice", gname: "staff", uid: 1001, gid: 50 })),
    expect: { unchanged: true },
  },
  {
    name: "another user gets what the umask leaves, as their own",
    module,
    args,
    before: { dest: folder },
    given: {
      ...given(member("x", { sha256: A, mode: 0o4775, uname: "alice", uid: 1001 })),
      becomeUser: "u",
    },
    expect: {
      after: {
        dest: folder,
        paths: { "/opt/x": { type: "file", mode: 0o755, owner: "u", size: 3, sha256: A } },
      },
    },
  },
  {
    name: "a new owner takes setuid from files",
    module,
    args: { ...args, owner: "daemon" },
    before: { dest: folder },
    given: given(member("x", { sha256: A, mode: 0o6755 })),
    expect: {
      after: {
        dest: folder,
        paths: {
          "/opt/x": {
            type: "file",
            mode: 0o755,
            owner: "daemon",
            group: "root",
            gid: 0,
            size: 3,
            sha256: A,
          },
        },
      },
    },
  },
  {
    name: "a member that leads out",
    module,
    args,
    before: { dest: folder },
    given: given(member("../x", { sha256: A })),
    expect: { failure: /is outside the directory/ },
  },
  {
    name: "a member behind a link",
    module,
    args,
    before: { dest: folder },
    given: given(member("a", { type: "link", target: "b" }), member("a/x", { sha256: A })),
    expect: { failure: /is below a/ },
  },
  {
    name: "a link within dest by an absolute path",
    module,
    args,
    before: { dest: folder },
    given: given(member("a", { type: "link", target: "/opt/b" })),
    expect: {},
  },
  {
    name: "a link out of dest, and back, by an absolute path",
    module,
    args,
    before: { dest: folder },
    given: given(member("a", { type: "link", target: "/opt/../etc/passwd" })),
    expect: { failure: /outside the directory/ },
  },
  {
    name: "dest that a file stands in",
    module,
    args,
    before: { dest: file(A) },
    given: given(...MEMBERS),
    expect: { failure: /directory \/opt does not exist/ },
  },
  {
    name: "creates that is there",
    module,
    args: { ...args, creates: "/opt/bin" },
    before: { dest: folder, creates: folder },
    given: given(...MEMBERS),
    expect: { unchanged: true },
  },
  {
    name: "an archive of the host, never unpacked",
    module,
    args: remote,
    before: { dest: folder, src: file(A) },
    expect: {
      after: {
        dest: folder,
        src: file(A),
        note: { archive: A, src: "/tmp/a.tgz" },
        members: { differ: [] },
      },
    },
  },
  {
    name: "an archive of the host, unpacked",
    module,
    args: remote,
    before: { dest: folder, src: file(A), note: { archive: A }, members: { differ: [] } },
    expect: { unchanged: true },
  },
  {
    name: "an archive of the host, unpacked, and a member changed",
    module,
    args: remote,
    before: { dest: folder, src: file(A), note: { archive: A }, members: { differ: ["/opt/x"] } },
    expect: {},
  },
  {
    name: "an archive of the host, unpacked, but the list is gone",
    module,
    args: remote,
    before: { dest: folder, src: file(A), note: { archive: A }, members: null },
    expect: {},
  },
  {
    name: "another archive of the host",
    module,
    args: remote,
    before: { dest: folder, src: file(B), note: { archive: A }, members: { differ: [] } },
    expect: {},
  },
  {
    name: "an archive that a task before it brings: its digest is not known yet",
    module,
    args: remote,
    before: {
      dest: folder,
      src: { ...file(A), sha256: null },
      note: { archive: A },
      members: { differ: [] },
    },
    expect: {},
  },
  {
    name: "an archive that is not there",
    module,
    args: remote,
    before: { dest: folder },
    expect: { failure: /\/tmp\/a.tgz does not exist on the host/ },
  },
  {
    name: "a URL, unpacked",
    module,
    args: { ...remote, src: "https://example.com/a.tgz" },
    before: { dest: folder, note: { archive: "url 0" }, members: { differ: [] } },
    expect: {},
  },
];
