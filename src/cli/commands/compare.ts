import {
  compareSteps,
  countLikenesses,
  renderComparison,
  type Compared,
} from "../../report/comparison.ts";
import { screen } from "../../report/screen.ts";
import { ansiblePlaybook, askAnsible } from "../compare/ansible.ts";
import { ansibleArguments, ansibleSettings } from "../compare/arguments.ts";
import { ourSteps } from "../compare/ours.ts";
import { playbookPath } from "../playbook-path.ts";
import { withRun } from "../run/with-run.ts";
import type { CompareFlags } from "../settings/compare-options.ts";
import type { RunFlags } from "../settings/options.ts";
import { planUnlessStopped } from "../stop/interruption.ts";
import { unlessStopped } from "../stop/stop.ts";

// `hullwright compare PLAYBOOK`: our plan and the result of Ansible's check mode, task by task;
// nothing is changed. Exit codes: 0 nothing is different, 2 something is different, not supported
// or not reached, 1 a mistake, 4 unreachable.
export async function compareCommand(
  names: readonly string[],
  flags: CompareFlags,
): Promise<number> {
  const program = ansiblePlaybook();
  const given: RunFlags = { ...flags, check: true, ignoreFailures: true };
  if (flags.format === "json") given.json = true;
  return withRun(names, given, "compare", async (doing) => {
    const { prepared, progress, stop, print } = doing;
    await planUnlessStopped(doing);
    await progress.end();
    if (screen.isLive) print(["Asking ansible-playbook --check; this may take a while."]);
    const args = ansibleArguments(names.map(playbookPath), flags, () =>
      prepared.runs.map(({ host }) => host.name),
    );
    const theirs = await unlessStopped(
      stop.soon,
      askAnsible({ program, args, env: ansibleSettings(flags), signal: stop.soon }),
    );
    const compared = prepared.runs.flatMap((run) => {
      const ours = ourSteps(run);
      const { name } = run.host;
      return compareSteps(name, theirs.get(name) ?? { steps: [] }, ours);
    });
    if (flags.format === "json")
      screen.json(prepared.mask.hideIn({ sum: countLikenesses(compared), tasks: compared }));
    else print(renderComparison(compared, flags.verbose > 0));
    if (prepared.runs.some(({ unreachable }) => unreachable !== undefined)) return 4;
    return isAlike(compared) ? 0 : 2;
  });
}

// Whether nothing was found that Ansible would do otherwise.
function isAlike(compared: readonly Compared[]): boolean {
  return compared.every(({ likeness }) => likeness === "same" || likeness === "untold");
}
