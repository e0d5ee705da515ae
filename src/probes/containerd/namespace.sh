# `ctr namespaces ls` prints NAME LABELS; the labels may be none.
# shellcheck shell=sh disable=SC2154 # variables of other functions
hw_namespace() {
  hw_k=$1
  hw_p=$2
  shift 2
  [ "$hw_up" = yes ] || {
    echo "namespace $hw_k down"
    return
  }
  while read -r hw_n hw_r; do
    [ "$hw_n" = "$hw_p" ] || continue
    echo "namespace $hw_k there ${hw_r:--}"
    for hw_t in images containers tasks; do "$@" "$hw_t" ls -q 2>/dev/null | sed "s/^/$hw_t /"; done
    return
  done <<HW_EOF
$hw_spaces
HW_EOF
  echo "namespace $hw_k absent"
}
