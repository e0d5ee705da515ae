import { whoOf } from "../../plan/scope/login.ts";
import { hasSteps, isUnknown, retryOf, type Entry, type Outcome } from "../../plan/model/entry.ts";
import { PATH_FUNCTIONS } from "../../probes/files/path.ts";
import { findUnknown } from "../../value.ts";
import { RECORD_FUNCTIONS } from "../../probes/record.ts";
import { NOW } from "../../script/output.ts";
import { EXEC_FUNCTIONS } from "../../script/exec.ts";
import { LOGIN_FUNCTION } from "../../script/login.ts";
import { stateFolder } from "../../script/state-folder.ts";
import { lines, sh, type Script } from "../../script/sh.ts";
import { WAIT_FUNCTIONS } from "../../script/wait.ts";
import { WRITE_FUNCTIONS } from "../../script/write.ts";
import { entryNumber } from "../../plan/entry/journal-record.ts";
import { writeJournal } from "./journal.ts";
import { locked, readLock, type Locking, type LockOptions } from "./lock.ts";
import { defined } from "../../defined.ts";
import { bulkFunctions, bulkProgram, type BulkParts } from "./bulk-program.ts";
import { NOTES } from "./notes.ts";
import { inBulks, watchedAt, type Inline } from "./bulk.ts";
import { lookPattern, lookScript, looksOf } from "../../plan/model/looks.ts";
import { isPlainCommand, plainFunctions } from "./plain.ts";
import { tellFound } from "./found.ts";
import { stageInline, usedOnce } from "./stage.ts";
import { cutOff, TAKEN_OUTPUT } from "./taken.ts";
import { countFromEnd, errorsBy, sections } from "./streams.ts";

/** What one program of changes is given besides its entries. */
export interface ProgramOptions extends LockOptions {
  /** How many entries ran before in this run, so that undo files keep the order. */
  from: number;
}

/** The exit code of a program that stopped early. */
const STOPPED = 92;
/**
 * Once commands that follow one another have printed more than this, the next is for
 * another program, in bytes.
 */
const CHAIN_OUTPUT = 8 * 1024 * 1024;
const CHAIN_ERRORS = 256 * 1024;

/**
 * Makes one program of all changes. Each change is compared and swapped: look again, is it still
 * what was planned against? then the steps, then look once more. It stops at the first that fails,
 * since what comes after was planned on the success of what comes before.
 */
