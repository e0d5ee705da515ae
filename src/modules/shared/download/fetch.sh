# hw_fetch SHOWN-URL TO CURL-CONFIG WGET-CONFIG TIMEOUT. curl, or GNU wget, or a small wget (busybox) where nothing
# has to be configured. Each failure is told by how to fix it.
# shellcheck shell=sh
hw_curl() {
  hw_m=$(printf %s "$3" | curl -q ${NETRC:+--netrc-file "$NETRC"} -K - -o "$2" 2>&1) && return 0
  hw_c=$?
  case $hw_c in 6 | 7 | 28 | 56) hw_c=net ;; 35 | 51 | 53 | 58 | 60 | 66 | 77 | 8[0-3] | 9[01]) hw_c=tls ;; 23) hw_c=disk ;; esac
  return 1
}
hw_wget() {
  case $(wget -V 2>&1) in *GNU*) ;; *)
    hw_small_wget "$@"
    return
    ;;
  esac
  (
    umask 077
    printf %s "$4" >"$2.rc"
  ) || return 1
  hw_m=$(printf '%s\n' "$1" | wget --config="$2.rc" -nv --tries=1 --timeout="$5" -O "$2" -i - 2>&1)
  hw_c=$?
  rm -f -- "$2.rc"
  case $hw_c in 0) return 0 ;; 4) hw_c=net ;; 5) hw_c=tls ;; 3) hw_c=disk ;; esac
  return 1
}
hw_small_wget() {
  if [ -n "$4" ]; then
    hw_m="this wget cannot keep headers, logins or certificate settings secret"
    hw_c=tool
    return 1
  fi
  hw_m=$(wget -q -T "$5" -O "$2" "$1" 2>&1) && return 0
  hw_c=$?
  return 1
}
hw_free() {
  # shellcheck disable=SC2046 # its words
  set -- $(df -P -- "$1/" 2>/dev/null | tail -n 1)
  [ $# -lt 6 ] || printf '%s KiB of %s KiB are free on %s' "$4" "$2" "$6"
}
hw_fetch() {
  if command -v curl >/dev/null 2>&1; then
    hw_curl "$@" && return 0
  elif command -v wget >/dev/null 2>&1; then
    hw_wget "$@" && return 0
  else
    hw_fail "neither curl nor wget on the host; hint: install one of them, or let the controller download (from: controller)"
    return 1
  fi
  hw_m="cannot download $1: $hw_m"
  case $hw_c in
  net) hw_m="$hw_m
hint: check the name, the network and the proxy of the host, or let the controller download (from: controller)" ;;
  tls) hw_m="$hw_m
hint: install the certificate authority on the host (ca-certificates), set its clock, or let the controller download (from: controller)" ;;
  disk) hw_m="$hw_m
hint: make room: $(hw_free "${2%/*}")" ;;
  tool) hw_m="$hw_m
hint: install curl on the host, or let the controller download (from: controller)" ;;
  esac
  hw_fail "$hw_m"
}
