# shellcheck shell=sh disable=SC2034 # variables of other functions
hw_status() {
  hw_n=$1
  shift
  hw_l=$("$@" 2>/dev/null)
  hw_s=
  while read -r hw_t hw_p hw_r; do
    [ "$hw_t" != "$hw_n" ] || [ "$hw_p" = PID ] || {
      hw_s=$hw_r
      return
    }
  done <<HW_EOF
$hw_l
HW_EOF
}
