import { TaskFailure } from "../../errors.ts";
import { statPath, type PathState } from "../../probes/files/path.ts";
import { Unknown } from "../../value.ts";
import { mustBeAccessible, shownState } from "../shared/files/attributes.ts";
import { shownUrl } from "../shared/download/download.ts";
import type { Change, Controller, Module, StepOutput } from "../contract/module.ts";
import { hostPath } from "../shared/files/ownership.ts";
import { defined } from "../../defined.ts";
import { destOf, isRemote, optionsOf, schema, type UnarchiveArgs } from "./unarchive/args.ts";
import { observeRemote, planRemote, type RemoteState } from "./unarchive/remote.ts";
import {
  membersOf,
  observeShipped,
  planShipped,
  madeAt,
  type ShippedState,
} from "./unarchive/shipped.ts";

/**
 * What shows the state of the members: their own paths, or what the host has recorded about them.
 */
export type UnarchiveState = { dest: PathState; creates?: PathState } & (
  ShippedState | RemoteState
);

/**
 * Unpacks tar archives. Members of the controller's archives are known, so each is compared for
 * itself; what was unpacked from an archive of the host is noted there, with the archive's digest.
 */
export const unarchive: Module<UnarchiveArgs, UnarchiveState> = {
  name: "unarchive",
  schema,
  observe(args, controller) {
    optionsOf(args);
    if (args.mode === "preserve")
      throw new TaskFailure(
        "mode: preserve is for files that are copied; without mode, the archive's modes are used",
      );
    const creates = args.creates === undefined ? undefined : hostPath(args.creates);
    return {
      dest: statPath(destOf(args), { follow: true }),
      ...defined({
        creates: creates === undefined ? undefined : statPath(creates, { follow: true }),
      }),
      ...(isRemote(args) ? observeRemote(args) : observeShipped(args, controller)),
    };
  },
  plan(args, before, controller) {
    if (before.creates) return null;
    if (mustBeAccessible(destOf(args), before.dest)?.type !== "directory")
      throw new TaskFailure(
        `the directory ${destOf(args)} does not exist`,
        "create it first, with the file module",
      );
    const change =
      "paths" in before ? planHere(args, before, controller) : planAtHost(args, before);
    return controller.isChecked ? null : change;
  },
  result(args, state, outputs, controller) {
    const skipped = whySkipped(args, state, controller);
    const files = args.list_files
      ? {
          files: !("paths" in state)
            ? listed(args, state, outputs)
            : membersOf(args, controller)
                .filter((member) => member.type !== "directory")
                .map((member) => member.path),
        }
      : {};
    return {
      dest: destOf(args),
      src: shownUrl(args.src),
      ...shownState(state.dest),
      ...defined({ skipped: skipped === undefined ? undefined : true, msg: skipped }),
      ...files,
    };
  },
};

// Why nothing is unpacked, in Ansible's words: tar cannot say what it would do.
function whySkipped(
  { creates }: UnarchiveArgs,
  state: UnarchiveState,
  { isChecked }: Controller,
): string | undefined {
  if (state.creates) return `skipped, since ${creates} exists`;
  return isChecked ? NOT_CHECKABLE : undefined;
}

const NOT_CHECKABLE =
  "remote module (ansible.legacy.unarchive) does not support check mode when using gtar";

// The change of what is unpacked from an archive of the controller.
function planHere(
  args: UnarchiveArgs,
  before: UnarchiveState & ShippedState,
  controller: Controller,
): Change<UnarchiveState> | null {
  const change = planShipped(args, before, controller);
  if (!change || args.creates === undefined) return withDest(change, before);
  const made = madeAt(change, hostPath(args.creates));
  return withDest(change, made ? { ...before, creates: made } : before);
}

// The change of what the host unpacks. Into a directory that this run makes nothing is unpacked
// yet, whatever was noted of one that was there before; once it is, the directory is like any
// other.
function planAtHost(
  args: UnarchiveArgs,
  before: UnarchiveState & RemoteState,
): Change<UnarchiveState> | null {
  if (before.dest?.isNew !== true) return withDest(planRemote(args, before), before);
  const { isNew: _, ...dest } = before.dest;
  return withDest(planRemote(args, { ...before, members: null }), { ...before, dest });
}

// A change of what is unpacked, with what else the task has asked for.
function withDest<S extends ShippedState | RemoteState>(
  change: Change<S> | null,
  { dest, creates }: Pick<UnarchiveState, "dest" | "creates">,
): Change<UnarchiveState> | null {
  return change && { ...change, after: { dest, ...defined({ creates }), ...change.after } };
}

// The files of an archive that only the host knows: from its list, or from what the step printed.
function listed(
  args: UnarchiveArgs,
  { members }: RemoteState,
  outputs: StepOutput[] | undefined,
): string[] | Unknown {
  const start = destOf(args).length + (destOf(args) === "/" ? 0 : 1);
  if (members?.files) return members.files.map((path) => path.slice(start));
  if (!outputs) return new Unknown("what is in the archive");
  return outputs.flatMap(({ stdout }) =>
    [...stdout.matchAll(/^file (.*)$/gm)].map((match) => match[1]!),
  );
}
