/**
 * `hw_within SECONDS PID` waits for a child of this shell, and answers how it ended. Once its time is over, it is ended with all that
 * it has started, and the answer is 124, as timeout(1) has it: that program cannot run what needs the functions of this shell.
 */
import { sh, type Script } from "./sh.ts";

/** How long a program may take to end by itself once its time is over, in seconds. */
export const GRACE = 2;

const LIMIT_FUNCTIONS = `hw_below() {
  hw_all=$1; hw_found=1
  while [ -n "$hw_found" ]; do
    hw_found=
    for hw_stat in /proc/[0-9]*/stat; do
      { read -r hw_line < "$hw_stat"; } 2>/dev/null || continue
      hw_one=\${hw_line%% *}; set -- \${hw_line##*) }
      case " $hw_all " in
        *" $hw_one "*) ;;
        *" $2 "*) hw_all="$hw_all $hw_one"; hw_found=1 ;;
      esac
    done
  done
}
hw_within() {
  hw_end=$(($(date +%s) + $1))
  ( sleep "$1"; hw_below "$2"; kill -TERM $hw_all; sleep ${GRACE}; kill -KILL $hw_all ) </dev/null >/dev/null 2>&1 &
  hw_watch=$!
  wait "$2"; hw_code=$?
  [ "$hw_code" = 0 ] || [ "$(date +%s)" -lt "$hw_end" ] || { wait "$hw_watch"; return 124; }
  hw_below "$hw_watch"; kill -KILL $hw_all 2>/dev/null; wait "$hw_watch" 2>/dev/null
  return "$hw_code"
}`;

// A script that runs within a time. `of`: the file in which several scripts that share it keep when it is over; the first writes it.
export function within(
  seconds: number,
  run: Script,
  of?: { file: Script; isFirst: boolean },
): Script {
  const begin = sh`hw_left=${seconds}`;
  const shared = of
    ? sh`[ -z ${{ sh: of.isFirst ? "1" : "''" }} ] || echo "$(($(date +%s) + ${seconds}))" > ${of.file}
read -r hw_left < ${of.file}; hw_left=$((hw_left - $(date +%s))); [ "$hw_left" -gt 0 ] || exit 124`
    : begin;
  return sh`${{ sh: LIMIT_FUNCTIONS }}
${shared}
(
${run}
) &
hw_within "$hw_left" "$!"`;
}
