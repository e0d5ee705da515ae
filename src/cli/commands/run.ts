import { InputError } from "../../errors.ts";
import type { RunFlags } from "../settings/options.ts";
import { applyToHosts, planHosts, type HostWork } from "../run/flow.ts";
import { HostsHere } from "../run/here.ts";
import { refuseForeign } from "../run/saved-plan.ts";
import { withRun } from "../run/with-run.ts";
import type { Remembering } from "../remembered/remembering.ts";
import type { Doing } from "../run/doing.ts";
import { ownProgram, workersFor } from "../cores/workers.ts";
import {
  ChangedSinceError,
  openPlan,
  refuseChanged,
  refusePlan,
  warnOfGone,
  type OpenPlan,
} from "../run/open-plan.ts";

/** Finds who does the hosts of a run, and lets go of them when the work is done. */
export type Reach = (
  doing: Doing,
  saved: OpenPlan | undefined,
  work: (hosts: HostWork) => Promise<number>,
) => Promise<number>;

// This program does the hosts, or processes that it starts for that.
function here(command: "plan" | "apply"): Reach {
  return async (doing, saved, work) => {
    const program = ownProgram("part");
    if (doing.prepared.parts.length === 1 || !program) return work(new HostsHere(doing, saved));
    const { withWorkers } = await import("../cores/apart.ts");
    return withWorkers(doing, saved, program, command, work);
  };
}

// `hullwright plan`, and `apply --check`: shows what would change. Exit codes: 0 nothing, 2
// changes, 1 error, 4 unreachable.
export async function planCommand(
  names: readonly string[],
  flags: RunFlags,
  reach: Reach = here("plan"),
  remembering?: Remembering,
): Promise<number> {
  names.forEach(refusePlan);
  if (flags.out !== undefined) refuseForeign(flags.out);
  return withRun(
    names,
    flags,
    "plan",
    (doing) => reach(doing, undefined, (hosts) => planHosts(doing, hosts)),
    { workers: workersFor, remembering },
  );
}

// `hullwright apply`: plans, asks, does it. Exit codes: 0 converged, 2 a host failed, 1 error
// before anything was done, 4 unreachable.
export async function applyCommand(
  names: readonly string[],
  flags: RunFlags,
  reach: Reach = here("apply"),
  remembering?: Remembering,
): Promise<number> {
  const saved = await openPlan(names, flags);
  if (!saved && flags.check) return planCommand(names, flags, reach, remembering);
  try {
    const unsaved = saved ? undefined : remembering;
    return await applyPlaybooks(
      saved?.playbooks ?? names,
      saved?.flags ?? flags,
      reach,
      saved,
      unsaved,
    );
  } catch (error) {
    if (saved && error instanceof InputError && !(error instanceof ChangedSinceError))
      refuseChanged(saved);
    throw error;
  }
}

async function applyPlaybooks(
  names: readonly string[],
  flags: RunFlags,
  reach: Reach,
  saved: OpenPlan | undefined,
  remembering: Remembering | undefined,
): Promise<number> {
  const work = async (doing: Doing): Promise<number> => {
    if (saved) checkHosts(saved, doing.prepared.names);
    return reach(doing, saved, (hosts) => applyToHosts(doing, hosts, saved));
  };
  // a plan that is of no more use is refused before any host is asked
  const holdsBack = saved !== undefined && saved.changes.length > 0;
  return withRun(names, flags, "apply", work, { workers: workersFor, remembering, holdsBack });
}

// Refuses a saved plan that was made from other files, else warns of its hosts that are missing.
function checkHosts(saved: OpenPlan, names: readonly string[]): void {
  refuseChanged(saved, names);
  warnOfGone(saved, names);
}
