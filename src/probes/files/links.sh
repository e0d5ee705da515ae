# Walks along a path and prints each link on it with its target, both ended by NUL. For root, also each link of somebody else that
# write.sh does not follow (hw_through), as "/LINK" (at the path's end "//LINK") with the names of its owner and of whom it leads to.
# shellcheck shell=sh
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
      hw_l=$(readlink -- "$hw_at/$hw_c")
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
  { [ -O / ] || [ -O /proc/1 ]; } && hw_w=$(stat -c '%u:%a %U' -- "$hw_at/." "$hw_at/$hw_c" 2>/dev/null) || return 0
  hw_u=${hw_w##*"
"}
  case $hw_u in 0:*) return 0 ;; esac
  hw_w=${hw_w%% *}
  case $hw_w in *[2367] | *[2367]?) ;; 0:*) return 0 ;; esac
  # what it leads through is not looked at by its own
  hw_past=${#hw_rest}
  hw_w=$(stat -L -c '%u: %U' -- "$hw_at/$hw_c" 2>/dev/null) || return 0
  [ "${hw_w%%:*}" = "${hw_u%%:*}" ] || printf '%s\0%s\0' "/$hw_end$hw_at/$hw_c" "${hw_u#* } ${hw_w#* }"
}