export function changeProgram(
  entries: readonly Entry[],
  inline: Inline,
  options: ProgramOptions,
): Script {
  const head = [
    sh`${{ sh: LOGIN_FUNCTION }}
${{ sh: EXEC_FUNCTIONS }}umask 022; export LC_ALL=C; cd /; hw_was=
hw_mark() { hw_flush; printf '\n@%s %s\n' ${options.nonce} "$*"; printf '\n@%s %s\n' ${options.nonce} "$*" >&2; }`,
    plainFunctions(options.nonce, TAKEN_OUTPUT),
    { sh: PATH_FUNCTIONS },
    { sh: WRITE_FUNCTIONS },
    { sh: RECORD_FUNCTIONS },
    { sh: WAIT_FUNCTIONS },
    bulkFunctions(options.nonce, STOPPED),
    sh`trap 'hw_flush; hw_drop_dirs 2>/dev/null; set --; hw_swept && set -- "$HW_RUN_DIR/private-dirs"; rm -f "$HW_RUN_DIR/out" "$HW_RUN_DIR/err" "$HW_RUN_DIR/seen" "$HW_RUN_DIR/limit" "$@"' EXIT
hw_stuck() { hw_verify; hw_mark stuck "$1"; exit ${STOPPED}; }
hw_time=; hw_clock() { [ -n "$hw_time" ] || hw_time=${{ sh: NOW }}; }
hw_out=0; hw_err=0
hw_print() { [ ! -s "$HW_RUN_DIR/out" ] || head -c ${TAKEN_OUTPUT + 1} "$HW_RUN_DIR/out"; [ ! -s "$HW_RUN_DIR/err" ] || head -c ${TAKEN_OUTPUT + 1} "$HW_RUN_DIR/err" >&2; }
hw_space_left() {
  [ -s "$HW_RUN_DIR/out" ] || [ -s "$HW_RUN_DIR/err" ] || return 0
  hw_time=; set -- $(stat -c %s -- "$HW_RUN_DIR/out" "$HW_RUN_DIR/err"); hw_out=$((hw_out + \${1:-0})); hw_err=$((hw_err + \${2:-0}))
  [ "$hw_out" -le ${CHAIN_OUTPUT} ] && [ "$hw_err" -le ${CHAIN_ERRORS} ]
}
hw_base=${options.from}; hw_single=${usedOnce(entries, inline)}
hw_log() { printf '%s\n' "$*" >> "$HW_RUN_DIR/log"; }
hw_done() { hw_log done "$((hw_base + $1))" "$2"; hw_mark done "$1"; }
hw_left() { [ -d "$HW_RUN_DIR" ] || { hw_mark gone "$1"; return; }; hw_log failed "$((hw_base + $1))"; [ -z "$2" ] || printf '%s\n' "$2" > "$HW_RUN_DIR/$((hw_base + $1)).left"; }`,
    writeJournal(entries, options.from, options.nonce, options.journal?.hide),
  ];
  const alone = (index: number, files: Inline): Script => {
    const entry = entries[index]!;
    if (isPlainCommand(entry)) return plainCommand(entry, index, options);
    return sh`hw_halt; hw_mark begin ${index}
${compareAndSwap(entry, index, files, options)}`;
  };
  const parts: BulkParts = {
    notes: (index) => notes(entries[index]!, index, options),
    alone,
    stopped: STOPPED,
  };
  const body = inBulks(entries, inline).map((bulk) =>
    bulk.entries.length === 1 ? alone(bulk.from, inline) : bulkProgram(bulk, inline, parts),
  );
  return locked(
    lines([...head, ...body, sh`hw_flush; hw_index; rm -rf "$HW_STATE_DIR/stage"; hw_mark end`]),
    options,
  );
}

// Tells the program of a run, beside which this one runs, to begin no further change.
export function stopProgram(run: string, isRoot: boolean): Script {
  return lines([
    stateFolder(isRoot),
    sh`mkdir -p -m 0700 "$HW_STATE_DIR" && : > "$HW_STATE_DIR/stop-"${run}`,
  ]);
}

// Such a command, with as few writes as can be: each of them is a packet on the wire.
function plainCommand(entry: Entry, index: number, options: ProgramOptions): Script {
  return sh`hw_halt
${lines(notes(entry, index, options))}
hw_go ${index}
(
${entry.change!.steps[0]!.run}
) </dev/null > "$HW_RUN_DIR/out" 2> "$HW_RUN_DIR/err" 9>&-
hw_rc=$?; hw_tell ${index}; [ "$hw_rc" = 0 ] || { hw_left ${index} ''; hw_mark code ${index} "$hw_rc"; exit ${STOPPED}; }
hw_log done ${options.from + index} ${kindOf(entry)}; hw_was=${index}; hw_space_left || { hw_flush; hw_index; exit 0; }`;
}

// Whether a change is a line of the change list, for the journal.
function kindOf({ change }: Entry): string {
  return change && change.silent !== true ? "change" : "silent";
}

