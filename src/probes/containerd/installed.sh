# shellcheck shell=sh
hw_names() {
  printf 'directory %s\n' "$1"
  for hw_l in "$1"/* "$1"/.[!.]*; do { [ ! -e "$hw_l" ] && [ ! -L "$hw_l" ]; } || printf 'name %s\n' "${hw_l##*/}"; done
}
# the beginnings of all regular files, each behind its name; they are too short to hold a name themselves. The shell leaves out zero bytes,
# and bash says so.
hw_begins() {
  for hw_p; do
    shift
    [ -L "$hw_p" ] || [ ! -f "$hw_p" ] || set -- "$@" "$hw_p"
  done
  [ $# = 0 ] || head -v -c "${#hw_t}" -- "$@" 2>/dev/null
}
hw_installed() {
  hw_t=$1
  shift
  { hw_b=$(hw_begins "$@"); } 2>/dev/null
  for hw_p; do
    hw_k=-
    [ ! -e "$hw_p.distrib" ] && [ ! -L "$hw_p.distrib" ] || hw_k=kept
    if [ -L "$hw_p" ]; then
      printf 'file %s link %s %s\n' "$hw_k" "$hw_p" "$(readlink "$hw_p")"
    elif [ -e "$hw_p" ]; then
      case "
$hw_b" in *"
==> $hw_p <==
$hw_t"*) hw_l=ours ;; *) hw_l=other ;; esac
      printf 'file %s %s %s -\n' "$hw_k" "$hw_l" "$hw_p"
    else printf 'file %s absent %s -\n' "$hw_k" "$hw_p"; fi
  done
}
