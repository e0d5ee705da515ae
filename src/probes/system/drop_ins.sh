# shellcheck shell=sh
hw_drop_ins() {
  printf 'drop-ins %s\n' "$1"
  shift
  for hw_p; do
    shift
    for hw_l in "$hw_p"/*.conf; do { [ -e "$hw_l" ] || [ -L "$hw_l" ]; } && set -- "$@" "$hw_l"; done
  done
  [ $# = 0 ] && return
  for hw_p; do if [ -f "$hw_p" ]; then printf 'text %s %s\n' "$(head -c 65536 -- "$hw_p" | base64 -w0)" "$hw_p"; else printf 'other - %s\n' "$hw_p"; fi; done
  stat -L -c 'modified %.9Y %n' -- "$@" 2>/dev/null
  sha256sum -- "$@" 2>/dev/null | while read -r hw_l hw_p; do printf 'digest %s %s\n' "$hw_l" "$hw_p"; done
}
