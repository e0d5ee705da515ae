import { TaskFailure } from "../../errors.ts";
import { askSelection, type SelectionState } from "../../probes/packages/selection.ts";
import { sh, type Script } from "../../script/sh.ts";
import type { Module } from "../contract/module.ts";
import type { ArgsOf, Schema } from "../contract/schema.ts";
import { fieldDiff } from "../contract/diff.ts";

const schema = {
  description: "Sets what dpkg should do with a package: upgrade, hold or remove it.",
  example: `name: The kubelet is upgraded on purpose only
dpkg_selections: {name: kubelet, selection: hold}`,
  returns: ["before, after: the selection before and now"],
  arguments: {
    name: { type: "str", required: true, description: "The package." },
    selection: {
      type: "str",
      required: true,
      choices: ["install", "hold", "deinstall", "purge"],
      description: "What dpkg should do with it.",
    },
  },
} as const satisfies Schema;

type SelectionArgs = ArgsOf<typeof schema>;
type State = { selection: SelectionState };

/** What dpkg should do with a package when it is next asked. */
export const dpkg_selections: Module<SelectionArgs, State> = {
  name: "dpkg_selections",
  schema,
  observe({ name }) {
    if (!/^[a-z0-9][a-z0-9+.-]*(:[a-z0-9-]+)?$/.test(name))
      throw new TaskFailure(`"${name}" is not the name of a package`);
    return { selection: askSelection(name) };
  },
  plan({ name, selection: wanted }, { selection }) {
    if (selection === null)
      throw new TaskFailure("the host has no dpkg", "it is for Debian's hosts");
    if (selection === wanted) return null;
    const before = selection || "not present";
    if (selection === "")
      throw new TaskFailure(`dpkg does not know the package ${name}`, "install it before");
    return {
      after: { selection: wanted },
      steps: [{ run: select(name, wanted), undo: select(name, selection) }],
      diff: [fieldDiff(name, before, wanted)],
      result: { before, after: wanted },
    };
  },
  result: ({ selection }, _state, outputs) =>
    outputs ? {} : { before: selection, after: selection },
};

function select(name: string, selection: string): Script {
  return sh`printf '%s %s\n' ${name} ${selection} | dpkg --set-selections`;
}
