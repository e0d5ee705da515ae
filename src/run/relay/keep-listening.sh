# Listens at an address ($2) while a shell ($3) lives, has each request answered by a program ($4), and tidies up a directory ($1) then.
# shellcheck shell=sh
hw_dir=$1 hw_at=$2 hw_shell=$3 hw_serve=$4 hw_server=
echo $$ >"$hw_dir/pid"
trap '[ -z "$hw_server" ] || kill "$hw_server" 2>/dev/null; rm -rf -- "$hw_dir"' EXIT
trap 'exit' TERM INT HUP
hw_try=0
while [ $hw_try -lt 20 ]; do
  hw_port=$((20000 + ($$ * 7 + hw_try * 131) % 10000)) hw_try=$((hw_try + 1))
  systemd-socket-activate --accept --inetd --listen="$hw_at:$hw_port" timeout 900 sh -c "$hw_serve" sh "$hw_dir" 2>"$hw_dir/said" &
  hw_server=$!
  hw_n=0
  until grep -q Listening "$hw_dir/said" || [ $hw_n -ge 50 ] || ! kill -0 $hw_server 2>/dev/null; do
    sleep 0.1
    hw_n=$((hw_n + 1))
  done
  kill -0 $hw_server 2>/dev/null || continue
  echo "$hw_at:$hw_port" >"$hw_dir/.at" && mv -f "$hw_dir/.at" "$hw_dir/at"
  break
done
while kill -0 "$hw_shell" 2>/dev/null && kill -0 $hw_server 2>/dev/null; do sleep 1; done