// One change between two checks. If everything is already as wanted, and what is
// wanted is fully known, nothing is done; if the state is neither the old nor the
// wanted one, the change is refused.
function compareAndSwap(
  entry: Entry,
  index: number,
  inline: Inline,
  options: ProgramOptions,
): Script {
  const looks = looksOf(entry);
  const done = sh`hw_done ${index} ${kindOf(entry)}`;
  const steps = runSteps(entry, index, inline, options);
  if (looks.length === 0 || !entry.change) {
    const rest = entry.change?.standsAlone ? sh`; hw_space_left || { hw_index; exit 0; }` : sh``;
    return lines([sh`hw_looks=; printf '' > "$HW_RUN_DIR/seen"`, ...steps, sh`${done}${rest}`]);
  }
  const isOpaque = Boolean(entry.change.opaque);
  const [before, after] = [
    lookPattern(looks, "before", false),
    lookPattern(looks, "after", isOpaque),
  ];
  const watched = (follow: boolean): string[] =>
    looks
      .flatMap((one) => watchedAt(one) ?? [])
      .flatMap((at) => (Boolean(at.follow) === follow ? at.path : []));
  const isKnown = looks.every((one) => !one.look.words(one.after, one.probe.arg).includes(null));
  return sh`hw_time=; hw_looks=1
hw_look_now() { ${lookScript(looks)}
}
{ hw_watch '' ${watched(false)}; hw_watch -L ${watched(true)}; echo end//; } > "$HW_RUN_DIR/seen" || hw_stuck ${index}
hw_now=$(hw_look_now)
case "$hw_now" in
${{ sh: before }})
${lines(steps)}
hw_now=$(hw_look_now)
case "$hw_now" in ${{ sh: after }}) ${done} ;; *) hw_left ${index} "$hw_now"; hw_mark missed ${index}; printf '%s\n' "$hw_now"; exit ${STOPPED} ;; esac ;;
${{ sh: isKnown && before !== after ? `${after}) hw_mark already ${index} ;;` : "" }}
*) hw_mark moved ${index}; printf '%s\n' "$hw_now"; exit ${STOPPED} ;;
esac`;
}

// Notices of handlers first, then the undo, then the steps; the handler's own
// notice goes when it is done.
function runSteps(entry: Entry, index: number, inline: Inline, options: ProgramOptions): Script[] {
  const scripts = notes(entry, index, options);
  const files = lines(
    (entry.change?.files ?? []).flatMap(({ sha256 }) => {
      const content = inline.get(sha256);
      return content ? stageInline(sha256, content) : [];
    }),
  );
  for (const [at, step] of (entry.change?.steps ?? []).entries()) {
    const [clock, now] = step.timed ? [sh`hw_clock; `, sh`"$hw_time"`] : [sh``, sh``];
    scripts.push(sh`${clock}hw_mark step ${index} ${now}
(
${at === 0 ? files : { sh: ":" }}
${step.run}
) </dev/null > "$HW_RUN_DIR/out" 2> "$HW_RUN_DIR/err" 9>&-
hw_rc=$?; hw_time=; ${clock}hw_print; hw_mark code ${index} "$hw_rc" ${now}; [ "$hw_rc" = 0 ] || { hw_left ${index} "$([ -z "$hw_looks" ] || hw_look_now)"; exit ${STOPPED}; }`);
  }
  if (!entry.change?.runner) scripts.push(...entry.crossesOff.map(forgetNotice));
  return scripts;
}

// Notices of handlers, then the undo.
function notes(entry: Entry, index: number, { from, run }: ProgramOptions): Script[] {
  const scripts: Script[] = entry.notifies.map(
    (notice) =>
      sh`{ [ -d "$HW_STATE_DIR/pending" ] || mkdir "$HW_STATE_DIR/pending"; } && printf '%s\n' ${entry.task} ${run} > "$HW_STATE_DIR/pending/"${notice} || hw_stuck ${index}`,
  );
  const number = from + index;
  if (entry.change)
    scripts.push(
      sh`HW_ENTRY_DIR="$HW_RUN_DIR/"${entryNumber(number)}; hw_log begun ${number} || hw_stuck ${index}`,
    );
  return scripts;
}

// Crosses a handler off.
export function forgetNotice(notice: string): Script {
  return sh`rm -f "$HW_STATE_DIR/pending/"${notice}`;
}

/** The results of a program: an outcome for each entry that ran, by its index among the entries. */
export interface ProgramResult {
  outcomes: Map<number, Outcome>;
  locking: Locking;
  /** It was told to stop, and started no further change. */
  wasStopped?: boolean;
}

