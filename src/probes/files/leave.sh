# Prints what may be done with each path: the shell finds it out itself, without any process.
# shellcheck shell=sh
hw_leave() {
  hw_d=${1%/*}
  hw_w=n
  hw_o=n
  while [ ! -e "${hw_d:-/}" ] && [ -n "$hw_d" ]; do hw_d=${hw_d%/*}; done
  [ ! -w "${hw_d:-/}" ] || [ ! -x "${hw_d:-/}" ] || hw_w=y
  [ ! -L "$1" ] || hw_w=-
  [ ! -O "$1" ] || hw_o=y
  printf '%s%s %s\0' "$hw_w" "$hw_o" "${hw_d:-/}"
}
