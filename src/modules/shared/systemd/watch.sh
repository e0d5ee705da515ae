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
  while IFS='=' read -r hw_k hw_v; do
    case $hw_k in
    ActiveState) hw_a=$hw_v ;; SubState) hw_sub=$hw_v ;; NRestarts) hw_n=$hw_v ;; InvocationID) hw_inv=$hw_v ;;
    Result) hw_res=$hw_v ;; Type) hw_type=$hw_v ;; NeedDaemonReload) hw_reload=$hw_v ;;
    esac
  done <<HW_EOF
$(systemctl show -pActiveState -pSubState -pNRestarts -pInvocationID -pResult -pType -pNeedDaemonReload -- "$1")
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
hw_tell() {
  hw_props "$hw_u"
  journalctl --sync 2>/dev/null
  printf '%s did not come up: %s (%s), result %s\n' "$hw_u" "$hw_a" "$hw_sub" "$hw_res"
  case $hw_said in '' | *journalctl*) ;; *) printf '%s\n' "$hw_said" ;; esac
  hw_j=$(journalctl -u "$hw_u" --no-pager -o cat --since "@$hw_since" 2>/dev/null)
  printf '%s\n' "$hw_j" | grep -m 1 -E '(fatal error|panic): '
  printf '%s\n' "$hw_j" | tail -n 12
  exit 1
} >&2
