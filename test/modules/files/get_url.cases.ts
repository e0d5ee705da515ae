import { createHash } from "node:crypto";
import { get_url } from "../../../src/modules/files/get_url.ts";
import type { AnyModule } from "../../../src/modules/index.ts";
import type { PathState } from "../../../src/probes/files/path.ts";
import { localFile, type Case } from "../case.ts";
import { defined } from "../../../src/defined.ts";

const module = get_url as unknown as AnyModule;
const URL = "https://example.com/v1/runc.amd64";
const HEX = "ab".repeat(32);
const SHA512 = `sha512:${"cd".repeat(64)}`;
const SUMS = "sha256:https://example.com/v1/runc.sha256sum";
const DEST = "/usr/local/sbin/runc";

const folder: PathState = {
  type: "directory",
  mode: 0o755,
  owner: "root",
  group: "root",
  uid: 0,
  gid: 0,
};
const file = (sha256: string | null, more: object = {}): PathState => ({
  type: "file",
  mode: 0o755,
  owner: "root",
  group: "root",
  uid: 0,
  gid: 0,
  size: 5,
  sha256,
  ...more,
});
const plain = (state: PathState): PathState =>
  state &&
  (Object.fromEntries(Object.entries(state).filter(([key]) => key !== "sha256")) as PathState);
const there = (state: PathState, note?: unknown): object => ({
  parent: folder,
  file: state,
  at: plain(state),
  ...defined({ note }),
});
const note = (checksum: string, sha256: string | null): object => ({
  key: createHash("sha256").update(`${URL}\n${checksum}`).digest("hex"),
  url: URL,
  sha256,
});
const fresh = { type: "file", mode: 0o755, owner: "root", group: "root", uid: 0, gid: 0 };
const local = localFile("runc!", { path: "/play/files/runc.amd64" });

