import { InputError } from "../../errors.ts";
import { shownFailure } from "../../plan/model/entry.ts";
import type { HostRun } from "../../run/host-run.ts";

// What can be seen to be wrong before anything is done on a host is refused.
export function refuseMistakes(run: HostRun): void {
  const mistake = mistakeIn(run);
  if (mistake) throw mistake;
}

// The mistake that the plan of a host shows.
export function mistakeIn({ walk, host }: HostRun): InputError | undefined {
  const failure = walk?.failed && shownFailure(walk.failed);
  if (!failure?.place) return undefined;
  return new InputError(
    `${failure.message} (task "${walk!.failed!.task}", host ${host.name})`,
    failure.place,
    failure.hint,
  );
}
