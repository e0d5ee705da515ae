# A loaded module has an initstate, a built-in one has not. What has neither may be built in without parameters, a file system,
# or another name of a module.
# shellcheck shell=sh
hw_module() {
  if [ -f "/sys/module/$1/initstate" ]; then
    printf 'loaded\n'
    return
  fi
  if [ -d "/sys/module/$1" ]; then
    printf 'builtin\n'
    return
  fi
  while read -r hw_k hw_v; do [ "${hw_v:-$hw_k}" != "$1" ] || {
    printf 'builtin\n'
    return
  }; done </proc/filesystems
  read -r hw_r </proc/sys/kernel/osrelease
  hw_p=$1
  hw_v=
  while :; do case $hw_p in *_*)
    hw_v="$hw_v${hw_p%%_*}[-_]"
    hw_p=${hw_p#*_}
    ;;
  *)
    hw_v=$hw_v$hw_p
    break
    ;;
  esac done
  if grep -qs "/$hw_v\.ko" "/lib/modules/$hw_r/modules.builtin"; then
    printf 'builtin\n'
    return
  fi
  for hw_k in $(modprobe -R -- "$1" 2>/dev/null); do if [ -d "/sys/module/$hw_k" ]; then
    printf 'loaded\n'
    return
  fi; done
  printf 'absent\n'
}
