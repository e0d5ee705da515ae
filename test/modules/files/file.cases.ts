import { file as module } from "../../../src/modules/files/file.ts";
import type { Case } from "../case.ts";

const root = { owner: "root", group: "root", uid: 0, gid: 0 };
const text = { type: "file", mode: 0o644, size: 3, ...root };
const folder = { type: "directory", mode: 0o755, size: 4096, ...root };
const made = { type: "directory", isNew: true, mode: 0o755, ...root };
const link = { type: "link", mode: 0o777, size: 2, target: "target", ...root };
const path = "/srv/x";
const both = (state: object): object => ({ at: state, to: state });
const above = (state: object | null): object => ({ "above /srv": state });

export const cases: Case[] = [
  { name: "a file keeps what it has", module, args: { path, mode: "0644", owner: "root", group: 0 }, before: both(text), expect: { unchanged: true } },
  { name: "without attributes there is nothing to do", module, args: { path }, before: both(text), expect: { unchanged: true } },
  { name: "a mode is mended", module, args: { path, mode: "0600" }, before: both(text), expect: { steps: ["hw_set /srv/x '' '' 0600"], after: both({ ...text, mode: 0o600 }) } },
  { name: "a mode by letters starts from the one there is", module, args: { path, mode: "u+x,o-r" }, before: both(text), expect: { steps: ["hw_set /srv/x '' '' 0740"] } },
  { name: "X is for folders", module, args: { path, mode: "u=rwX,go=X" }, before: both({ ...folder, mode: 0o700 }), expect: { steps: ["hw_set /srv/x '' '' 00711"] } },
  { name: "an owner by name", module, args: { path, owner: "games" }, before: both(text), expect: { steps: ["hw_set /srv/x games '' 0644"], after: both({ type: "file", mode: 0o644, size: 3, owner: "games", group: "root", gid: 0 }) } },
  { name: "a number is compared with the number", module, args: { path, owner: "0", group: "7" }, before: both(text), expect: { steps: ["hw_set /srv/x 0 7 0644"] } },
  { name: "state: file makes no file", module, args: { path, state: "file" }, before: {}, expect: { failure: /is not there/ } },
  { name: "state: file of a folder", module, args: { path, state: "file" }, before: both(folder), expect: { failure: /is a folder/ } },
  { name: "what may not be looked at", module, args: { path, state: "absent" }, before: both({ type: "denied" }), expect: { failure: /may not be looked at/ } },
  { name: "a relative path", module, args: { path: "srv/x" }, before: {}, expect: { failure: /not an absolute path/ } },
  { name: "a home folder", module, args: { path: "~/x" }, before: {}, expect: { failure: /not an absolute path/ } },
  { name: "src without a link", module, args: { path, src: "/y" }, before: {}, expect: { failure: /src does not go with/ } },

  { name: "attributes are those of what a link leads to", module, args: { path, mode: "0600" }, before: { at: link, to: text },
    expect: { after: { at: link, to: { ...text, mode: 0o600 } } } },
  { name: "follow: false mends the link's own owner", module, args: { path, owner: "games", mode: "0600", follow: false }, before: { at: link, to: text }, expect: { steps: ["hw_set /srv/x games ''"] } },
  { name: "follow: false leaves a link's mode", module, args: { path, mode: "0600", follow: false }, before: { at: link, to: text }, expect: { unchanged: true } },
  { name: "a link to nothing has no attributes", module, args: { path, mode: "0600" }, before: { at: link, to: null }, expect: { failure: /link to what is not there/ } },

  { name: "a folder is there", module, args: { path, state: "directory", mode: "0755" }, before: { ...both(folder), ...above(folder) }, expect: { unchanged: true } },
  { name: "a folder is made with those above it", module, args: { path: "/srv/a/b", state: "directory" }, before: above(folder),
    expect: { steps: ["mkdir -- /srv/a", "mkdir -- /srv/a/b"], also: { "path /srv/a": made } } },
  { name: "folders above get the attributes, too", module, args: { path: "/srv/a/b", state: "directory", mode: "0700", owner: "games" }, before: above(folder),
    expect: { steps: ["hw_mkdir /srv/a games '' 00700", "hw_mkdir /srv/a/b games '' 00700"] } },
  { name: "setgid and group are handed down", module, args: { path, state: "directory" }, before: above({ ...folder, mode: 0o2775, group: "staff", gid: 50 }),
    expect: { after: { ...both({ ...made, mode: 0o2755, group: "staff", gid: 50 }), ...above({ ...folder, mode: 0o2775, group: "staff", gid: 50 }) } } },
  { name: "a setgid bit goes where the mode has none", module, args: { path, state: "directory", mode: "0755" }, before: { ...both({ ...folder, mode: 0o2755 }), ...above(folder) }, expect: { steps: ["hw_set /srv/x '' '' 00755"] } },
  { name: "a folder of a user", module, args: { path, state: "directory" }, before: above(folder), given: { becomeUser: "games" },
    expect: { after: { ...both({ type: "directory", isNew: true, mode: 0o755, owner: "games" }), ...above(folder) } } },
  { name: "a file in the way of a folder", module, args: { path, state: "directory" }, before: { ...both(text), ...above(folder) }, expect: { failure: /is no folder/ } },
  { name: "a file in the way above", module, args: { path, state: "directory" }, before: above(text), expect: { failure: /\/srv is no folder/ } },
  { name: "a link to a folder is one", module, args: { path, state: "directory", mode: "0700" }, before: { at: link, to: folder, ...above(folder) }, expect: { after: { at: link, to: { ...folder, mode: 0o700 }, ...above(folder) } } },
  { name: "a link is no folder with follow: false", module, args: { path, state: "directory", follow: false }, before: { at: link, to: folder, ...above(folder) }, expect: { failure: /is no folder/ } },

  { name: "all below a folder", module, args: { path, state: "directory", recurse: true, mode: "u=rwX,go=" }, before: { ...both({ ...folder, mode: 0o700 }), ...above(folder), below: { type: "directory", below: [text, folder, link] } },
    expect: { after: { ...both({ ...folder, mode: 0o700 }), ...above(folder), below: { type: "directory", below: [{ ...text, mode: 0o600 }, { ...folder, mode: 0o700 }, link] } } } },
  { name: "all below is so already", module, args: { path, recurse: true, owner: "root", mode: "u=rwX" }, before: { ...both(folder), ...above(folder), below: { type: "directory", below: [text, folder] } }, expect: { unchanged: true } },
  { name: "recurse makes the folder that is not there", module, args: { path, recurse: true, mode: "0700" }, before: above(folder), expect: { steps: ["hw_mkdir /srv/x '' '' 00700"] } },
  { name: "recurse of a file", module, args: { path, state: "file", recurse: true }, before: {}, expect: { failure: /recurse does not go with/ } },

  { name: "what is not there need not go", module, args: { path, state: "absent" }, before: {}, expect: { unchanged: true } },
  { name: "what is there goes", module, args: { path, state: "absent" }, before: both(folder), expect: { steps: ["hw_remove /srv/x"], after: both(null as never) } },
  { name: "a link goes, not what it leads to", module, args: { path, state: "absent" }, before: { at: link, to: text }, expect: { after: { at: null, to: null }, also: {} } },
  { name: "everything goes", module, args: { path: "/", state: "absent" }, before: both(folder), expect: { failure: /root folder/ } },

  { name: "a link is there", module, args: { path, src: "target", state: "link" }, before: { at: link, to: text, src: text }, expect: { unchanged: true } },
  { name: "a link is made", module, args: { path, src: "target", state: "link" }, before: { parent: folder, src: text }, expect: { steps: ["hw_link target /srv/x"], after: { parent: folder, at: { type: "link", mode: 0o777, owner: "root", uid: 0, target: "target" }, to: text, src: text } } },
  { name: "a link is retargeted", module, args: { path, src: "/opt/y", state: "link" }, before: { at: link, to: text, src: folder }, expect: { steps: ["hw_link /opt/y /srv/x"] } },
  { name: "a link to nothing", module, args: { path, src: "no", state: "link" }, before: {}, expect: { failure: /\/srv\/no is not there/ } },
  { name: "a link to nothing by force", module, args: { path, src: "no", state: "link", force: true }, before: { parent: folder }, expect: { steps: ["hw_link no /srv/x"] } },
  { name: "a link instead of a file", module, args: { path, src: "/y", state: "link" }, before: { ...both(text), src: text }, expect: { failure: /is a file, not a link/ } },
  { name: "a link instead of a file by force", module, args: { path, src: "/y", state: "link", force: true }, before: { ...both(text), src: text }, expect: { steps: ["hw_link /y /srv/x"] } },
  { name: "a link instead of an empty folder by force", module, args: { path, src: "/y", state: "link", force: true }, before: { ...both(folder), src: text, below: { type: "directory", below: [] } },
    expect: { steps: ["hw_keep /srv/x && rmdir -- /srv/x && hw_link /y /srv/x"] } },
  { name: "a link instead of a full folder", module, args: { path, src: "/y", state: "link", force: true }, before: { ...both(folder), src: text, below: { type: "directory", below: [text] } }, expect: { failure: /is not empty/ } },
  { name: "a link and the mode of what it leads to", module, args: { path, src: "y", state: "link", mode: "0600" }, before: { parent: folder, src: text }, expect: { also: {} } },
  { name: "a link of another owner", module, args: { path, src: "y", state: "link", owner: "games", follow: false }, before: { parent: folder, src: text }, expect: { steps: ["hw_link y /srv/x", "hw_set /srv/x games ''"] } },
  { name: "a link without src must be there", module, args: { path, state: "link" }, before: both(text), expect: { failure: /no link yet/ } },

  { name: "a hard link is there", module, args: { path, src: "/srv/y", state: "hard" }, before: { ...both(text), src: text, same: true }, expect: { unchanged: true } },
  { name: "a hard link is made", module, args: { path, src: "/srv/y", state: "hard" }, before: { parent: folder, src: text, same: false }, expect: { after: { parent: folder, ...both(text), src: text, same: true } } },
  { name: "a hard link instead of another file", module, args: { path, src: "/srv/y", state: "hard" }, before: { ...both(text), src: text, same: false }, expect: { failure: /no hard link of/ } },
  { name: "a hard link of nothing", module, args: { path, src: "/srv/y", state: "hard" }, before: { same: false }, expect: { failure: /is not there/ } },

  { name: "touch makes an empty file", module, args: { path, state: "touch", mode: "0600" }, before: { parent: folder }, expect: { steps: ["hw_blank /srv/x '' '' 0600"] }, always: true },
  { name: "touch is a change each time", module, args: { path, state: "touch" }, before: both(text), expect: { steps: ["touch -chma -- /srv/x"] }, always: true },
  { name: "touch that preserves the times is none", module, args: { path, state: "touch", modification_time: "preserve", access_time: "preserve" }, before: both(text), expect: { unchanged: true } },
  { name: "times without touch", module, args: { path, modification_time: "now" }, before: {}, expect: { failure: /state: touch/ } },
];
