# hw_end_shells USER WORDS: ends the shells of a user that have WORDS in their command line, and what they have started.
# shellcheck shell=sh disable=SC2034 # a counter
hw_parent() {
  hw_s=
  { read -r hw_s <"/proc/$1/stat"; } 2>/dev/null || return 1
  # shellcheck disable=SC2086 # fields of stat
  set -- ${hw_s##*) }
  echo "$2"
}
hw_end_shells() (
  unset IFS
  hw_u=$(id -u "$1" 2>/dev/null) || exit 0
  hw_up=' '
  hw_p=$$
  while [ "${hw_p:-0}" -gt 1 ]; do hw_up="$hw_up$hw_p " hw_p=$(hw_parent "$hw_p"); done
  for hw_try in 1 2 3 4 5 6 7 8 9 10; do
    hw_own=$(stat -c '%u %n' /proc/[0-9]* 2>/dev/null | while read -r hw_x hw_n; do [ "$hw_x" != "$hw_u" ] || echo "${hw_n#/proc/}"; done)
    hw_found=' '
    for hw_p in $hw_own; do
      case $hw_up in *" $hw_p "*) continue ;; esac
      ! tr '\0' ' ' 2>/dev/null <"/proc/$hw_p/cmdline" | grep -q "$2" || hw_found="$hw_found$hw_p "
    done
    [ "$hw_found" != ' ' ] || exit 0
    hw_ends=$hw_found
    for hw_p in $hw_own; do
      case $hw_found in *" $(hw_parent "$hw_p") "*) hw_ends="$hw_ends$hw_p " ;; esac
    done
    # shellcheck disable=SC2086 # one word a process
    kill -KILL $hw_ends 2>/dev/null
    sleep 0.1 2>/dev/null || sleep 1
  done
)
