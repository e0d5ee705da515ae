# Serves files to other hosts for as long as the shell that calls this lives: $1 is the key of the run, $2 is the program that answers
# a request, $3 the one that listens.
# Prints the address and the port, and the directory that files are put into, each on a line.
# shellcheck shell=sh
hw_listen() {
  for hw_tool in systemd-socket-activate setsid timeout; do
    command -v "$hw_tool" >/dev/null 2>&1 || {
      echo "there is no $hw_tool" >&2
      return 1
    }
  done
  # where the controller reaches it, others do, too
  # shellcheck disable=SC2086 # its words: client, port, server, port
  set -- "$1" "$2" "$3" ${SSH_CONNECTION-}
  [ "${6-}" ] || {
    echo "it does not say at which address it is reached" >&2
    return 1
  }
  umask 077
  for hw_old in /var/tmp/hullwright-relay-??????????; do
    # shellcheck disable=SC3067 # -O: known to dash, bash and busybox
    [ -O "$hw_old" ] && [ ! -L "$hw_old" ] && ! kill -0 "$(cat "$hw_old/pid" 2>/dev/null)" 2>/dev/null && rm -rf -- "$hw_old"
  done
  hw_dir=$(mktemp -d /var/tmp/hullwright-relay-XXXXXXXXXX) || return
  printf '%s\n' "$1" >"$hw_dir/key"
  case $6 in *:*) hw_at="[$6]" ;; *) hw_at=$6 ;; esac
  # a session of its own: whatever ends the shell does not end what tidies up after it
  setsid sh -c "$3" sh "$hw_dir" "$hw_at" $$ "$2" </dev/null >/dev/null 2>&1 9>&- &
  hw_n=0
  until [ -s "$hw_dir/at" ]; do
    if [ $hw_n -ge 300 ] || [ ! -d "$hw_dir" ]; then
      echo "it cannot listen at $hw_at" >&2
      return 1
    fi
    sleep 0.1
    hw_n=$((hw_n + 1))
  done
  cat "$hw_dir/at"
  echo "$hw_dir"
}
