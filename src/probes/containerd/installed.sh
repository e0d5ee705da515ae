# shellcheck shell=sh
hw_names() {
  printf 'directory %s\n' "$1"
  for hw_l in "$1"/* "$1"/.[!.]*; do { [ ! -e "$hw_l" ] && [ ! -L "$hw_l" ]; } || printf 'name %s\n' "${hw_l##*/}"; done
}
hw_installed() {
  hw_k=-
  [ ! -e "$1.distrib" ] && [ ! -L "$1.distrib" ] || hw_k=kept
  if [ -L "$1" ]; then
    printf 'file %s link %s %s\n' "$hw_k" "$1" "$(readlink "$1")"
  elif [ -e "$1" ]; then
    hw_l=$(head -c 200 "$1" 2>/dev/null | head -n 1 | tr -d '\0')
    case $hw_l in "$2"*) hw_l=ours ;; *) hw_l=other ;; esac
    printf 'file %s %s %s -\n' "$hw_k" "$hw_l" "$1"
  else printf 'file %s absent %s -\n' "$hw_k" "$1"; fi
}
