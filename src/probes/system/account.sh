# shellcheck shell=sh disable=SC2034 # variables of other functions
hw_user() {
  hw_l=$(getent passwd "$1") || {
    echo absent
    return
  }
  IFS=: read -r hw_n hw_x hw_u hw_g hw_c hw_h hw_s <<HW_EOF
$hw_l
HW_EOF
  hw_l=$(getent group | while IFS=: read -r hw_a hw_x hw_i hw_m; do
    [ "$hw_i" = "$hw_g" ] && printf '0 %s\n' "$hw_a"
    case ,$hw_m, in *",$hw_n,"*) printf '1 %s\n' "$hw_a" ;; esac
  done | sort -u)
  hw_m=
  while read -r hw_i hw_a; do case $hw_i in 0) hw_g=$hw_a ;; 1) hw_m=$hw_m$hw_a, ;; esac done <<HW_EOF
$hw_l
HW_EOF
  printf '%s %s %s [%s] %s %s %s' "$hw_n" "$hw_u" "$hw_g" "$hw_m" "$hw_h" "$hw_s" "$hw_c"
  [ "$2" = plain ] || hw_shadow "$hw_n"
  echo
}
hw_shadow() {
  hw_l=$(getent shadow "$1")
  IFS=: read -r hw_x hw_p hw_x hw_i hw_a hw_x hw_x hw_l hw_x <<HW_EOF
$hw_l
HW_EOF
  hw_k=open
  while :; do case $hw_p in '!'*)
    hw_k=locked
    hw_p=${hw_p#!}
    ;;
  *) break ;; esac done
  hw_p=$(printf %s "$hw_p" | sha256sum)
  printf ' %s %s %s %s %s' "${hw_p%% *}" "$hw_k" "${hw_l:--1}" "${hw_i:--1}" "${hw_a:--1}"
}
