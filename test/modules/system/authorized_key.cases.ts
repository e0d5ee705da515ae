import { authorized_key } from "../../../src/modules/system/authorized_key.ts";
import { localFile, type Case } from "../case.ts";
import { textCases, type TextCase } from "../shared/edited.ts";

const path = "/home/ops/.ssh/authorized_keys";
const account = {
  name: "ops",
  uid: 1000,
  gid: 1000,
  group: "ops",
  groups: [],
  comment: "",
  home: "/home/ops",
  shell: "/bin/sh",
  homeExists: true,
};
const [one, two] = ["ssh-ed25519 AAAAone one@x", "ssh-rsa AAAAtwo two@x"];
const base = { user: "ops", path, key: one };
const home = {
  above: {
    "/home": { type: "directory", mode: 0o755 },
    "/home/ops": { type: "directory", mode: 0o755 },
  },
  account,
};

const table: TextCase[] = [
  { name: "a first key", args: base, before: null, after: `${one}\n` },
  { name: "it is there", args: base, before: `${one}\n`, after: "same" },
  {
    name: "it is there with other spaces",
    args: base,
    before: `ssh-ed25519   AAAAone  one@x`,
    after: "same",
  },
  {
    name: "one more",
    args: { ...base, key: two },
    before: `# mine\n${one}\n`,
    after: `# mine\n${one}\n${two}\n`,
  },
  {
    name: "two at once, comments are none",
    args: { ...base, key: `# a\n${two}\n\n${one}\n` },
    before: null,
    after: `${two}\n${one}\n`,
  },
  {
    name: "another comment",
    args: { ...base, comment: "new" },
    before: `${one}\n${two}\n`,
    after: `${two}\nssh-ed25519 AAAAone new\n`,
  },
  {
    name: "options",
    args: { ...base, key_options: 'no-pty,from="a,b"' },
    before: `${one}\n`,
    after: `no-pty,from="a,b" ${one}\n`,
  },
  {
    name: "of equal lines, the last stays",
    args: base,
    before: `# a\n${two}\n# a\nno-pty ${two}\n`,
    after: `# a\nno-pty ${two}\n${one}\n`,
  },
  {
    name: "an option given twice",
    args: { ...base, key_options: 'permitopen="a:1",no-pty,permitopen="b:2"' },
    before: `${one}\n`,
    after: `permitopen="a:1",no-pty,permitopen="b:2" ${one}\n`,
  },
  {
    name: "an option that another key has twice is kept",
    args: base,
    before: `permitopen="a:1",permitopen="b:2" ${two}\n`,
    after: `permitopen="a:1",permitopen="b:2" ${two}\n${one}\n`,
  },
  {
    name: "the same options in another order",
    args: { ...base, key_options: 'from="a,b",no-pty' },
    before: `no-pty,from="a,b" ${one}\n`,
    after: "same",
  },
  {
    name: "one option twice in another order",
    args: { ...base, key_options: 'permitopen="b:2",permitopen="a:1"' },
    before: `permitopen="a:1",permitopen="b:2" ${one}\n`,
    after: `permitopen="b:2",permitopen="a:1" ${one}\n`,
  },
  {
    name: "the same options",
    args: { ...base, key_options: 'no-pty,from="a,b"' },
    before: `no-pty,from="a,b" ${one}\n`,
    after: "same",
  },
  {
    name: "options of its own line",
    args: { ...base, key: `no-pty ${one}` },
    before: null,
    after: `no-pty ${one}\n`,
  },
  {
    name: "exclusive",
    args: { ...base, exclusive: true },
    before: `# mine\n${two}\n${one}\n`,
    after: `${one}\n`,
  },
  {
    name: "exclusive already",
    args: { ...base, exclusive: true },
    before: `${one}\n`,
    after: "same",
  },
  {
    name: "a key goes",
    args: { ...base, state: "absent" },
    before: `${two}\nno-pty ${one}\n`,
    after: `${two}\n`,
  },
  { name: "a key is gone", args: { ...base, state: "absent" }, before: `${two}\n`, after: "same" },
  {
    name: "no key",
    args: { ...base, key: "no key" },
    before: null,
    after: /invalid key specified: no key/,
  },
  {
    name: "a URL",
    args: { ...base, key: "https://example.org/a.keys" },
    before: null,
    after: /not downloaded/,
  },
  {
    name: "no user",
    args: base,
    before: null,
    more: { account: null },
    after: /^Failed to lookup user ops: "getpwnam/,
  },
];

export const cases: readonly Case[] = [
  ...textCases(
    authorized_key,
    "/home/ops/.ssh",
    table.map((entry) => ({ ...entry, more: { ...home, ...entry.more } })),
  ),
  {
    name: "the directory becomes the user's alone",
    module: authorized_key,
    args: base,
    before: { ...home },
    expect: {
      steps: [
        "hw_mkdir /home/ops/.ssh ops ops 00700",
        `hw_place "$HW_STATE_DIR/stage/"${localFile(`${one}\n`).sha256} ${path} 0600 ops ops`,
      ],
    },
  },
];