/** Where the file is, what is known of it, and what that comes to. */
export const cases: Case[] = [
  {
    name: "a bare host: the digest is known from the checksum",
    module,
    args: { url: URL, dest: DEST, checksum: `sha256:${HEX}`, mode: "0755" },
    before: { parent: folder },
    expect: { after: { parent: folder, inside: null, file: { ...fresh, sha256: HEX }, at: fresh } },
  },
  {
    name: "the same digest: nothing",
    module,
    args: { url: URL, dest: DEST, checksum: `sha256:${HEX}`, mode: "0755" },
    before: there(file(HEX)),
    expect: { unchanged: true },
  },
  {
    name: "another digest",
    module,
    args: { url: URL, dest: DEST, checksum: `sha256:${HEX.toUpperCase()}` },
    before: there(file("00".repeat(32))),
    expect: { after: { parent: folder, inside: null, file: { ...fresh, sha256: HEX }, at: fresh } },
  },
  {
    name: "a digest that could not be made counts as another",
    module,
    args: { url: URL, dest: DEST, checksum: `sha256:${HEX}` },
    before: there(plain(file(HEX))),
    expect: {},
  },
  {
    name: "sums on the network, never noted: the digest is known after apply",
    module,
    args: { url: URL, dest: DEST, checksum: SUMS, mode: "0755" },
    before: { parent: folder },
    expect: {
      after: {
        parent: folder,
        inside: null,
        file: { ...fresh, sha256: null },
        at: fresh,
        note: note(SUMS, null),
      },
    },
  },
  {
    name: "sums on the network, noted and the file as noted",
    module,
    args: { url: URL, dest: DEST, checksum: SUMS },
    before: there(file(HEX), note(SUMS, HEX)),
    expect: { unchanged: true },
  },
  {
    name: "sums on the network, noted and the file another",
    module,
    args: { url: URL, dest: DEST, checksum: SUMS },
    before: there(file("00".repeat(32)), note(SUMS, HEX)),
    expect: {},
  },
  {
    name: "sums on the network, noted for another checksum",
    module,
    args: { url: URL, dest: DEST, checksum: SUMS },
    before: there(file(HEX), note(SHA512, HEX)),
    expect: {},
  },
  {
    name: "a note with a file that is gone",
    module,
    args: { url: URL, dest: DEST, checksum: SUMS },
    before: { parent: folder, note: note(SUMS, HEX) },
    expect: {},
  },
  {
    name: "a sha512 digest is noted too",
    module,
    args: { url: URL, dest: DEST, checksum: SHA512 },
    before: there(file(HEX), note(SHA512, HEX)),
    expect: { unchanged: true },
  },
  {
    name: "no checksum, nothing there",
    module,
    args: { url: URL, dest: DEST },
    before: { parent: folder },
    expect: {
      after: {
        parent: folder,
        inside: null,
        file: { ...fresh, mode: 0o644, sha256: null },
        at: { ...fresh, mode: 0o644 },
      },
    },
  },
  {
    name: "no checksum, something there",
    module,
    args: { url: URL, dest: DEST },
    before: there(file("00".repeat(32))),
    expect: { unchanged: true },
  },
  {
    name: "no checksum, forced: every time",
    module,
    args: { url: URL, dest: DEST, force: true },
    before: there(file("00".repeat(32))),
    always: true,
    expect: {},
  },
  {
    name: "only the mode differs",
    module,
    args: { url: URL, dest: DEST, checksum: `sha256:${HEX}`, mode: "0700" },
    before: there(file(HEX)),
    expect: {
      after: {
        parent: folder,
        inside: null,
        file: file(HEX, { mode: 0o700 }),
        at: plain(file(HEX, { mode: 0o700 })),
      },
    },
  },
  {
    name: "no checksum, only the owner differs",
    module,
    args: { url: URL, dest: DEST, owner: "daemon" },
    before: there(file(HEX)),
    expect: {
      after: {
        parent: folder,
        inside: null,
        file: {
          type: "file",
          mode: 0o755,
          owner: "daemon",
          group: "root",
          gid: 0,
          size: 5,
          sha256: HEX,
        },
        at: { type: "file", mode: 0o755, owner: "daemon", group: "root", gid: 0, size: 5 },
      },
    },
  },
  {
    name: "a folder gets the file inside",
    module,
    args: { url: URL, dest: "/opt", checksum: `sha256:${HEX}` },
    before: { at: folder, file: folder, parent: folder, inside: file(HEX) },
    expect: { unchanged: true },
  },
  {
    name: "a folder that has no such file",
    module,
    args: { url: URL, dest: "/opt/", checksum: `sha256:${HEX}` },
    before: { at: folder, file: folder, parent: folder },
    expect: {
      after: {
        at: folder,
        file: folder,
        parent: folder,
        inside: { ...fresh, mode: 0o644, sha256: HEX },
      },
    },
  },
  {
    name: "a link in the file's place",
    module,
    args: { url: URL, dest: DEST, checksum: `sha256:${HEX}` },
    before: {
      parent: folder,
      file: {
        type: "link",
        mode: 0o777,
        target: "runc-1",
        owner: "root",
        group: "root",
        uid: 0,
        gid: 0,
      },
      at: plain(file(HEX)),
    },
    expect: {},
  },
  {
    name: "an own file of another user, placed by root, keeps its owner",
    module,
    args: { url: URL, dest: DEST, checksum: `sha256:${HEX}` },
    before: there(file("00".repeat(32), { owner: "u", uid: 7 })),
    expect: {
      after: {
        parent: folder,
        inside: null,
        file: { ...fresh, owner: "u", uid: 7, sha256: HEX },
        at: { ...fresh, owner: "u", uid: 7 },
      },
    },
  },
  {
    name: "another user's own new file",
    module,
    args: { url: URL, dest: "/home/u/x", checksum: `sha256:${HEX}` },
    before: { parent: folder },
    given: { becomeUser: "u" },
    expect: {
      after: {
        parent: folder,
        inside: null,
        file: { type: "file", mode: 0o644, owner: "u", sha256: HEX },
        at: { type: "file", mode: 0o644, owner: "u" },
      },
    },
  },
  {
    name: "a path on the controller is its own checksum",
    module,
    args: { url: "runc.amd64", dest: DEST },
    before: there(file(local.sha256)),
    given: { file: () => local },
    expect: { unchanged: true },
  },
  {
    name: "a path on the controller that differs",
    module,
    args: { url: "/play/files/runc.amd64", dest: DEST },
    before: there(file(HEX)),
    given: { file: () => local },
    expect: {
      after: {
        parent: folder,
        inside: null,
        file: { ...fresh, size: local.size, sha256: local.sha256 },
        at: { ...fresh, size: local.size },
      },
    },
  },
  {
    name: "file:// of the controller, where that brings it",
    module,
    args: { url: "file:///play/files/runc.amd64", dest: DEST, from: "controller" },
    before: there(file(local.sha256)),
    given: { file: () => local },
    expect: { unchanged: true },
  },
  {
    name: "a file of the host is its own checksum",
    module,
    args: { url: "file:///srv/runc", dest: DEST },
    before: { ...there(file(HEX)), source: file(HEX) },
    expect: { unchanged: true },
  },
  {
    name: "a file of the host that differs",
    module,
    args: { url: "file:///srv/runc", dest: DEST },
    before: { ...there(file("cd".repeat(32))), source: file(HEX) },
    expect: {
      after: {
        parent: folder,
        inside: null,
        source: file(HEX),
        file: { ...fresh, sha256: HEX },
        at: fresh,
      },
    },
  },
  {
    name: "a file of the host that is not there",
    module,
    args: { url: "file:///srv/runc", dest: DEST },
    before: { parent: folder, source: null },
    expect: { failure: /\/srv\/runc does not exist/ },
  },
  {
    name: "what is neither letter nor digit in a digest does not count",
    module,
    args: { url: URL, dest: DEST, checksum: `sha256:${HEX}.` },
    before: there(file(HEX)),
    expect: { unchanged: true },
  },
  {
    name: "by the controller with a digest: no download to see that nothing is to do",
    module,
    args: { url: URL, dest: DEST, from: "controller", checksum: `sha256:${HEX}` },
    before: there(file(HEX)),
    expect: { unchanged: true },
  },
  {
    name: "by the controller with sums that are noted: no download either",
    module,
    args: { url: URL, dest: DEST, from: "controller", checksum: SUMS },
    before: there(file(HEX), note(SUMS, HEX)),
    expect: { unchanged: true },
  },
  {
    name: "by the controller with sums that are not noted: the digest is known at once",
    module,
    args: { url: URL, dest: DEST, from: "controller", checksum: SUMS },
    before: { parent: folder },
    given: { download: () => local },
    expect: {
      after: {
        parent: folder,
        inside: null,
        file: { ...fresh, mode: 0o644, size: local.size, sha256: local.sha256 },
        at: { ...fresh, mode: 0o644, size: local.size },
        note: note(SUMS, local.sha256),
      },
    },
  },
  {
    name: "the directory does not exist",
    module,
    args: { url: URL, dest: DEST },
    before: {},
    expect: { failure: /directory \/usr\/local\/sbin does not exist/ },
  },
  {
    name: "a folder that cannot be accessed",
    module,
    args: { url: URL, dest: DEST },
    before: { parent: { type: "denied" } },
    expect: { failure: /cannot be accessed/ },
  },
  {
    name: "sums on the controller without the name",
    module,
    args: { url: URL, dest: DEST, checksum: "sha256:SUMS" },
    before: { parent: folder },
    given: { file: () => localFile(`${HEX}  other\n`) },
    expect: { failure: /SUMS has no checksum for runc.amd64/ },
  },
  {
    name: "sums on the controller are read while planning",
    module,
    args: { url: URL, dest: DEST, checksum: "sha256:SUMS" },
    before: there(file(HEX)),
    given: { file: () => localFile(`${HEX}  runc.amd64\n`) },
    expect: { unchanged: true },
  },
];
