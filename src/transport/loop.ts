/**
 * The program that reads programs: header lines `KEY LENGTH NONCE [feed]`, each followed by LENGTH bytes of sh.
 * A program runs in a subshell without input (with `feed`: with what follows on the stream); then a line
 * `NONCE CODE` ends its answer, on both streams. A header without the key ends the loop, so bytes that
 * went astray are never run. `read` takes byte by byte, so it takes nothing that is meant for `head`.
 *
 * It travels in single quotes through whatever login shell there is, csh and fish too: so it is one line and
 * has no single quote, backslash or exclamation mark. `first` is run before all programs.
 */
export function loopText(key: string, first: string): string {
  return [
    first,
    `echo "${key} $$"`,
    `echo "${key} $$" >&2`,
    "while read -r hw_k hw_n hw_c hw_f",
    `do [ "$hw_k" = ${key} ] || exit 97`,
    'hw_p=$(head -c "$hw_n")',
    'if [ "$hw_f" ]',
    'then (eval "$hw_p")',
    'else (eval "$hw_p") </dev/null',
    "fi",
    "hw_s=$?",
    'echo "$hw_c $hw_s"',
    'echo "$hw_c $hw_s" >&2',
    "done",
  ].join("; ");
}

/**
 * Ends all that runs in the session of the loop with this process id: politely, and within a second surely. A
 * daemon that has left for its own session stays. A session that was not made for the loop (its leader is
 * neither the loop nor the sudo above it) is let be, but for the loop itself.
 */
export function killText(pid: number): string {
  return `
read -r line </proc/${pid}/stat || exit 0
set -- \${line##*) }
sid=$4
if [ "$sid" != ${pid} ] && [ "$sid" != "$2" ]; then kill -KILL ${pid}; exit 0; fi
for signal in TERM 0 0 0 0 KILL; do
  found=
  for stat in /proc/[0-9]*/stat; do
    { read -r line <"$stat"; } 2>/dev/null || continue
    set -- \${line##*) }
    [ "$4" = "$sid" ] && [ "$1" != Z ] || continue
    pid=\${stat#/proc/}
    kill -"$signal" "\${pid%/stat}" 2>/dev/null
    found=1
  done
  [ "$found" ] || exit 0
  sleep 0.2 2>/dev/null || sleep 1
done`;
}
