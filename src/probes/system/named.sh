# shellcheck shell=sh
# Prints a line for each name: y, n, or - where this cannot be said. $1: getent's database, $2: find's test for its names.
hw_named() {
  hw_d=$1 hw_t=$2
  shift 2
  if getent "$hw_d" "$@" >/dev/null 2>&1; then
    for hw_n; do echo y; done
    return
  fi
  for hw_n; do
    getent "$hw_d" "$hw_n" >/dev/null 2>&1
    case $? in
    0) echo y ;;
    2) echo n ;;
    *)
      # find looks names up as chown does, before it looks at any file
      if ! find / -prune "$hw_t" 0 >/dev/null 2>&1; then
        echo -
      elif find / -prune "$hw_t" "$hw_n" >/dev/null 2>&1; then
        echo y
      else
        echo n
      fi
      ;;
    esac
  done
}
