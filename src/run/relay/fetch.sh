# Fetches a file from a relay into a directory: its address, key, digest, size and the directory are given. Nothing is named by its
# digest there that does not have it.
# shellcheck shell=sh
hw_fetch() {
  umask 077
  hw_place=$5/$3 hw_part=$5/.hullwright-relay-$3
  rm -f -- "$hw_part"
  hw_url=http://$1/$2/$3
  if command -v curl >/dev/null 2>&1; then
    # what the address holds is for nobody else to see in the list of processes
    printf 'url = "%s"\n' "$hw_url" | curl -q -g -fsS --noproxy '*' --proto =http --connect-timeout 10 --speed-limit 1024 --speed-time 30 --max-filesize "$4" -K - -o "$hw_part"
  elif command -v wget >/dev/null 2>&1; then
    printf '%s\n' "$hw_url" | wget -q --no-proxy -T 30 -t 1 -i - -O "$hw_part"
  else
    echo "there is neither curl nor wget" >&2
    false
  fi || {
    hw_s=$?
    rm -f -- "$hw_part"
    return "$hw_s"
  }
  [ "$(sha256sum <"$hw_part")" = "$3  -" ] || {
    rm -f -- "$hw_part"
    echo "what came has another sha256" >&2
    return 1
  }
  sync -- "$hw_part" 2>/dev/null || sync
  mv -f -- "$hw_part" "$hw_place" || return
  sync -- "$5" 2>/dev/null || sync
}
