import type { AnyModule } from "../../../src/modules/index.ts";
import { modprobe } from "../../../src/modules/system/modprobe.ts";
import type { KernelModuleState } from "../../../src/probes/system/kernel_module.ts";
import { localFile, type Case } from "../case.ts";

// What the host answers of a module; absent everywhere unless said.
const found = (state: Partial<KernelModuleState> = {}): { module: KernelModuleState } => ({
  module: { kernel: "absent", boot: [], options: {}, ...state },
});
const BOOT = "/etc/modules-load.d/br_netfilter.conf";
const OPTIONS = "/etc/modprobe.d/br_netfilter.conf";
const name = "br_netfilter";

const table: Omit<Case, "module">[] = [
  {
    name: "a module is loaded",
    args: { name },
    before: found(),
    expect: { steps: ["modprobe -- br_netfilter "], after: found({ kernel: "loaded" }) },
  },
  {
    name: "with parameters, each a word",
    args: { name, params: "a=1  b=x y" },
    before: found(),
    expect: { steps: ["modprobe -- br_netfilter a=1 b=x y"] },
  },
  {
    name: "a loaded module stays",
    args: { name },
    before: found({ kernel: "loaded" }),
    expect: { unchanged: true },
  },
  {
    name: "what is built in counts as loaded",
    args: { name },
    before: found({ kernel: "builtin" }),
    expect: { unchanged: true },
  },
  {
    name: "a module is unloaded",
    args: { name, state: "absent" },
    before: found({ kernel: "loaded" }),
    expect: { steps: ["modprobe -r -- br_netfilter"], after: found() },
  },
  {
    name: "a module that is not there stays away",
    args: { name, state: "absent" },
    before: found(),
    expect: { unchanged: true },
  },
  {
    name: "what is built in cannot be unloaded",
    args: { name, state: "absent" },
    before: found({ kernel: "builtin" }),
    expect: { failure: /built into the kernel/ },
  },
  {
    name: "the next boot is left alone unless asked for",
    args: { name },
    before: found({ kernel: "loaded", boot: [BOOT] }),
    expect: { unchanged: true },
  },
  {
    name: "loaded at boot",
    args: { name, persistent: "present" },
    before: found({ kernel: "builtin" }),
    expect: {
      after: found({ kernel: "builtin", boot: [BOOT] }),
      also: {
        [`path ${BOOT}`]: {
          type: "file",
          mode: 0o644,
          size: 13,
          sha256: localFile("br_netfilter\n").sha256,
        },
      },
    },
  },
  {
    name: "loaded at boot already, by a file of another name",
    args: { name, persistent: "present" },
    before: found({ kernel: "loaded", boot: ["/etc/modules-load.d/k8s.conf"] }),
    expect: { unchanged: true },
  },
  {
    name: "loaded at boot with parameters",
    args: { name, persistent: "present", params: "a=1" },
    before: found({ kernel: "loaded" }),
    expect: { after: found({ kernel: "loaded", boot: [BOOT], options: { [OPTIONS]: ["a=1"] } }) },
  },
  {
    name: "parameters in another order are the same",
    args: { name, persistent: "present", params: "b=2 a=1" },
    before: found({ kernel: "loaded", boot: [BOOT], options: { [OPTIONS]: ["a=1", "b=2"] } }),
    expect: { unchanged: true },
  },
  {
    name: "other parameters elsewhere make room",
    args: { name, persistent: "present", params: "a=2" },
    before: found({
      kernel: "loaded",
      boot: [BOOT],
      options: { "/etc/modprobe.d/old.conf": ["a=1"] },
    }),
    expect: { after: found({ kernel: "loaded", boot: [BOOT], options: { [OPTIONS]: ["a=2"] } }) },
  },
  {
    name: "no longer loaded at boot",
    args: { name, state: "absent", persistent: "absent" },
    before: found({ boot: [BOOT], options: { [OPTIONS]: ["a=1"] } }),
    expect: { after: found() },
  },
  {
    name: "a name that could be code",
    args: { name: "x; reboot" },
    before: {},
    expect: { failure: /not the name of a kernel module/ },
  },
  {
    name: "parameters with quotes",
    args: { name, params: "a='b c'" },
    before: {},
    expect: { failure: /without quotes/ },
  },
];

export const cases: Case[] = table.map((one) => ({
  ...one,
  module: modprobe as unknown as AnyModule,
}));
