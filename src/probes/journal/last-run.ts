import { sh } from "../../script/sh.ts";
import type { PassingPart } from "../passing.ts";
import { JOURNAL_NAMES } from "./names.ts";
import { ask, ONCE, ProbeError, type Probe, type ProbeKind } from "../probe.ts";

/**
 * The run that changed the host last, as one text: the name of its journal, and before it `held`
 * while a run has the lock, `broken` where it broke off and may have left programs at work, else
 * `free`. A run that is about to change the host compares it with what there is once it has the
 * lock: where that is another run, or one that was at work, the host may be another than planned.
 * Who has the lock is seen by the descriptor of the shell that wrote `owner`, without a process; a
 * run that has just taken it may not have written that yet, but by then it will have a journal.
 */
export const lastRun: ProbeKind<null, string> = {
  name: "last-run",
  subject: () => "",
  holds: { asked: ONCE },
  script: () =>
    sh`hw_d=; for hw_q in "$HW_STATE_DIR"/journal/${JOURNAL_NAMES}; do [ ! -d "$hw_q" ] || hw_d=$hw_q; done
hw_w=free; hw_p=; { read -r hw_l; read -r hw_p; } < "$HW_STATE_DIR/owner"
if [ "$HW_STATE_DIR/lock" -ef "/proc/\${hw_p:-none}/fd/9" ]; then hw_w=held
elif [ -e "$hw_d/out" ]; then hw_w=broken; fi
printf '%s %s\n' "$hw_w" "\${hw_d##*/}"`,
  parse(output, args) {
    const found = /^(?:free|held|broken) [^\n]*(?=\n$)/.exec(output);
    if (!found) throw new ProbeError("the answer about the last run is truncated or garbled");
    return args.map(() => found[0]);
  },
};

// Asks which run changed the host last.
export function askLastRun(): Probe<string> {
  return ask(lastRun, null);
}

/** Nothing that is planned depends on which run was the last one. */
export const passingRuns: PassingPart<string> = {
  kind: lastRun.name,
  withoutText: () => "",
};
