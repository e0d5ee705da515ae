import type { Play } from "../playbook/play.ts";
import { keywordBool } from "../playbook/nodes.ts";
import { batchesOf } from "./batches.ts";
import type { Emit } from "./event.ts";
import type { HostRun } from "./host-run.ts";
import { eachLimited } from "./limit.ts";

// Plans all hosts, so many at once.
export async function planAll(runs: readonly HostRun[], forks: number, emit: Emit): Promise<void> {
  emit({ kind: "planning", hosts: runs.length });
  await eachLimited(runs, forks, async (run) => {
    await run.plan();
    emit({ kind: "planned", run });
  });
}

/**
 * Does what was planned: play by play, in each the batches of `serial` one after another, in a batch all
 * hosts at once. A batch in which too many fail ends the run for all hosts.
 */
export async function applyAll(runs: readonly HostRun[], plays: readonly Play[], forks: number, emit: Emit): Promise<void> {
  for (const [number, play] of plays.entries()) {
    const mine = runs.filter((run) => run.host.plays.has(number));
    const batches = batchesOf(play, mine);
    for (const [at, batch] of batches.entries()) {
      const alive = batch.filter((run) => !run.unreachable && !run.broken);
      emit({ kind: "play", name: String(play.name?.value ?? `play ${number + 1}`), hosts: alive.length, batch: at + 1, batches: batches.length });
      await eachLimited(alive, forks, async (run) => {
        await run.apply(number, (entry, state) => emit({ kind: "step", host: run.host.name, entry, state }));
        emit({ kind: "host-done", run, play: number });
      });
      if (tooManyFailed(play, batch)) return;
    }
  }
}

// Ansible's rules: any_errors_fatal, a whole batch lost, or more than max_fail_percentage of it.
function tooManyFailed(play: Play, batch: readonly HostRun[]): boolean {
  const failed = batch.filter((run) => run.failed).length;
  if (failed === 0) return false;
  const percentage = play.keywords.get("max_fail_percentage");
  const allowed = percentage?.kind === "scalar" ? Number.parseFloat(String(percentage.value)) : 100;
  return keywordBool(play.keywords.get("any_errors_fatal")) === true || failed === batch.length || (failed / batch.length) * 100 > allowed;
}
