# shellcheck shell=sh
hw_inventory() {
  hw_k=$1
  hw_parts=$2
  hw_details=$3
  shift 3
  hw_l=$("$@" version 2>/dev/null) || {
    echo "inventory $hw_k down"
    return
  }
  echo "inventory $hw_k up"
  printf '%s\n' "$hw_l" | sed 's/^/version /'
  for hw_p in $hw_parts; do
    "$@" "$hw_p" ls 2>/dev/null | sed "1d;s/^/$hw_p /"
    [ "$hw_p" = images ] && "$@" images check 2>/dev/null | sed '1d;s/^/check /'
    case "$hw_p$hw_details" in tasks1) ;; *) continue ;; esac
    for hw_n in $("$@" tasks ls -q 2>/dev/null); do
      printf 'metrics %s %s\n' "$hw_n" "$("$@" tasks metrics --format json "$hw_n" 2>/dev/null | base64 | tr -d '\n')"
      "$@" tasks ps "$hw_n" 2>/dev/null | sed "1d;s/^/ps $hw_n /"
    done
  done
}
