# A daemon of type simple counts as started before it had time to fail, so it is looked at again a moment later.
# shellcheck shell=sh disable=SC2034,SC2154 # variables of other functions
hw_props() {
  hw_a=
  hw_sub=
  hw_n=0
  hw_inv=
  hw_res=
  hw_type=
  hw_reload=
  hw_main=
  hw_group=
  while IFS='=' read -r hw_k hw_v; do
    case $hw_k in
    ActiveState) hw_a=$hw_v ;; SubState) hw_sub=$hw_v ;; NRestarts) hw_n=$hw_v ;; InvocationID) hw_inv=$hw_v ;;
    Result) hw_res=$hw_v ;; Type) hw_type=$hw_v ;; NeedDaemonReload) hw_reload=$hw_v ;;
    MainPID) hw_main=$hw_v ;; ControlGroup) hw_group=$hw_v ;;
    esac
  done <<HW_EOF
$(systemctl show -pActiveState -pSubState -pNRestarts -pInvocationID -pResult -pType -pNeedDaemonReload -pMainPID -pControlGroup -- "$1")
HW_EOF
}
hw_stays_up() {
  hw_props "$hw_u"
  hw_n0=$hw_n
  case $hw_type in simple | exec | idle)
    sleep 0.5
    hw_props "$hw_u"
    ;;
  oneshot)
    [ "$hw_res" = success ]
    return
    ;;
  esac
  case $hw_a in active | reloading | refreshing) ;; *) return 1 ;; esac
  # one more: systemd has started it again by itself. What was failing before has a number already.
  [ "$hw_verb" = reload ] || [ "$hw_n" = "$hw_n0" ]
}
# Beside a start: every two seconds the programs that have run since the last look, if the unit has started them since
# hw_before (the processes until then). They may be what the daemon waits for; whoever started them ends them when the time is over.
hw_attend() {
  hw_last=' '
  while sleep 2 >/dev/null 2>&1; do
    hw_props "$hw_u"
    hw_k=
    [ -z "$hw_group" ] || hw_k=$(cat "/sys/fs/cgroup/systemd$hw_group/cgroup.procs" "/sys/fs/cgroup$hw_group/cgroup.procs" | sort -n)
    hw_l=' '
    hw_o=
    for hw_p in $hw_k; do
      case "$hw_before $hw_main " in *" $hw_p "*) continue ;; esac
      hw_l="$hw_l$hw_p "
      case $hw_last in *" $hw_p "*) hw_o="$hw_o; $(tr '\0\n' '  ' <"/proc/$hw_p/cmdline" | cut -c 1-250)" ;; esac
    done
    [ -z "$hw_o" ] || printf 'did not end: %s\n' "${hw_o#; }"
    hw_last=$hw_l
  done
}
hw_attended() {
  hw_attend 2>/dev/null &
  hw_w=$!
  "$@" 2>&1
  hw_s=$?
  kill "$hw_w" 2>/dev/null
  wait "$hw_w" 2>/dev/null
  return "$hw_s"
}
hw_tell() {
  hw_props "$hw_u"
  journalctl --sync 2>/dev/null
  hw_k=$(printf '%s\n' "$hw_said" | sed -n 's/^did not end: //p' | tail -n 1 | cut -c 1-500)
  hw_said=$(printf '%s\n' "$hw_said" | sed '/^did not end: /d')
  [ "$hw_res" = timeout ] || hw_k=
  printf '%s did not come up: %s (%s), result %s%s\n' "$hw_u" "$hw_a" "$hw_sub" "$hw_res" "${hw_k:+, and what was started meanwhile did not end: ${hw_k% }}"
  case $hw_said in '' | *journalctl*) ;; *) printf '%s\n' "$hw_said" ;; esac
  hw_j=$(journalctl -u "$hw_u" --no-pager -o cat --since "@$hw_since" 2>/dev/null)
  printf '%s\n' "$hw_j" | grep -m 1 -E '(fatal error|panic): '
  printf '%s\n' "$hw_j" | tail -n 12
  exit 1
} >&2
