# hw_connect HOST PORT SECONDS: whether the port takes connections, by whichever tool is there.
# shellcheck shell=sh disable=SC2016 # expanded by bash -c
for hw_tool in bash nc curl; do
  command -v "$hw_tool" >/dev/null && break
  hw_tool=
done
[ -n "$hw_tool" ] || {
  hw_fail 'a port of another host needs bash, nc or curl on this one'
  exit 1
}
hw_connect() {
  case $hw_tool in
  bash) timeout "$3" bash -c 'exec 3<>"/dev/tcp/$0/$1"' "$1" "$2" 2>/dev/null ;;
  nc) nc -z -w "$3" "$1" "$2" </dev/null >/dev/null 2>&1 ;;
  curl) curl -qsS --connect-timeout "$3" --max-time "$3" "telnet://$1:$2" </dev/null >/dev/null 2>&1 ;;
  esac
}
