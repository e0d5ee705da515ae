import type { Entry } from "../model/entry.ts";
import type { Added } from "../model/fleet.ts";
import type { Walk } from "../model/state.ts";

/** What a result may ask of the run itself. */
interface Asked {
  meta?: string;
  add_host?: {
    host_name: string;
    groups: readonly string[];
    host_vars: { [name: string]: unknown };
  };
  add_group?: string;
  parent_groups?: readonly string[];
}

// Does what a task asks of the run itself: meta, add_host and group_by.
export function applyRunAction(walk: Walk, { status, result }: Entry): void {
  if (status !== "ok" && status !== "changed") return;
  const { meta, add_host, add_group, parent_groups = [] } = result as Asked;
  if (meta !== undefined) DEEDS.get(meta)?.(walk);
  if (add_host)
    addToInventory(walk, {
      host: add_host.host_name,
      groups: add_host.groups,
      parents: [],
      vars: new Map(Object.entries(add_host.host_vars)),
    });
  if (add_group !== undefined)
    addToInventory(walk, {
      host: walk.host.name,
      groups: [add_group],
      parents: parent_groups,
      vars: new Map(),
    });
}

const DEEDS: ReadonlyMap<string, (walk: Walk) => void> = new Map<string, (walk: Walk) => void>([
  [
    "end_host",
    (walk) => {
      walk.ended = true;
    },
  ],
  [
    "end_play",
    ({ pass }) => {
      pass.ends = "play";
    },
  ],
  [
    "end_batch",
    ({ pass }) => {
      pass.ends = "batch";
    },
  ],
  [
    "clear_facts",
    ({ pass }) => {
      for (const name of pass.batch) forgetFacts(pass.walks.get(name));
    },
  ],
  [
    "clear_host_errors",
    ({ pass }) => {
      for (const name of pass.batch) pardon(pass.walks.get(name));
    },
  ],
]);

// The tasks that follow see the inventory with what was added.
function addToInventory({ pass }: Walk, added: Added): void {
  if (pass.partial) pass.coupled = true;
  pass.added.push(added);
}

function forgetFacts(walk: Walk | undefined): void {
  if (!walk) return;
  walk.facts.clear();
  walk.madeFacts.clear();
  walk.factsCleared = true;
}

// A failed host takes part again, from the next play on.
function pardon(walk: Walk | undefined): void {
  if (!walk?.failed) return;
  walk.clearedFailure = walk.failed;
  walk.failed = undefined;
}
