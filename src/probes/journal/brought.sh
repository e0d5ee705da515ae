# Prints the paths that an archive brought, by the list that a change's part of the journal has of them; and which of the
# files are not as they were brought: gone, or changed.
# shellcheck shell=sh
hw_brought() {
  [ -f "$1" ] || return 0
  while read -r hw_m hw_o hw_p; do
    case $hw_m in
    kept) printf 'path %s\n' "$hw_o${hw_p:+ $hw_p}" ;;
    is)
      if ! hw_s=$(stat -c %s:%.9Y -- "$hw_p" 2>/dev/null); then
        printf 'gone %s\n' "$hw_p"
      elif [ "$hw_s" != "$hw_o" ]; then
        printf 'changed %s\n' "$hw_p"
      fi
      ;;
    esac
  done <"$1"
}

# Fails, with the names, where files of archives are not as they were brought. The lists stand newest first; what $hw_but names
# (a path a line), or a newer list has, is put back before.
hw_as_brought() {
  hw_nl='
'
  hw_moved=
  for hw_f; do
    hw_l=$(hw_brought "$hw_f")
    while read -r hw_m hw_p; do
      case "$hw_m $hw_nl$hw_but$hw_nl" in path\ * | *"$hw_nl$hw_p$hw_nl"*) continue ;; esac
      hw_moved="$hw_moved$hw_nl$hw_p was changed by somebody else since"
    done <<HW_EOF
$hw_l
HW_EOF
    hw_but=$hw_but$hw_nl$(printf '%s\n' "$hw_l" | sed -n 's/^path //p')
  done
  [ -z "$hw_moved" ] || {
    printf '%s\n' "nothing is undone, as the host has changed since:$hw_moved" >&2
    return 1
  }
}