// Reads what a program printed. An entry that was begun and has no end was cut off.
export function readProgram(
  stdout: string,
  stderr: string,
  entries: readonly Entry[],
  nonce: string,
  from = 0,
): ProgramResult {
  const result: ProgramResult = { outcomes: new Map(), locking: { cleared: [] } };
  const parts = sections(stdout, nonce);
  const errorsOf = errorsBy(sections(stderr, nonce));
  let step = 0;
  let begin: string | undefined;
  const steps = countFromEnd(parts);
  for (const [at, { words, text }] of parts.entries()) {
    const [word, number] = [words[0]!, Number(words[1])];
    const outcome = result.outcomes.get(number) ?? { status: "failed", outputs: [] };
    const task = entries[number]?.task ?? "";
    if (readLock(words, result.locking)) continue;
    if (word === "stopped") result.wasStopped = true;
    if (word === "begin") step = 0;
    if (word === "step") {
      outcome.outputs[step] = {
        code: -1,
        stdout: cutOff(text),
        stderr: cutOff(errorsOf(steps[at]!)),
      };
      begin = words[2];
    }
    if (word === "code" && outcome.outputs[step])
      Object.assign(outcome.outputs[step++]!, {
        code: Number(words[2]),
        ...defined({ times: begin && words[3] ? [begin, words[3]] : undefined }),
      });
    if (word === "done" || word === "already") outcome.status = word;
    if (word === "stuck" || word === "gone") Object.assign(outcome, NOTES[word]);
    if (word === "missed")
      Object.assign(outcome, {
        message: `"${task}" ran, but the host is not in the expected state afterwards${foundBy(entries[number], "after", text)}`,
      });
    if (word === "moved")
      Object.assign(outcome, {
        message: `the host has changed since it was planned${foundBy(entries[number], "before", text)}`,
        hint: "someone else changed it; run again to see the new plan",
      });
    if (words.length > 1) result.outcomes.set(number, { ...outcome, number: from + number });
  }
  return result;
}

// The findings of an entry's checks, after a colon.
function foundBy(entry: Entry | undefined, which: "before" | "after", printed: string): string {
  const found = entry ? tellFound(looksOf(entry), which, printed) : "";
  return found === "" ? "" : `: ${found}`;
}

// Whether an entry does nothing but wait for the host: it needs no program, and gets none.
export function isOnlyWait({ change }: Entry): boolean {
  return change?.runner?.kind === "reconnect" && change.steps.length === 0;
}

// The entries of a plan that one program can do: those before the first whose outcome others wait
// for, as one user on one host.
export function nextEntries(
  entries: readonly Entry[],
  isSettled: (entry: Entry) => boolean,
): { ready: Entry[]; passed: Entry[] } {
  const ready: Entry[] = [];
  const passed: Entry[] = [];
  let isBehindCommand = false;
  for (const entry of entries) {
    if (isUnknown(entry)) break;
    const runs = hasSteps(entry) && !isSettled(entry);
    if (isBehindCommand && !(runs && entry.change?.standsAlone)) break;
    if (ready.length > 0 && !runs && findUnknown(entry.result) !== undefined) break; // it looks before what comes after it is done
    if (
      runs &&
      ready[0] &&
      (whoOf(ready[0].identity) !== whoOf(entry.identity) || ready[0].on !== entry.on)
    )
      break;
    if (runs && (retryOf(entry) !== undefined || isOnlyWait(entry)) && ready.length > 0) break;
    if (runs) ready.push(entry);
    passed.push(entry);
    isBehindCommand ||= runs && entry.change?.standsAlone === true;
    if (isBehindCommand) continue;
    if (
      runs &&
      (retryOf(entry) !== undefined ||
        entry.change?.runner ||
        entry.change?.opaque === "wait" ||
        (entry.change?.opaque && entry.change.silent !== true))
    )
      break;
  }
  return { ready, passed };
}
