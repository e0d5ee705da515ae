# `findSum` for the host: hw_sum FILE NAME DIGITS prints the digest, or fails.
# shellcheck shell=sh
hw_hex() { [ "${#1}" = "$2" ] && case $1 in *[!0-9a-fA-F]*) return 1 ;; esac }
hw_sum() {
  hw_named=
  hw_bare=
  hw_found=
  while read -r hw_a hw_b hw_c hw_d hw_e; do
    hw_h=$hw_a
    if [ "$hw_c" = = ] && [ -z "$hw_e" ]; then
      hw_h=$hw_d
      hw_b=${hw_b#(}
      hw_b=${hw_b%)}
    elif [ -n "$hw_c" ]; then continue; fi
    hw_h=${hw_h%%[!0-9a-fA-F]*}
    hw_hex "$hw_h" "$3" || continue
    if [ -z "$hw_b" ]; then
      hw_bare="$hw_bare$hw_h"
      continue
    fi
    hw_named=1
    hw_b=${hw_b#\*}
    [ "$hw_b" = "$2" ] || [ "${hw_b%/"$2"}" != "$hw_b" ] || continue
    hw_found=${hw_found:-$hw_h}
  done <<HW_EOF
$(tr -d '\r' <"$1")
HW_EOF
  [ -n "$hw_named" ] || hw_found=$hw_bare
  hw_hex "$hw_found" "$3" && printf '%s\n' "$hw_found" | tr A-F a-f
}
