import { TaskFailure } from "../../errors.ts";
import { statPath, type PathState } from "../../probes/files/path.ts";
import type { Probe } from "../../probes/probe.ts";
import type { Json } from "../../value.ts";
import { Unknown } from "../../value.ts";
import { seen, shownState } from "../shared/files/attributes.ts";
import { shownUrl } from "../shared/download/download.ts";
import type { Module, StepOutput } from "../contract/module.ts";
import { hostPath } from "../shared/files/ownership.ts";
import { destOf, isRemote, optionsOf, schema, type UnarchiveArgs } from "./unarchive/args.ts";
import { observeRemote, planRemote, type RemoteState } from "./unarchive/remote.ts";
import {
  membersOf,
  observeShipped,
  planShipped,
  withCreates,
  type ShippedState,
} from "./unarchive/shipped.ts";

/** `dest`, `creates`, and what shows the state of the members: their own paths, or what the host has recorded about them. */
export type UnarchiveState = { [name: string]: Json };

/**
 * Unpacks tar archives. Members of the controller's archives are known, so each is compared for itself; what was
 * unpacked from an archive of the host is noted there, with the archive's digest.
 */
export const unarchive: Module<UnarchiveArgs, UnarchiveState> = {
  name: "unarchive",
  schema,
  observe(args, given) {
    optionsOf(args);
    if (args.mode === "preserve")
      throw new TaskFailure(
        "mode: preserve is for files that are copied; without mode, the archive's modes are used",
      );
    const probes: { [name: string]: Probe<Json> } = {
      dest: statPath(destOf(args), { follow: true }),
    };
    if (args.creates !== undefined)
      probes["creates"] = statPath(hostPath(args.creates), { follow: true });
    return {
      ...probes,
      ...((isRemote(args) ? observeRemote(args) : observeShipped(args, given)) as {
        [name: string]: Probe<Json>;
      }),
    };
  },
  plan(args, before, given) {
    const [dest, creates] = [
      before["dest"] as PathState,
      before["creates"] as PathState | undefined,
    ];
    if (creates) return null;
    if (seen(destOf(args), dest)?.type !== "directory")
      throw new TaskFailure(
        `the directory ${destOf(args)} does not exist`,
        "create it first, with the file module",
      );
    if (isRemote(args)) return planRemote(args, before as RemoteState);
    const change = planShipped(args, before as ShippedState, given);
    return change && args.creates !== undefined
      ? withCreates(change, hostPath(args.creates))
      : change;
  },
  result(args, state, outputs, given) {
    const skipped = state["creates"]
      ? { skipped: true, msg: `skipped, since ${args.creates} exists` }
      : {};
    const files = args.list_files
      ? {
          files: isRemote(args)
            ? listed(args, state as RemoteState, outputs)
            : membersOf(args, given)
                .filter((member) => member.type !== "directory")
                .map((member) => member.path),
        }
      : {};
    return {
      dest: destOf(args),
      src: shownUrl(args.src),
      ...shownState(state["dest"] as PathState),
      ...skipped,
      ...files,
    };
  },
};

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
