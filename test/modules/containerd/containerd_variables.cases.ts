import { containerd_variables } from "../../../src/modules/containerd/containerd_variables.ts";
import type { AnyModule } from "../../../src/modules/index.ts";
import type { Case } from "../case.ts";

const module = containerd_variables as unknown as AnyModule;
const known = ["containerd_snapshotter", "containerd_registries", "containerd_version", "runc_url"];

export const cases: Case[] = [
  {
    name: "names that are known, and names of others",
    module,
    args: { known, names: ["runc_url", "containerd_storage_dir", "containerd_version_of_old"] },
    before: {},
    expect: { unchanged: true },
  },
  ...(
    [
      ["containerd_snapshoter", "containerd_snapshotter"],
      ["containerd_registry", "containerd_registries"],
      ["runc_urls", "runc_url"],
    ] as const
  ).map(([name, meant]): Case => ({
    name: `misspelled: ${name}`,
    module,
    args: { known, names: [name] },
    before: {},
    expect: { failure: new RegExp(`there is no variable ${name}: did you mean ${meant}\\?`) },
  })),
];
