# shellcheck shell=sh disable=SC2086 # lists of process ids
# hw_below PIDS: sets $hw_all to them and to all that they have started. hw_within SECONDS PID GRACE: waits for a child of this
# shell, and answers how it ended, or 124 when its time was over; it has GRACE seconds to end by itself then.
hw_below() {
  hw_all=$1
  hw_found=1
  while [ -n "$hw_found" ]; do
    hw_found=
    for hw_stat in /proc/[0-9]*/stat; do
      { read -r hw_line <"$hw_stat"; } 2>/dev/null || continue
      hw_one=${hw_line%% *}
      set -- ${hw_line##*) }
      case " $hw_all " in
      *" $hw_one "*) ;;
      *" $2 "*)
        hw_all="$hw_all $hw_one"
        hw_found=1
        ;;
      esac
    done
  done
}
hw_within() {
  hw_end=$(($(cut -d. -f1 /proc/uptime) + $1))
  (
    sleep "$1"
    hw_below "$2"
    kill -TERM $hw_all
    sleep "$3"
    kill -KILL $hw_all
  ) </dev/null >/dev/null 2>&1 &
  hw_watch=$!
  wait "$2"
  hw_code=$?
  [ "$hw_code" = 0 ] || [ "$(cut -d. -f1 /proc/uptime)" -lt "$hw_end" ] || {
    wait "$hw_watch"
    return 124
  }
  hw_below "$hw_watch"
  kill -KILL $hw_all 2>/dev/null
  wait "$hw_watch" 2>/dev/null
  return "$hw_code"
}
