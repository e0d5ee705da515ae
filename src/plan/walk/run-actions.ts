import { clearFacts } from "../scope/facts.ts";
import type { MetaAction, RunAction } from "../../modules/contract/module.ts";
import { hasStatus, type Entry } from "../model/entry.ts";
import type { Added } from "../model/fleet.ts";
import { couple, takeFailure, type Pass, type Walk } from "../model/state.ts";
import { setEnded, setEnds } from "../model/ends.ts";

// Does what a task asks of the run itself, unless it is skipped or has failed. Handlers that are
// flushed are walked by the caller.
export function applyRunAction(walk: Walk, entry: Entry): void {
  const isDone = hasStatus(entry, "ok") || hasStatus(entry, "changed");
  if (entry.action && isDone) act(walk, entry.action);
}

// Whether the handlers that were notified by now run at this point.
export function flushesHandlers(entry: Entry): boolean {
  return entry.action?.kind === "flush_handlers" && hasStatus(entry, "ok");
}

function act(walk: Walk, action: RunAction): void {
  switch (action.kind) {
    case "add_host": {
      const { host, groups, vars } = action;
      return addToInventory(walk, {
        host,
        groups,
        parents: [],
        vars: new Map(Object.entries(vars)),
      });
    }
    case "add_group": {
      const { group, parents } = action;
      return addToInventory(walk, {
        host: walk.host.name,
        groups: [group],
        parents,
        vars: new Map(),
      });
    }
    case "rollback": // the caller walks it
      return;
    default:
      return actMeta(walk, action.kind);
  }
}

// The actions of meta; the steps of a task do what is done on the host (reset_connection).
function actMeta(walk: Walk, kind: MetaAction): void {
  const { pass } = walk;
  switch (kind) {
    case "end_host":
      setEnded(walk, true);
      return;
    case "end_play":
      setEnds(pass, "play");
      return;
    case "end_batch":
      setEnds(pass, "batch");
      return;
    case "clear_facts":
      for (const one of batchOf(pass)) clearFacts(one);
      return;
    case "clear_host_errors":
      for (const one of batchOf(pass)) clearFailure(one);
      return;
    case "flush_handlers":
    case "refresh_inventory":
    case "reset_connection":
    case "noop":
  }
}

// The walks of the batch, as far as this pass holds them.
function batchOf({ batch, walks }: Pass): Walk[] {
  return batch.flatMap((name) => walks.get(name) ?? []);
}

// The tasks that follow see the inventory with what was added.
function addToInventory({ pass }: Walk, added: Added): void {
  couple(pass);
  pass.added.push(added);
}

// A failed host takes part again, from the next play on.
function clearFailure(walk: Walk): void {
  if (!walk.failed) return;
  walk.clearedFailure = takeFailure(walk);
}
