# `ctr plugins ls` prints TYPE ID PLATFORMS STATUS. 2.x has CRI in three plugins; where they are, all must be ok.
# shellcheck shell=sh disable=SC2034,SC2154 # variables of other functions
hw_ready_for() {
  hw_unit=$1
  hw_address=$2
  hw_ctr=$3
  hw_runc=$4
  hw_opt=$5
  hw_shim=$6
  shift 6
  hw_needed=$*
  hw_inv=$(readlink "/run/systemd/units/invocation:$hw_unit")
  # shellcheck disable=SC2086 # one word or none
  hw_programs=$(stat -L --printf '%s %.9Y %.9Z %i;' -- $hw_runc "$hw_shim" 2>/dev/null)
}
hw_status() {
  while read -r hw_t hw_i hw_r; do
    [ "$hw_t/$hw_i" = "io.containerd.$1" ] && {
      printf '%s\n' "${hw_r##*[ 	]}"
      return
    }
  done <<HW_EOF
$hw_list
HW_EOF
}
hw_unit_state() {
  hw_a=
  hw_sub=
  hw_res=
  hw_n=0
  hw_pid=0
  hw_since=0
  while IFS='=' read -r hw_k hw_v; do
    case $hw_k in
    ActiveState) hw_a=$hw_v ;; SubState) hw_sub=$hw_v ;; Result) hw_res=$hw_v ;; NRestarts) hw_n=$hw_v ;; MainPID) hw_pid=$hw_v ;;
    ExecMainStartTimestampMonotonic) hw_since=$hw_v ;;
    esac
  done <<HW_EOF
$(systemctl show -pActiveState -pSubState -pResult -pNRestarts -pMainPID -pExecMainStartTimestampMonotonic -- "$hw_unit")
HW_EOF
}
hw_starting() {
  [ -z "$hw_broken" ] && [ "${hw_n:-0}" = 0 ] && [ "$hw_a" != failed ] && [ "${hw_since:-0}" -gt 0 ] || return 1
  read -r hw_l hw_k </proc/uptime
  [ $((${hw_l%%.*} - hw_since / 1000000)) -lt 20 ]
}
hw_works() {
  [ -x "$1" ] || {
    hw_broken=1
    hw_why="$hw_why $1 is not there, or cannot be run;"
    return
  }
  hw_o=$(timeout 10 "$@" 2>&1) || hw_broken=1 hw_why="$hw_why $1 cannot run: ${hw_o:-it says nothing};"
}
hw_runc_found() {
  hw_path=$(tr '\0' '\n' <"/proc/$hw_pid/environ" | sed -n 's/^PATH=//p')
  hw_l="$hw_opt/bin:$hw_path:"
  while [ -n "$hw_l" ]; do
    hw_p=${hw_l%%:*}/runc
    hw_l=${hw_l#*:}
    # shellcheck disable=SC3013 # dash, bash and busybox know -ef
    [ ! -x "$hw_p" ] || {
      [ "$hw_p" -ef "$hw_runc" ] || hw_broken=1 hw_why="$hw_why it finds $hw_p before $hw_runc;"
      return
    }
  done
  hw_broken=1
  hw_why="$hw_why there is no runc in the PATH of the daemon ($hw_path);"
}
hw_ready() {
  hw_why=
  hw_broken=
  hw_unit_state
  hw_inv=$(readlink "/run/systemd/units/invocation:$hw_unit")
  [ "$hw_a" = active ] || {
    hw_why="$hw_unit is ${hw_a:-not there} ($hw_sub), result $hw_res"
    return 1
  }
  [ -S "$hw_address" ] || {
    hw_why="there is no socket at $hw_address"
    return 1
  }
  hw_version=$("$hw_ctr" -a "$hw_address" version 2>&1) || {
    hw_why="it does not answer: $hw_version"
    return 1
  }
  hw_list=$("$hw_ctr" -a "$hw_address" plugins ls 2>/dev/null) || {
    hw_why='it does not tell its plugins'
    return 1
  }
  for hw_p in $hw_needed; do
    hw_s=$(hw_status "$hw_p")
    [ "$hw_s" = ok ] || hw_why="$hw_why $hw_p is ${hw_s:-not there};"
    [ "$hw_p" = grpc.v1/cri ] || continue
    for hw_k in cri.v1/images cri.v1/runtime; do
      hw_s=$(hw_status "$hw_k")
      [ "${hw_s:-ok}" = ok ] || hw_why="$hw_why $hw_k is $hw_s;"
    done
  done
  hw_works "$hw_shim" -v
  [ -z "$hw_runc" ] || {
    hw_works "$hw_runc" --version
    hw_runc_found
  }
  hw_why=${hw_why# }
  [ -z "$hw_why" ]
}
# Notes what the daemon's program says of its version, for preflight.
hw_note_version() {
  hw_p=$(readlink "/proc/$hw_pid/exe") && hw_l=$(stat -L -c '%s %.9Y %.9Z %i' -- "$hw_p" 2>/dev/null) || return 0
  hw_v=$("$hw_p" --version 2>/dev/null </dev/null) || return 0
  hw_v=${hw_v#* * }
  hw_record containerd-version "$hw_l ${hw_v%%[!0-9.v]*} $hw_p"
}
