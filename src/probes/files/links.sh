# Walks along a path and prints each link on it with its target, both ended by NUL. For root, also each link of somebody else that
# write.sh does not follow (hw_through), as "/LINK" (at the path's end "//LINK") with the names of its owner and of whom it leads to.
# shellcheck shell=sh disable=SC2154 # hw_nonce is the question's
# Notes in $hw_links of each of the paths $@ what stat says of it, behind its name: what a link holds, its owner and mode. The nonce stands
# between the parts, so that no name and no link can be taken for another.
hw_note_links() {
  hw_links=${hw_links-}$(QUOTING_STYLE=literal stat --printf "@$hw_nonce=%n@$hw_nonce-%N@$hw_nonce %u:%a %U@$hw_nonce;" -- "$@" 2>/dev/null)
}
# Notes the first link on each of the paths $@, with its directory, all at once. $hw_plain: those with no link on them, each on a line.
hw_first_links() {
  hw_plain='
'
  hw_c=$hw_plain
  for hw_p; do
    shift
    hw_at=${hw_p%/*}
    hw_rest=${hw_p##*/}/
    case $hw_plain in *"
$hw_at
"*) ;; *)
      hw_at=
      hw_rest=${hw_p#/}/
      ;;
    esac
    while [ -n "$hw_rest" ]; do
      hw_at=$hw_at/${hw_rest%%/*}
      hw_rest=${hw_rest#*/}
      [ ! -L "$hw_at" ] || break
      hw_plain="$hw_plain$hw_at
"
    done
    case $hw_c$hw_plain in *"
$hw_at
"*) ;; *)
      set -- "$@" "${hw_at%/*}/." "$hw_at"
      hw_c="$hw_c$hw_at
"
      ;;
    esac
  done
  [ $# = 0 ] || hw_note_links "$@"
}
# Of the path $1: $hw_n is what stat calls it (with what a link holds), $hw_u its owner and mode.
hw_noted() {
  case ${hw_links-} in *"@$hw_nonce=$1@"*) ;; *) hw_note_links "${1%/*}/." "$1" ;; esac
  hw_n=
  hw_u=
  case $hw_links in *"@$hw_nonce=$1@"*) ;; *) return 1 ;; esac
  hw_u=${hw_links#*"@$hw_nonce=$1@$hw_nonce-"}
  hw_n=${hw_u%%"@$hw_nonce "*}
  hw_u=${hw_u#*"@$hw_nonce "}
  hw_u=${hw_u%%"@$hw_nonce;"*}
}
hw_way() {
  hw_at=
  hw_rest=${1#/}
  hw_k=40
  hw_past=-1
  hw_end=
  while [ -n "$hw_rest" ]; do
    case $hw_rest in */*)
      hw_c=${hw_rest%%/*}
      hw_rest=${hw_rest#*/}
      ;;
    *)
      hw_c=$hw_rest
      hw_rest=
      ;;
    esac
    case $hw_c in '' | .) continue ;; ..)
      hw_at=${hw_at%/*}
      continue
      ;;
    esac
    if [ -L "$hw_at/$hw_c" ] && [ $hw_k -gt 0 ]; then
      hw_noted "$hw_at/$hw_c"
      hw_l=${hw_n#"$hw_at/$hw_c -> "}
      printf '%s\0%s\0' "$hw_at/$hw_c" "$hw_l"
      hw_k=$((hw_k - 1))
      [ -n "$hw_rest" ] || hw_end=/
      if [ "$hw_past" -lt 0 ] || [ ${#hw_rest} -lt "$hw_past" ]; then hw_others_link; fi
      case $hw_l in /*) hw_at= ;; esac
      hw_rest=$hw_l/$hw_rest
    else hw_at=$hw_at/$hw_c; fi
  done
}
hw_others_link() {
  { [ -O / ] || [ -O /proc/1 ]; } || return 0
  case $hw_u in '' | 0:*) return 0 ;; esac
  hw_noted "$hw_at/." || return 0
  hw_w=${hw_u%% *}
  case $hw_w in *[2367] | *[2367]?) ;; 0:*) return 0 ;; esac
  # what it leads through is not looked at by its own
  hw_past=${#hw_rest}
  hw_noted "$hw_at/$hw_c"
  hw_w=$(stat -L -c '%u: %U' -- "$hw_at/$hw_c" 2>/dev/null) || return 0
  [ "${hw_w%%:*}" = "${hw_u%%:*}" ] || printf '%s\0%s\0' "/$hw_end$hw_at/$hw_c" "${hw_u#* } ${hw_w#* }"
}
