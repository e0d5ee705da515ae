# hw_told PATH: tells of the file that was put in place, for the result: "got SIZE MD5 SHA1 SHA1-BEFORE". hw_old has the last. Where
# nothing was brought (hw_t is empty) it says nothing.
# shellcheck shell=sh disable=SC2154 # variables of other functions
hw_sha1() {
  [ ! -f "$1" ] || {
    hw_x=$(sha1sum <"$1") && printf %s "${hw_x%% *}"
  }
}
hw_told() {
  [ -n "$hw_t" ] || return 0
  hw_x=$(md5sum <"$1")
  printf 'got %s %s %s %s\n' "$(($(wc -c <"$1")))" "${hw_x%% *}" "$(hw_sha1 "$1")" "$hw_old"
}
