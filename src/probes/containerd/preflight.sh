# shellcheck shell=sh
# shellcheck disable=SC3013 # dash, bash and busybox know -ef
hw_preflight() {
  hw_runc=$1
  hw_ctrd=$2
  hw_opt=$3
  hw_unit=$4
  hw_conf=$5
  hw_root=$6
  shift 6
  echo preflight
  if [ -r /proc/sys/kernel/arch ]; then read -r hw_l </proc/sys/kernel/arch; else hw_l=$(uname -m); fi
  printf 'machine %s\n' "$hw_l"
  [ -d /run/systemd/system ] && echo systemd
  hw_overlay
  hw_cgroups
  hw_configured
  for hw_p; do
    while [ ! -e "$hw_p" ]; do case $hw_p in */*) hw_p=${hw_p%/*} ;; *)
      hw_p=
      break
      ;;
    esac done
    [ -w "${hw_p:-/}" ] || printf 'readonly %s\n' "${hw_p:-/}"
  done
  for hw_p in /etc/systemd/system.control /run/systemd/system.control /etc/systemd/system /run/systemd/system; do
    hw_p=$hw_p/${hw_unit##*/}
    [ "$hw_p" -ef "$hw_unit" ] && continue
    if [ "$hw_p" -ef /dev/null ]; then
      printf 'masked %s\n' "$hw_p"
    elif [ -f "$hw_p" ]; then if [ -s "$hw_p" ]; then printf 'unit %s\n' "$hw_p"; else printf 'masked %s\n' "$hw_p"; fi; fi
  done
  set --
  for hw_p in "$hw_opt/bin/runc" /usr/local/sbin/runc /usr/local/bin/runc /usr/sbin/runc /usr/bin/runc; do
    [ -e "$hw_p" ] && ! [ "$hw_p" -ef "$hw_runc" ] && {
      hw_other runc
      set -- "$@" "$hw_p"
    }
  done
  for hw_p in /usr/local/sbin/containerd /usr/local/bin/containerd /usr/sbin/containerd /usr/bin/containerd; do
    [ -e "$hw_p" ] && ! [ "$hw_p" -ef "$hw_ctrd" ] && {
      hw_other containerd
      set -- "$@" "$hw_p"
    }
  done
  for hw_p in /usr/bin/dockerd /usr/sbin/dockerd; do [ -e "$hw_p" ] && {
    hw_other dockerd
    set -- "$@" "$hw_p"
  }; done
  [ $# = 0 ] && return
  if [ -x /usr/bin/dpkg ]; then
    dpkg -S -- "$@" | while IFS= read -r hw_l; do printf 'owner %s\n' "$hw_l"; done
  elif [ -x /usr/bin/rpm ]; then for hw_p; do hw_l=$(rpm -qf --qf '%{NAME}' -- "$hw_p") && printf 'owner %s: %s\n' "$hw_l" "$hw_p"; done; fi
}
hw_version_there() {
  [ -x "$hw_ctrd" ] || return
  echo installed
  if hw_noted_version; then
    :
  elif hw_l=$("$hw_ctrd" --version 2>/dev/null </dev/null); then
    hw_l=${hw_l#* * }
  else
    # what does not even start may have left its data all the same
    hw_l=
    [ ! -r "$hw_conf" ] || IFS= read -r hw_l <"$hw_conf"
    case $hw_l in '# Written by Hullwright for containerd '[0-9]*) hw_l=${hw_l#*containerd } ;; *) hw_l= ;; esac
  fi
  printf 'version %s\n' "${hw_l%%[!0-9.v]*}"
}
# What a ready daemon's program said when that was noted (readiness.sh), as long as it is the same file: to start it takes ten times as long.
hw_noted_version() {
  [ -r "${HW_STATE_DIR-}/records/containerd-version" ] && IFS= read -r hw_l <"$HW_STATE_DIR/records/containerd-version" || return 1
  hw_n=$(stat -L -c '%s %.9Y %.9Z %i' -- "$hw_ctrd" 2>/dev/null) || return 1
  case $hw_l in "$hw_n "*" $hw_ctrd") hw_l=${hw_l#"$hw_n "} ;; *) return 1 ;; esac
}
hw_configured() {
  hw_version_there
  hw_n=/run/containerd
  [ ! -r "$hw_conf" ] || while IFS='= 	' read -r hw_k hw_v; do
    case $hw_k in '['*) break ;; root | state) ;; *) continue ;; esac
    hw_v=${hw_v#?}
    hw_v=${hw_v%%[\"\']*}
    printf 'configured %s %s\n' "$hw_k" "$hw_v"
    [ "$hw_k" != state ] || hw_n=$hw_v
  done <"$hw_conf"
  hw_k=0
  hw_home=
  for hw_v in "$hw_n"/io.containerd.runtime.v*/*/*/; do
    [ -d "$hw_v" ] || continue
    hw_k=$((hw_k + 1))
    [ -z "$hw_home" ] || continue
    [ -L "${hw_v}work" ] || continue
    hw_v=${hw_v%/}
    hw_home=${hw_v#"$hw_n"}
    # the link leads below the data root of the daemon that started it, whatever the file says by now
    if [ "$hw_v/work" -ef "$hw_root$hw_home" ]; then hw_v=$hw_root; else
      hw_v=$(readlink "$hw_v/work")
      hw_v=${hw_v%"$hw_home"}
    fi
    printf 'home %s\n' "$hw_v"
  done
  printf 'containers %s\n' "$hw_k"
}
hw_other() {
  hw_l='file'
  [ -L "$hw_p" ] && hw_l='link'
  printf '%s %s %s\n' "$1" "$hw_l" "$hw_p"
}
hw_overlay() {
  while read -r hw_l; do case $hw_l in *overlay)
    echo overlay
    return
    ;;
  esac done </proc/filesystems
  read -r hw_l </proc/sys/kernel/osrelease
  grep -qs '/overlay\.ko' "/lib/modules/$hw_l/modules.dep" "/lib/modules/$hw_l/modules.builtin" && echo overlay
}
hw_cgroups() {
  if [ -r /sys/fs/cgroup/cgroup.controllers ]; then
    hw_l=
    [ -w /sys/fs/cgroup ] && read -r hw_l </sys/fs/cgroup/cgroup.controllers
    printf 'cgroup 2 %s\n' "$hw_l"
    return
  fi
  hw_l=
  while read -r hw_k _ _ hw_v; do
    [ "$hw_v" = 1 ] && [ -w "/sys/fs/cgroup/$hw_k" ] && hw_l="$hw_l $hw_k"
  done </proc/cgroups
  printf 'cgroup 1%s\n' "$hw_l"
}
