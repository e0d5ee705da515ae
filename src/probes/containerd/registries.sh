# shellcheck shell=sh
hw_registries() {
  echo registries
  for hw_p in "$1"/*/; do
    [ -d "$hw_p" ] || continue
    hw_p=${hw_p%/}
    printf 'directory %s\n' "${hw_p##*/}"
    if [ -f "$hw_p/hosts.toml" ]; then
      hw_l=
      IFS= read -r hw_l <"$hw_p/hosts.toml"
      case $hw_l in "$2"*) echo ours ;; *) echo foreign ;; esac
    fi
    for hw_l in "$hw_p"/*.crt "$hw_p"/*.cert "$hw_p"/*.key; do [ ! -e "$hw_l" ] || printf 'certificate %s\n' "${hw_l##*/}"; done
  done
}
