# hw_get WANTED ALGORITHM DIGITS NAME SUMS: downloads into a private directory beside the place, as $hw_t, with hw_bring_file, where $hw_to is
# not already right. WANTED "" is looked up in what hw_bring_sums brings, or with SUMS "" taken as it comes.
# shellcheck shell=sh disable=SC2034,SC2154 # variables of other functions
hw_digest() {
  if [ "$1" = sha256 ]; then hw_x=$(hw_sha256 "$2" "$(stat -L -c %s -- "$2")"); else hw_x=$("$1sum" <"$2"); fi && printf '%s\n' "${hw_x%% *}"
}
hw_get() {
  hw_want=$1
  hw_enter "$hw_to" || return 1
  hw_t=./f
  trap 'rm -f ./f ./f.rc; hw_leave' EXIT
  if [ -n "$5" ]; then
    hw_bring_sums || return 1
    hw_want=$(hw_sum "$hw_t" "$4" "$3") || {
      hw_fail "$5 has no checksum for $4; hint: check that it belongs to the same release"
      return 1
    }
  fi
  if [ -n "$hw_want" ] && [ -f "$hw_to" ] && [ ! -L "$hw_to" ] && [ "$(hw_digest "$2" "$hw_to")" = "$hw_want" ]; then
    hw_done
    hw_t=
    hw_sha=$(hw_digest sha256 "$hw_to")
    return
  fi
  hw_bring_file || return 1
  hw_found=$(hw_digest "$2" "$hw_t") || return 1
  if [ "${hw_want:-$hw_found}" != "$hw_found" ]; then
    hw_fail "$hw_url has the $2 $hw_found, not $hw_want; hint: the file or the checksum is of another release, or the file was tampered with"
    return 1
  fi
  hw_sha=$hw_found
  [ "$2" = sha256 ] || hw_sha=$(hw_digest sha256 "$hw_t")
}
hw_done() {
  trap - EXIT
  rm -f ./f ./f.rc
  hw_leave
}
hw_put() {
  if [ -z "$hw_t" ]; then
    hw_keep "$hw_to" copy && hw_set "$hw_to" "$2" "$3" "$1"
    return
  fi
  hw_own ./f "$2" "$3" && chmod "$1" ./f && sync ./f && hw_keep "$hw_to" && hw_untouched "$hw_to" && mv -fT ./f "../$hw_name" && hw_done && hw_wrote "$hw_to"
}
