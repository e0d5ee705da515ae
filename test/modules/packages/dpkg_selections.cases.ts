import { dpkg_selections } from "../../../src/modules/packages/dpkg_selections.ts";
import type { Case } from "../case.ts";

const args = { name: "kubelet", selection: "hold" };

const table: Omit<Case, "module">[] = [
  { name: "held already", args, before: { selection: "hold" }, expect: { unchanged: true } },
  {
    name: "held now",
    args,
    before: { selection: "install" },
    expect: {
      steps: ["printf '%s %s\n' kubelet hold | dpkg --set-selections"],
      after: { selection: "hold" },
    },
  },
  {
    name: "not known",
    args,
    before: { selection: "" },
    expect: { failure: /does not know the package kubelet/ },
  },
  { name: "no dpkg", args, before: { selection: null }, expect: { failure: /no dpkg/ } },
  {
    name: "no name",
    args: { ...args, name: "-x" },
    before: {},
    expect: { failure: /not the name of a package/ },
  },
];

export const cases = table.map((one) => ({
  ...one,
  module: dpkg_selections,
}));
