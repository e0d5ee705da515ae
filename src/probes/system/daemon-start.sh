# shellcheck shell=sh disable=SC2034 # variables of other functions
hw_running() {
  hw_pid=0
  hw_inv=
  hw_exec=
  hw_hit=
  while IFS= read -r hw_l; do
    case $hw_l in
    '')
      [ -z "$hw_hit" ] || break
      hw_pid=0
      hw_inv=
      hw_exec=
      ;;
    Names=*) case " ${hw_l#Names=} " in *" $1 "*) hw_hit=1 ;; esac ;;
    MainPID=*) hw_pid=${hw_l#*=} ;;
    InvocationID=*) hw_inv=${hw_l#*=} ;;
    ExecStart=*path=*)
      hw_exec=${hw_l#*path=}
      hw_exec=${hw_exec%% ;*}
      ;;
    esac
  done <<HW_EOF
${hw_units-}
HW_EOF
  [ -n "$hw_hit" ] || hw_pid=0
}
hw_evidence() {
  echo live
  read -r hw_l hw_k </proc/uptime
  printf 'now %s %s\n' "$(date +%s.%N)" "$hw_l"
  stat -L -c 'modified %.9Y %n
changed %.9Z %n' -- "$@"
  hw_sums >/dev/null
  hw_known "$@" | while IFS= read -r hw_l; do [ -z "$hw_l" ] || printf 'digest %s\n' "$hw_l"; done
  for hw_p; do
    [ "$hw_p" = "$hw_exec" ] || continue
    [ -e "/proc/$hw_pid/exe" ] || continue
    IFS= read -r hw_l <"$hw_p"
    case $hw_l in '#!'*) continue ;; esac
    # shellcheck disable=SC3013 # dash, bash and busybox know -ef
    [ "/proc/$hw_pid/exe" -ef "$hw_p" ] || printf 'replaced %s\n' "$hw_p"
  done
}
# the files of the note that are no longer asked for, and no longer there: with when their directory last changed
hw_gone() {
  while IFS= read -r hw_l; do
    case $hw_l in 'file - '*) continue ;; 'file '*' /'*) ;; *) continue ;; esac
    hw_p=/${hw_l#file * /}
    [ ! -f "$hw_p" ] || continue
    case $hw_asked in *"
$hw_p
"*) continue ;; esac
    echo live
    hw_k=${hw_p%/*}
    while [ -n "$hw_k" ] && [ ! -d "$hw_k" ]; do hw_k=${hw_k%/*}; done
    printf 'gone %s %s\n' "$(stat -L -c %.9Y -- "${hw_k:-/}")" "$hw_p"
  done <<HW_EOF
$hw_r
HW_EOF
}
hw_started() {
  hw_u=$1
  shift
  hw_r=
  hw_running "$hw_u"
  [ -n "$hw_hit" ] || {
    echo live
    hw_units=$(systemctl show -pNames -pMainPID -pInvocationID -pExecStart -- "$hw_u")
    hw_running "$hw_u"
  }
  [ -f "$HW_STATE_DIR/started/$hw_u" ] && hw_r=$(cat "$HW_STATE_DIR/started/$hw_u")
  printf '%s\n' "$hw_r"
  hw_old=
  case $hw_r in "invocation $hw_inv
"*"
drop-ins"*) ;; *) hw_old=1 ;; esac
  for hw_p; do case "$hw_r
" in *"file "*" $hw_p
"*) ;; *) hw_old=1 ;; esac done
  [ -z "$hw_old" ] || [ "$hw_pid" = 0 ] || [ $# = 0 ] || hw_evidence "$@"
  hw_asked="
"
  for hw_p; do
    hw_asked="$hw_asked$hw_p
"
  done
  [ -z "$hw_r" ] || hw_gone
  for hw_p; do
    # shellcheck disable=SC3013 # dash, bash and busybox know -nt
    case $hw_p in *.toml) [ "$hw_p" -nt "$HW_STATE_DIR/started/$hw_u" ] && printf 'current %s %s\n' "$(head -c 65537 -- "$hw_p" | base64 -w0)" "$hw_p" ;; esac
  done
}
