/**
 * `hw_within SECONDS PID` waits for a child of this shell, and answers how it ended. Once its time
 * is over, it is ended with all that it has started, and the answer is 124, as timeout(1) has it:
 * that program cannot run what needs the functions of this shell.
 */
import FUNCTIONS from "./limit.sh?raw";
import { UPTIME } from "./clock.ts";
import { sh, type Script } from "./sh.ts";

/** How long a program may take to end by itself once its time is over, in seconds. */
export const GRACE = 2;

// A script that runs within a time. `of`: the file in which several scripts that share it keep when
// it is over; the first writes it.
export function within(
  seconds: number,
  run: Script,
  of?: { file: Script; isFirst: boolean },
): Script {
  const begin = sh`hw_left=${seconds}`;
  const shared = of
    ? sh`[ -z ${{ sh: of.isFirst ? "1" : "''" }} ] || echo "$((${UPTIME} + ${seconds}))" > ${of.file}
read -r hw_left < ${of.file}; hw_left=$((hw_left - ${UPTIME})); [ "$hw_left" -gt 0 ] || exit 124`
    : begin;
  return sh`${{ sh: FUNCTIONS }}
${shared}
(
${run}
) &
hw_within "$hw_left" "$!" ${GRACE}`;
}
