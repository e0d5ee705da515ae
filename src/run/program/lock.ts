import { sh, type Script } from "../../script/sh.ts";
import { JOURNAL_NAMES, LAST_NUMBER } from "../../probes/journal/names.ts";
import { stateFolder } from "../../script/state-folder.ts";

/** Whose lock it is, and how long to wait for that of another run. */
export interface LockOptions {
  nonce: string;
  isRoot: boolean;
  /** The name of the run: the same on all hosts. */
  run: string;
  /** The host's name in the inventory. */
  host: string;
  /**
   * Who runs, for others who find the host locked: `root@here pid 1 since 2026-01-31T12:00:00Z`.
   */
  owner: string;
  /** In seconds. */
  timeout: number;
  /**
   * This run holds the lock of this machine under another name of the inventory, and takes turns.
   */
  shared: boolean;
  /**
   * If another run had to be waited for, nothing is done, so that the host can be planned again.
   */
  anew: boolean;
  /** The last run (probe `last-run`) when the host was planned: it is to be the last one still. */
  seen?: string;
  /** What the journals say of the run, and how long they stay. */
  journal?: JournalOptions;
}

/** What the journals say of a run as a whole, as JSON, and how long they stay. */
export interface JournalOptions {
  head: string;
  keep: KeepJournals;
  /** Takes secrets out of what journals show to people. */
  hide?: <T>(value: T) => T;
}

/** How long the journals of runs are kept on a host, and how much space they may use. */
export interface KeepJournals {
  days: number;
  megabytes: number;
}

/** What a host said of its lock. */
export interface Locking {
  /** The run that held it when the time to wait was over. */
  lockedBy?: string;
  /** The other name of this machine under which this very run holds the lock. */
  sharedWith?: string;
  /** Another run was waited for, and may have changed the host since it was planned. */
  waited?: boolean;
  /** Why there is no lock, and the hint. */
  failure?: { message: string; hint: string };
  /** What dead runs had left behind and was removed. */
  cleared: string[];
}

/** Journals stay for three months, and take a gigabyte at most. */
export const KEEP_JOURNALS: KeepJournals = { days: 90, megabytes: 1024 };
/**
 * This many runs that changed something are kept however old they are, if there is
 * space; and this many at most.
 */
const [FEWEST_RUNS, MOST_RUNS] = [3, 200];

/**
 * The shell functions of the lock. They run in the shell that stays, which holds the lock by its
 * descriptor 9 until it ends: so it is held by the run, and let go whatever befalls it. What
 * belongs to the run is set there, too: `$HW_RUN_DIR`, its journal, whose name begins with a number
 * that counts up on this host. hw_lock answers 0 where this run holds the lock. What could not be
 * removed of a run that broke off, as on a disk that is read-only, is for the next run. Names of
 * the loop itself (hw_k, hw_n, hw_c, hw_f, hw_s) are not theirs to set.
 */
