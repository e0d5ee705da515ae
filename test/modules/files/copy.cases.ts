import { createHash } from "node:crypto";
import { DirectoryError } from "../../../src/errors.ts";
import { copy } from "../../../src/modules/files/copy.ts";
import type { LocalTree } from "../../../src/modules/contract/local-tree.ts";
import type { Controller } from "../../../src/modules/contract/module.ts";
import { template } from "../../../src/modules/files/template.ts";
import { localFile, type Case } from "../case.ts";

const root = { owner: "root", group: "root", uid: 0, gid: 0 };
const folder = { type: "directory", mode: 0o755, ...root };
const made = { ...folder, isNew: true };
const sha = (text: string): string => createHash("sha256").update(text).digest("hex");
const base64 = (text: string): string => Buffer.from(text).toString("base64");
const file = (text: string, more: object = {}): object => ({
  type: "file",
  mode: 0o644,
  size: text.length,
  sha256: sha(text),
  content: base64(text),
  ...root,
  ...more,
});
const binary = localFile(new Uint8Array([0xff, 0xfe]), { path: "/c/app", mode: 0o755 });

const tree: LocalTree = {
  entries: [
    { path: "a", type: "file", mode: 0o600, file: localFile("A", { mode: 0o600 }) },
    { path: "d/", type: "directory", mode: 0o755 },
    { path: "d/b", type: "file", mode: 0o755, file: localFile("B", { mode: 0o755 }) },
    { path: "l", type: "link", mode: 0o777, target: "a", leadsToFile: true },
  ],
};
const given: Partial<Controller> = {
  file(path) {
    if (path.endsWith("tree")) throw new DirectoryError("/c/tree");
    return path === "app"
      ? binary
      : localFile(path.endsWith(".j2") ? "{{ x }}" : "new", { mode: 0o640, path: `/c/${path}` });
  },
  tree: () => tree,
  render: () => "new\nline\n",
};

const content = (text: unknown, more: object = {}): object => ({
  content: text,
  dest: "/srv/x",
  ...more,
});
const place = (to: string, mode: string, text: string, owners = "'' ''"): string =>
  `hw_place "$HW_STATE_DIR/stage/"${sha(text)} ${to} ${mode} ${owners} || exit 1`;
const there = { to: folder, file: folder, parent: folder };
const at = (text: string, more: object = {}): object => ({
  to: file(text, more),
  file: file(text, more),
  parent: folder,
});

