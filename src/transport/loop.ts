/** How long things of the loop take, in seconds. */
export interface LoopTimes {
  /** Between two signs of life. */
  beat: number;
  /** How long a program may keep running once nobody is listening. */
  orphan: number;
}

const TIMES: LoopTimes = { beat: 5, orphan: 300 };

/** Exit codes of the loop: it was spoken to by somebody else, or the host lacks `head`. */
export const ASTRAY = 97;
export const NO_HEAD = 96;

/** What the loop with this key prints on stderr from time to time, as a sign of life. */
export function beatMark(key: string): string {
  return `${key}+\n`;
}

/**
 * The program that reads programs: header lines `KEY LENGTH NONCE [feed|keep]`, each followed
 * by LENGTH bytes of sh. A program runs in a subshell without input (with `feed`: with what
 * follows on the stream; with `keep`: in the loop itself, so that what it sets stays); then a
 * line `NONCE CODE` ends its answer, on both streams. A header without the key ends the loop,
 * so bytes that went astray are never run. `read` takes byte by byte, so it takes nothing
 * that is meant for `head`.
 *
 * It travels in single quotes through whatever login shell there is, csh and fish too: so it is one
 * line and has no single quote, backslash or exclamation mark. `first` is run before all programs.
 */
export function loopText(key: string, first: string, times: LoopTimes = TIMES): string {
  return [
    `command -v head >/dev/null 2>&1 || exit ${NO_HEAD}`,
    first,
    `echo "${key} $$"`,
    `echo "${key} $$" >&2`,
    `${beatText(key, times)} trap "kill %1 2>/dev/null" EXIT`,
    "while read -r hw_k hw_n hw_c hw_f",
    `do [ "$hw_k" = ${key} ] || exit ${ASTRAY}`,
    'hw_p=$(head -c "$hw_n")',
    'case $hw_f in feed) (eval "$hw_p") ;; keep) eval "$hw_p" </dev/null ;; *) (eval "$hw_p") </dev/null ;; esac',
    "hw_s=$?",
    'echo "$hw_c $hw_s"',
    'echo "$hw_c $hw_s" >&2',
    "done",
  ].join("; ");
}

// Beside the loop: a heartbeat, for as long as the loop lives and somebody listens. When nobody
// does, the running program is given some time to end by itself; then everything in the loop's
// session is ended, politely first.
function beatText(key: string, { beat, orphan }: LoopTimes): string {
  const wait = `hw_t=0; while kill -0 $$ 2>/dev/null; do [ $hw_t -lt ${orphan} ] || break; hw_t=$((hw_t + 1)); sleep 1; done`;
  const find =
    "read -r hw_l </proc/self/stat || exit; hw_m=${hw_l%% *}; read -r hw_l </proc/$$/stat || exit; set -- ${hw_l##*) }; hw_g=$4; [ $hw_g = $$ ] || [ $hw_g = $2 ] || exit";
  const each =
    "read -r hw_l <$hw_q || continue; set -- ${hw_l%% *} ${hw_l##*) }; [ $5 = $hw_g ] || continue; [ $1 = $hw_m ] || kill -$hw_x $1";
  const end = `for hw_x in TERM 0 0 0 0 0 0 0 0 KILL; do for hw_q in /proc/[0-9]*/stat; do ${each}; done; sleep 1; done`;
  const alive = `while sleep ${beat} 2>/dev/null; do kill -0 $$ 2>/dev/null || exit 0; echo ${key}+ >&2 || break; done`;
  return `(trap "" PIPE; ${alive}; trap "" TERM; { ${wait}; ${find}; ${end}; } 2>/dev/null) </dev/null >/dev/null &`;
}

/**
 * Ends all that runs in the session of the loop with this process id: politely, and within a second
 * surely. A daemon that has left for its own session stays. A session that was not made for the
 * loop (its leader is neither the loop nor the sudo above it) is let be, but for the loop itself.
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