const LOCK_FUNCTIONS = String.raw`
hw_lock() {
  [ "@{hw_held-}" = "$hw_run" ] && [ "$HW_STATE_DIR/lock" -ef /proc/self/fd/9 ] && return 0
  command -v flock >/dev/null 2>&1 || { hw_tell lacks flock; return 1; }
  if ! (umask 077; mkdir -p "$HW_STATE_DIR" && : >> "$HW_STATE_DIR/lock"); then hw_tell unwritable "$HW_STATE_DIR"; return 1; fi
  [ -O "$HW_STATE_DIR" ] || { hw_tell foreign "$HW_STATE_DIR"; return 1; }
  command exec 9>> "$HW_STATE_DIR/lock" || return 1; hw_w=0
  until flock -n 9; do
    hw_x=; hw_h=; hw_o=; { read -r hw_x hw_h; read -r hw_p; read -r hw_o; } 2>/dev/null < "$HW_STATE_DIR/owner"
    if [ "$hw_x" = "$hw_run" ] && [ "$hw_h" != "$hw_host" ]; then
      if [ "$hw_shared" ]; then hw_journal && hw_meet; return; fi
      hw_tell shared "$hw_h"; exec 9>&-; return 1
    fi
    if [ -e "$HW_STATE_DIR/stop-$hw_run" ]; then hw_tell stopped; exec 9>&-; return 1; fi
    if [ "$hw_w" -ge "$hw_wait" ]; then hw_tell locked "$hw_o"; exec 9>&-; return 1; fi
    [ "$hw_w" != 1 ] || hw_tell waits "$hw_o"
    hw_w=$((hw_w + 1)); sleep 1
  done
  [ "$HW_STATE_DIR/lock" -ef /proc/self/fd/9 ] || { hw_lock; return; }
  hw_outlived
  printf '%s\n' "$hw_run $hw_host" "$$" "$hw_owner" > "$HW_STATE_DIR/.owner.new" && mv -f "$HW_STATE_DIR/.owner.new" "$HW_STATE_DIR/owner" && hw_journal || { if [ "$hw_full" ]; then hw_tell full "$hw_full"; else hw_tell unwritable "$HW_STATE_DIR"; fi; exec 9>&-; return 1; }
  [ -z "$hw_new" ] || [ -z "$hw_seen" ] || [ "$hw_seen" = "free $hw_last" ] || hw_w=1
  hw_held=$hw_run; hw_clear; [ -z "$hw_new" ] || hw_forget
  [ "$hw_w" = 0 ] || { hw_tell waited; [ -z "$hw_anew" ]; }
}
hw_meet() {
  [ "@{hw_met-}" != "$hw_run" ] || return 0
  hw_met=$hw_run; [ -z "$hw_seen" ] || [ "$hw_seen" = "free $hw_last" ] || { hw_tell waited; [ -z "$hw_anew" ]; }
}
hw_at_work() {
  for hw_d in "$HW_STATE_DIR"/journal/${JOURNAL_NAMES.sh}; do
    case $hw_d in *-"$hw_run") continue ;; esac
    [ -f "$hw_d/out" ] || continue
    for hw_p in /proc/[0-9]*/fd; do
      if [ "$hw_p/1" -ef "$hw_d/out" ] || [ "$hw_p/2" -ef "$hw_d/err" ]; then return 0; fi
    done
  done
  return 1
}
hw_outlived() {
  while [ "$hw_w" -lt "$hw_wait" ] && hw_at_work; do
    [ "$hw_w" != 0 ] || { hw_o=; { read -r hw_x; read -r hw_p; read -r hw_o; } 2>/dev/null < "$HW_STATE_DIR/owner"; hw_tell waits "$hw_o"; }
    hw_w=$((hw_w + 1)); sleep 1
  done
}
hw_journal() {
  hw_q=0; HW_RUN_DIR=; hw_new=; hw_last=; hw_full=
  for hw_d in "$HW_STATE_DIR"/journal/${JOURNAL_NAMES.sh}; do
    [ -d "$hw_d" ] || continue; hw_b=@{hw_d##*/}
    case $hw_d in *-"$hw_run") HW_RUN_DIR=$hw_d ;; *) hw_last=$hw_b ;; esac
    hw_q=$((1@{hw_b%%-*} - 100000000))
  done
  [ -z "$HW_RUN_DIR" ] || return 0
  [ "$hw_q" != ${LAST_NUMBER} ] || { hw_full=$HW_STATE_DIR/journal/$hw_last; return 1; }
  hw_q=$((100000001 + hw_q)); HW_RUN_DIR="$HW_STATE_DIR/journal/@{hw_q#1}-$hw_run"; mkdir -p "$HW_RUN_DIR" || return 1
  printf '%s\n' "$hw_head" > "$HW_RUN_DIR/.head.new" && mv -f "$HW_RUN_DIR/.head.new" "$HW_RUN_DIR/head" && hw_new=1
}
hw_forget() {
  hw_all=0; hw_old=
  for hw_d in "$HW_STATE_DIR"/journal/${JOURNAL_NAMES.sh}; do
    [ "$hw_d" != "$HW_RUN_DIR" ] && [ -d "$hw_d" ] || continue
    if [ -s "$hw_d/log" ]; then hw_all=$((hw_all + 1)); elif [ ! -f "$hw_d/private-dirs" ]; then rm -rf -- "$hw_d"; fi
  done
  [ "$hw_all" -gt 1 ] || return 0
  [ "$hw_all" -le ${FEWEST_RUNS} ] || hw_old=$(find "$HW_STATE_DIR/journal" -mindepth 1 -maxdepth 1 -mtime "+$hw_days" 2>/dev/null)
  for hw_d in "$HW_STATE_DIR"/journal/${JOURNAL_NAMES.sh}; do
    [ "$hw_all" -gt 1 ] || return 0
    [ "$hw_d" != "$HW_RUN_DIR" ] && [ -d "$hw_d" ] || continue
    hw_b=; [ "$hw_all" -le ${MOST_RUNS} ] || hw_b=yes
    [ "$hw_all" -le ${FEWEST_RUNS} ] || case "
$hw_old
" in *"
$hw_d
"*) hw_b=yes ;; esac
    if [ -z "$hw_b" ]; then
      hw_x=$(du -skx -- "$HW_STATE_DIR/journal") || return 0
      [ "@{hw_x%%[!0-9]*}" -gt "$((hw_mb * 1024))" ] || return 0
    fi
    [ ! -s "$hw_d/head" ] || cat "$hw_d/head" >> "$HW_STATE_DIR/gone"
    rm -rf -- "$hw_d"; hw_all=$((hw_all - 1))
  done
}
hw_clear() {
  for hw_d in "$HW_STATE_DIR"/stop-*; do [ ! -e "$hw_d" ] || [ "$hw_d" = "$HW_STATE_DIR/stop-$hw_run" ] || rm -f -- "$hw_d"; done
  for hw_d in "$HW_STATE_DIR"/journal/${JOURNAL_NAMES.sh}; do
    [ "$hw_d" != "$HW_RUN_DIR" ] && { [ -f "$hw_d/private-dirs" ] || [ -f "$hw_d/out" ]; } || continue
    hw_l=
    [ ! -f "$hw_d/private-dirs" ] || while IFS= read -r hw_p; do
      for hw_e in "$hw_p/.hw.@{hw_d##*/}."??????; do
        [ -d "$hw_e" ] && [ ! -L "$hw_e" ] || continue
        if (hw_sweep "$hw_p" "@{hw_e##*/}") 2>/dev/null; then hw_tell cleared "$hw_e"
        elif [ -O "$hw_e" ]; then case $(stat -c %a -- "$hw_e") in *700) hw_l=yes ;; esac; fi
      done
    done < "$hw_d/private-dirs"
    rm -rf -- "$hw_d/out" "$hw_d/err" "$hw_d/seen" "$hw_d/check" "$hw_d"/*/kept/*.new
    [ -n "$hw_l" ] || rm -f -- "$hw_d/private-dirs"
  done
}
hw_sweep() {
  cd -P -- "$1/" && exec 8<. && cd -P -- "./$2" && [ .. -ef /proc/self/fd/8 ] && [ -O . ] && case $(stat -c %a .) in *700) ;; *) false ;; esac &&
    rm -rf ./f ./f.rc ./f[0-9]* ./n ./archive ./tree ./said ./links && cd -P .. && rmdir -- "./$2"
}
`.replaceAll("@{", "${");

