# Stopping a unit ends all that it has started, unless its KillMode says otherwise. What systemd has loaded counts, with all
# drop-ins. mixed does not spare them: once the main process has gone, systemd kills the others (systemd.kill(5)).
# shellcheck shell=sh
hw_keeps() {
  hw_m=$(systemctl show -pKillMode --value -- "$1")
  case $hw_m in process | none) return ;; esac
  hw_k=$(systemctl show -pDropInPaths --value -- "$1")
  # shellcheck disable=SC2086 # one word a path
  [ -z "$hw_k" ] || hw_k=$(grep -lE '^[[:space:]]*KillMode' -- $hw_k 2>/dev/null | tr '
' ' ')
  hw_fail "$1 was not changed: its KillMode is $hw_m (${hw_k:-in its own file}), so stopping it would kill everything that it has started." 'hint: set KillMode=process there, or allow it: containerd_allow: [kill_mode], or keep_processes: false in a task of your own'
}