const copies: Omit<Case, "module">[] = [
  { name: "a text is there", args: content("new"), before: at("new"), expect: { unchanged: true } },
  {
    name: "a text is written",
    args: content("new"),
    before: { parent: folder },
    expect: {
      steps: [place("/srv/x", "0644", "new")],
      after: { to: file("new"), file: file("new"), parent: folder },
    },
  },
  {
    name: "another text keeps mode and owners",
    args: content("new"),
    before: at("old", { mode: 0o600, uid: 5, owner: "games" }),
    expect: {
      steps: [place("/srv/x", "0600", "new", "5 0")],
      after: at("new", { mode: 0o600, uid: 5, owner: "games" }),
    },
  },
  {
    name: "a file of a user becomes that user's",
    args: content("new"),
    before: at("old"),
    given: { becomeUser: "games" },
    expect: { steps: [place("/srv/x", "0644", "new")] },
  },
  {
    name: "mode and owner come with the text",
    args: content("new", { mode: "0600", owner: "games", group: "7" }),
    before: { parent: folder },
    expect: { steps: [place("/srv/x", "0600", "new", "games 7")] },
  },
  {
    name: "only the mode is corrected",
    args: content("new", { mode: "0600" }),
    before: at("new"),
    expect: { steps: ["hw_set /srv/x '' '' 0600"], after: at("new", { mode: 0o600 }) },
  },
  {
    name: "a mapping becomes Python's JSON",
    args: content({ a: [1, true, null], b: "ä" }),
    before: { parent: folder },
    expect: { steps: [place("/srv/x", "0644", '{"a": [1, true, null], "b": "\\u00e4"}')] },
  },
  {
    name: "a number is its text",
    args: content(5),
    before: { parent: folder },
    expect: { steps: [place("/srv/x", "0644", "5")] },
  },
  {
    name: "a content whose digest nobody knows is another",
    args: content("new"),
    before: { ...at("new"), file: { type: "file", mode: 0o644, sha256: null, ...root } },
    expect: { steps: [place("/srv/x", "0644", "new", "0 0")] },
  },
  {
    name: "without force a file that is there stays",
    args: content("new", { force: false }),
    before: at("old"),
    expect: { unchanged: true },
  },
  {
    name: "without force a file that is not there is made",
    args: content("new", { force: false }),
    before: { parent: folder },
    expect: { steps: [place("/srv/x", "0644", "new")] },
  },
  {
    name: "the directory must be there",
    args: content("new"),
    before: {},
    expect: { failure: /Destination directory \/srv does not exist/ },
  },
  {
    name: "content needs a file's name",
    args: content("new"),
    before: there,
    expect: { failure: /^can not use content with a dir as dest$/ },
  },
  {
    name: "a validation comes first",
    args: content("new", { validate: "visudo -cf %s" }),
    before: at("old"),
    expect: {
      steps: [
        `hw_o=$(visudo -cf "$HW_STATE_DIR/stage/"${sha("new")} 2>&1) || { hw_fail "failed to validate: rc:$? error:$hw_o"; exit 1; }\n${place("/srv/x", "0644", "new", "0 0")}`,
      ],
    },
  },
  {
    name: "a validation of nothing",
    args: content("new", { validate: "true" }),
    before: at("old"),
    expect: { failure: /%s/ },
  },
  {
    name: "a link is replaced",
    args: content("new"),
    before: {
      to: file("new"),
      file: { type: "link", mode: 0o777, target: "y", ...root },
      parent: folder,
    },
    expect: { steps: [place("/srv/x", "0644", "new")] },
  },
  {
    name: "follow writes through a link",
    args: content("new", { follow: true }),
    before: {
      to: file("old"),
      file: file("old"),
      link: { type: "link", mode: 0o777, target: "y", ...root },
      parent: folder,
    },
    expect: {
      steps: [`hw_to=$(hw_follow /srv/x) || exit 1\n${place('"$hw_to"', "0644", "new", "0 0")}`],
    },
  },
  {
    name: "follow of a file that is none yet",
    args: content("new", { follow: true }),
    before: { parent: folder },
    expect: { after: { to: file("new"), file: file("new"), link: file("new"), parent: folder } },
  },

  {
    name: "a file of the controller",
    args: { src: "etc/app.conf", dest: "/srv/x", mode: "preserve" },
    before: { parent: folder },
    expect: { steps: [place("/srv/x", "0640", "new")] },
  },
  {
    name: "an empty source is none",
    args: { src: "", dest: "/srv" },
    before: { ...there },
    expect: { failure: /^src \(or content\) is required$/ },
  },
  {
    name: "content has a private mode to preserve, as with Ansible",
    args: content("new", { mode: "preserve" }),
    before: { parent: folder },
    expect: { steps: [place("/srv/x", "0600", "new")] },
  },
  {
    name: "a file into a folder",
    args: { src: "etc/app.conf", dest: "/srv" },
    before: { ...there },
    expect: {
      steps: [place("/srv/app.conf", "0644", "new")],
      after: { ...there, inside: file("new") },
    },
  },
  {
    name: "a slash makes the folders",
    args: { src: "app.conf", dest: "/srv/a/", directory_mode: "0700" },
    before: { above: { "/srv": folder } },
    expect: {
      steps: ["hw_mkdir /srv/a '' '' 00700", place("/srv/a/app.conf", "0644", "new")],
      also: { "path /srv/a": { ...made, mode: 0o700 } },
    },
  },
  {
    name: "what is binary is shown as digest",
    args: { src: "app", dest: "/srv/x", mode: "0755" },
    before: { parent: folder },
    expect: {
      after: {
        parent: folder,
        inside: null,
        to: { type: "file", mode: 0o755, size: 2, sha256: binary.sha256, ...root },
        file: { type: "file", mode: 0o755, size: 2, sha256: binary.sha256, ...root },
      },
    },
  },
  {
    name: "a folder in the way of the file inside",
    args: { src: "app.conf", dest: "/srv" },
    before: { to: folder, parent: folder, inside: folder },
    expect: { failure: /\/srv\/app.conf is a directory/ },
  },
  {
    name: "the source has the checksum",
    args: content("new", { checksum: "c2a6b03f190dfb2b4aa91f8af8d477a9bc3401dc" }),
    before: at("new"),
    expect: { unchanged: true },
  },
  {
    name: "the source has another checksum",
    args: content("new", { checksum: "sha256:00" }),
    before: at("new"),
    expect: { failure: /has the sha256/ },
  },

  {
    name: "a tree",
    args: { src: "tree", dest: "/srv", mode: "preserve" },
    before: { above: { "/srv": folder } },
    expect: {
      steps: [
        "mkdir -- /srv/tree",
        place("/srv/tree/a", "0600", "A"),
        "mkdir -- /srv/tree/d",
        place("/srv/tree/d/b", "0755", "B"),
        place("/srv/tree/l", "0640", "new"),
      ],
      also: { "path /srv/tree": made, "path /srv/tree/d": made },
    },
  },
  {
    name: "what is in a tree",
    args: { src: "tree/", dest: "/srv", local_follow: false },
    before: {
      above: { "/srv": folder },
      files: { "/srv/a": file("A") },
      directories: { "/srv/d": folder },
    },
    expect: { steps: [place("/srv/d/b", "0644", "B"), "hw_link a /srv/l"] },
  },
  {
    name: "a tree is there",
    args: { src: "tree/", dest: "/srv", local_follow: false, mode: "0644" },
    before: {
      above: { "/srv": folder },
      directories: { "/srv/d": folder },
      files: {
        "/srv/a": file("A"),
        "/srv/d/b": file("B"),
        "/srv/l": { type: "link", target: "a" },
      },
    },
    expect: { unchanged: true },
  },

  {
    name: "a file of the host",
    args: { src: "/opt/y", dest: "/srv/x", remote_src: true, mode: "preserve" },
    before: { src: file("y", { mode: 0o700 }), parent: folder },
    expect: { steps: ["hw_place /opt/y /srv/x 0700 '' '' || exit 1"] },
  },
  {
    name: "a file of the host that an earlier task brings",
    args: { src: "/opt/y", dest: "/srv/x", remote_src: true },
    before: { src: { type: "file", mode: 0o644, sha256: null }, ...at("old") },
    expect: { steps: ["hw_place /opt/y /srv/x 0644 0 0 || exit 1"] },
  },
  {
    name: "a file that the host has not",
    args: { src: "/opt/y", dest: "/srv/x", remote_src: true },
    before: { parent: folder },
    expect: { failure: /does not exist on the host/ },
  },
];