// A program for the shell that stays: it takes the lock, unless the run has it, and then
// does the work in a subshell.
export function locked(work: Script, options: LockOptions): Script {
  const { nonce, isRoot, run, host, owner, timeout, shared, anew, seen = "" } = options;
  const { head, keep } = options.journal ?? { head: "{}", keep: KEEP_JOURNALS };
  return sh`${stateFolder(isRoot)}; hw_run=${run}; hw_host=${encodeURIComponent(host)}; hw_owner=${owner}; hw_wait=${timeout}; hw_shared=${shared ? "yes" : ""}; hw_anew=${anew ? "yes" : ""}; hw_seen=${seen}; hw_head=${head}; hw_days=${keep.days}; hw_mb=${keep.megabytes}
hw_tell() { printf '\n@%s %s\n' ${nonce} "$*"; printf '\n@%s %s\n' ${nonce} "$*" >&2; }
${{ sh: LOCK_FUNCTIONS }}
if hw_lock; then (
${work}
); fi`;
}

// Reads what a host says of its lock; true: these words were of it.
export function readLock([word, ...rest]: readonly string[], locking: Locking): boolean {
  const text = rest.join(" ");
  if (word === "locked") locking.lockedBy = text;
  else if (word === "shared") locking.sharedWith = decodeURIComponent(text);
  else if (word === "waited") locking.waited = true;
  else if (word === "cleared") locking.cleared.push(text);
  else if (word === "lacks")
    locking.failure = {
      message: `there is no ${text} on the host, which is needed to lock it`,
      hint: "install util-linux there",
    };
  else if (word === "unwritable")
    locking.failure = {
      message: `Hullwright's directory on the host, ${text}, is not writable`,
      hint: "check its free space, and that the file system is mounted read-write",
    };
  else if (word === "full")
    locking.failure = {
      message: `${text} has the last number that a run's journal can have`,
      hint: "rename or remove it on the host: Hullwright never counts that far",
    };
  else if (word === "foreign")
    locking.failure = {
      message: `Hullwright's directory on the host, ${text}, belongs to another user`,
      hint: "change its owner to the user that tasks run as (chown), or remove it",
    };
  else return word === "waits";
  return true;
}

// The answer of a program that only concerns the lock, between its markers.
export function lockingOf(stdout: string, nonce: string): Locking {
  const locking: Locking = { cleared: [] };
  for (const match of stdout.matchAll(new RegExp(`\\n@${nonce} (.*)\\n`, "g")))
    readLock(match[1]!.split(" "), locking);
  return locking;
}
