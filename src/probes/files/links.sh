# Walks along a path and prints each link on it with its target, both ended by NUL.
# shellcheck shell=sh
hw_way() {
  hw_at=
  hw_rest=${1#/}
  hw_k=40
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
      case $hw_l in /*) hw_at= ;; esac
      hw_rest=$hw_l/$hw_rest
    else hw_at=$hw_at/$hw_c; fi
  done
}
