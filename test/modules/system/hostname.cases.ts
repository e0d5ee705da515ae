import { hostname } from "../../../src/modules/system/hostname.ts";
import type { Case } from "../case.ts";

const KEEP = "hw_keep /etc/hostname || exit 1";
const STATIC = `{ [ -d /run/systemd/system ] && command -v hostnamectl >/dev/null && hostnamectl --pretty --static set-hostname n1.example.com 2>/dev/null; } || {
  printf '%s\n' n1.example.com > "$HW_ENTRY_DIR/hostname" && hw_place "$HW_ENTRY_DIR/hostname" /etc/hostname 0644 '' '' || exit 1
}`;
const CURRENT = `{ [ -d /run/systemd/system ] && command -v hostnamectl >/dev/null && hostnamectl --transient set-hostname n1.example.com 2>/dev/null; } || hostname n1.example.com 2>/dev/null || printf '%s\n' n1.example.com > /proc/sys/kernel/hostname || exit 1`;
const name = "n1.example.com";

const table: Omit<Case, "module">[] = [
  {
    name: "the name it has",
    args: { name },
    before: { names: { static: name, current: name } },
    expect: { unchanged: true },
  },
  {
    name: "a new name",
    args: { name },
    before: { names: { static: "old", current: "old" } },
    expect: {
      steps: [`${KEEP}\n${STATIC}\n${CURRENT}`],
      after: { names: { static: name, current: name } },
      also: { "path /etc/hostname": { type: "file", mode: 0o644, sha256: null } },
    },
  },
  {
    name: "a name that the next boot would lose",
    args: { name },
    before: { names: { static: "", current: name } },
    expect: { steps: [`${KEEP}\n${STATIC}`] },
  },
  {
    name: "a name that somebody changed for now",
    args: { name },
    before: { names: { static: name, current: "dhcp-7" } },
    expect: { steps: [`${KEEP}\n${CURRENT}`], also: {} },
  },
  ...["-x", "a_b", "a..b", "", "a b", "x".repeat(65), "a;reboot"].map((wrong) => ({
    name: `not "${wrong}"`,
    args: { name: wrong },
    before: {},
    expect: { failure: /cannot be the name of a host/ },
  })),
];

export const cases: Case[] = table.map((one) => ({
  module: hostname,
  ...one,
}));