const templates: Omit<Case, "module">[] = [
  {
    name: "a template",
    args: { src: "x.j2", dest: "/srv/x", mode: "0600" },
    before: { parent: folder },
    expect: { steps: [place("/srv/x", "0600", "new\nline\n")] },
  },
  {
    name: "a template with other newlines",
    args: { src: "x.j2", dest: "/srv/x", newline_sequence: "\\r\\n" },
    before: { parent: folder },
    expect: { steps: [place("/srv/x", "0644", "new\r\nline\r\n")] },
  },
  {
    name: "a template is there",
    args: { src: "x.j2", dest: "/srv/x" },
    before: at("new\nline\n"),
    expect: { unchanged: true },
  },
  {
    name: "a template into a folder",
    args: { src: "t/x.j2", dest: "/srv" },
    before: there,
    expect: { steps: [place("/srv/x.j2", "0644", "new\nline\n")] },
  },
  {
    name: "tags that begin alike",
    args: { src: "x.j2", dest: "/srv/x", variable_start_string: "{%" },
    before: {},
    expect: { failure: /must begin differently/ },
  },
  {
    name: "an end that begins with a blank",
    args: { src: "x.j2", dest: "/srv/x", variable_end_string: " }" },
    before: {},
    expect: { failure: /nor begin with a blank/ },
  },
  {
    name: "a template with its own mode",
    args: { src: "x.j2", dest: "/srv/x", mode: "preserve" },
    before: { parent: folder },
    expect: { steps: [place("/srv/x", "0640", "new\nline\n")] },
  },
];

export const cases: Case[] = [
  ...copies.map((one) => ({ ...one, module: copy, given: { ...given, ...one.given } })),
  ...templates.map((one) => ({ ...one, module: template, given })),
];
