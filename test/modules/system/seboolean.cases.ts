import { seboolean } from "../../../src/modules/system/seboolean.ts";
import type { SebooleanState } from "../../../src/probes/system/seboolean.ts";
import type { Case } from "../case.ts";

const name = "container_use_devices";
const found = (on: boolean, boot: boolean | null = null): { boolean: SebooleanState } => ({
  boolean: { name, on, boot },
});
const KERNEL = `/sys/fs/selinux/booleans/${name}`;
const tell = (bit: string): string =>
  `printf %s ${bit} > ${KERNEL} && printf 1 > /sys/fs/selinux/commit_pending_bools`;

const table: Omit<Case, "module">[] = [
  {
    name: "it is switched on, for now",
    args: { name, state: true },
    before: found(false),
    expect: { steps: [tell("1")], after: found(true) },
  },
  {
    name: "it is switched off",
    args: { name, state: false },
    before: found(true),
    expect: { steps: [tell("0")], after: found(false) },
  },
  {
    name: "it is so",
    args: { name, state: true },
    before: found(true),
    expect: { unchanged: true },
  },
  {
    name: "also for the next boot",
    args: { name, state: true, persistent: true },
    before: found(false, false),
    expect: { steps: [`setsebool -P ${name} on`], after: found(true, true) },
  },
  {
    name: "it is so at boot, too",
    args: { name, state: true, persistent: true },
    before: found(true, true),
    expect: { unchanged: true },
  },
  {
    name: "on now, but not at boot",
    args: { name, state: true, persistent: true },
    before: found(true, false),
    expect: { steps: [`setsebool -P ${name} on`], after: found(true, true) },
  },
  {
    name: "at boot, but not now",
    args: { name, state: true, persistent: true },
    before: found(false, true),
    expect: { steps: [`setsebool -P ${name} on`], after: found(true, true) },
  },
  {
    name: "a host that does not say what the policy has",
    args: { name, state: false, persistent: true },
    before: found(false),
    expect: { steps: [`setsebool -P ${name} off`], after: found(false, false) },
  },
  {
    name: "by a name that stands for it",
    args: { name: "old_name", state: true },
    before: found(false),
    expect: { steps: [tell("1")] },
  },
  {
    name: "there is none",
    args: { name, state: true },
    before: { boolean: null },
    expect: { failure: /^SELinux boolean container_use_devices does not exist\.$/ },
  },
  {
    name: "a name that can be none",
    args: { name: "../x", state: true },
    before: { boolean: null },
    expect: { failure: /^SELinux boolean \.\.\/x does not exist\.$/ },
  },
  {
    name: "no SELinux",
    args: { name, state: true },
    before: { boolean: "disabled" },
    expect: { failure: /^SELinux is disabled on this host\.$/ },
  },
  {
    name: "no SELinux, and that is not asked",
    args: { name, state: true, ignore_selinux_state: true },
    before: { boolean: "disabled" },
    expect: { failure: /^Failed to get list of boolean names$/ },
  },
];

export const cases = table.map((one) => ({
  ...one,
  module: seboolean,
}));
