import { selinux } from "../../../src/modules/system/selinux.ts";
import type { Case } from "../case.ts";
import { sha256 } from "../execute.ts";

const TEXT = "# c\nSELINUX=enforcing\nSELINUXTYPE=targeted\n";

// A file with a text.
function file(text: string): object {
  return {
    type: "file",
    mode: 0o600,
    uid: 0,
    gid: 0,
    size: text.length,
    sha256: sha256(text),
    content: Buffer.from(text).toString("base64"),
  };
}

// A host's state: its configuration, the kernel's bit (null: no SELinux), and whether it has the policy.
function host(text: string, bit: string | null, policy = true): object {
  return {
    config: file(text),
    enforce: bit === null ? null : file(bit),
    ...(policy && { policy: { type: "directory" } }),
  };
}

const place = (text: string): string => `hw_e=$(hw_follow /etc/selinux/config) || exit 1
hw_place "$HW_STATE_DIR/stage/"${sha256(text)} "$hw_e" 0600 0 0`;
const policy = "targeted";
const permissive = TEXT.replace("enforcing", "permissive");
const off = TEXT.replace("enforcing", "disabled");

const table: Omit<Case, "module">[] = [
  {
    name: "it is so",
    args: { policy, state: "enforcing" },
    before: host(TEXT, "1"),
    expect: { unchanged: true },
  },
  {
    name: "another mode, now and later",
    args: { policy, state: "permissive" },
    before: host(TEXT, "1"),
    expect: {
      steps: [place(permissive), "printf %s 0 > /sys/fs/selinux/enforce"],
      after: host(permissive, "0"),
    },
  },
  {
    name: "another mode now",
    args: { policy, state: "enforcing" },
    before: host(TEXT, "0"),
    expect: {
      steps: ["printf %s 1 > /sys/fs/selinux/enforce"],
      undos: ["printf %s 0 > /sys/fs/selinux/enforce"],
    },
  },
  {
    name: "switched off: permissive until the next boot",
    args: { state: "disabled" },
    before: host(TEXT, "1", false),
    expect: {
      steps: [place(off), "printf %s 0 > /sys/fs/selinux/enforce"],
      after: host(off, "0", false),
    },
  },
  {
    name: "it will be off with the next boot",
    args: { state: "disabled" },
    before: host(off, "0", false),
    expect: { unchanged: true },
  },
  {
    name: "switched on by the next boot",
    args: { policy, state: "enforcing" },
    before: host(off, null),
    expect: { steps: [place(TEXT)], after: host(TEXT, null) },
  },
  {
    name: "another policy",
    args: { policy: "mls", state: "enforcing" },
    before: host(TEXT, "1"),
    expect: { steps: [place(TEXT.replace("targeted", "mls"))] },
  },
  {
    name: "a configuration that says nothing",
    args: { policy, state: "enforcing" },
    before: host("# none", "1"),
    expect: { after: host("# none\nSELINUXTYPE=targeted\nSELINUX=enforcing\n", "1") },
  },
  {
    name: "no SELinux",
    args: { policy, state: "enforcing" },
    before: {},
    expect: { failure: /Unable to find file \/etc\/selinux\/config/ },
  },
  {
    name: "no policy named",
    args: { state: "permissive" },
    before: host(TEXT, "1", false),
    expect: { failure: /Policy is required if state is not 'disabled'/ },
  },
  {
    name: "a policy that is not there",
    args: { policy: "mls", state: "enforcing" },
    before: host(TEXT, "1", false),
    expect: { failure: /Policy mls does not exist in \/etc\/selinux\// },
  },
  {
    name: "no name of a policy",
    args: { policy: "../x", state: "enforcing" },
    before: {},
    expect: { failure: /not the name of a policy/ },
  },
];

export const cases = table.map((one) => ({ ...one, module: selinux }));
