import { lines, sh, type Script } from "../../script/sh.ts";
import { ask, type Probe, type ProbeKind } from "../probe.ts";

/** Which files a unit's daemon depends on. Names of files hold neither newline nor backslash. */
export interface StartedArg {
  unit: string;
  files: string[];
}

/** The digest of a file: null is content that is not known yet, "-" no file. */
export type Digest = string | null;

/** What is known of the files that a running daemon was started with. */
export interface StartedState {
  /** What our own last start of the unit noted; null: none of our starts. */
  record: null | {
    /** The start that it speaks of, as systemd names it; null: a start that is planned. */
    invocation: string | null;
    files: { [path: string]: Digest };
    /** Base64 of the TOML files as they were. */
    copies: { [path: string]: string };
    /** The drop-ins that systemd had loaded; absent in notes of old. */
    dropIns?: { [path: string]: Digest };
  };
  /** Where the record does not speak of the running daemon, or not of all files: what else tells its age. */
  evidence: null | {
    /** The host's clock and the kernel's uptime at the same moment, in seconds. */
    now: number;
    uptime: number;
    /** Seconds since 1970. */
    modified: { [path: string]: number };
    digests: { [path: string]: Digest };
    /** The main process runs another file than the one that stands at the path of its program now. */
    replaced: boolean;
  };
  /** Base64 of TOML files that were written after the record. */
  current: { [path: string]: string };
}

/** What a daemon runs with. The question for its unit, in the same program, leaves the unit's properties in $hw_units. */
export const started: ProbeKind<StartedArg, StartedState> = {
  name: "started",
  subject: (arg) => arg.unit,
  script: (args) => script(args),
  parse: (output, args) => parseStarted(output, args),
};

// Asks what a unit's daemon was started with.
export function askStarted(unit: string, files: readonly string[]): Probe<StartedState> {
  return ask(started, { unit, files: [...files] });
}

// A start of ours costs one `cat`; only for others' starts the ages of files and process are looked up.
function script(args: readonly StartedArg[]): Script {
  const calls = args.map(
    ({ unit, files }, i) => sh`printf '@%s\n' ${i}; hw_started ${unit} ${files}`,
  );
  return lines([{ sh: STARTED_FUNCTIONS }, ...calls]);
}

const STARTED_FUNCTIONS = String.raw`
hw_running() {
  hw_pid=0; hw_inv=; hw_exec=; hw_hit=
  while IFS= read -r hw_l; do
    case $hw_l in
      '') [ -z "$hw_hit" ] || break; hw_pid=0; hw_inv=; hw_exec= ;;
      Names=*) case " @{hw_l#Names=} " in *" $1 "*) hw_hit=1 ;; esac ;;
      MainPID=*) hw_pid=@{hw_l#*=} ;;
      InvocationID=*) hw_inv=@{hw_l#*=} ;;
      ExecStart=*path=*) hw_exec=@{hw_l#*path=}; hw_exec=@{hw_exec%% ;*} ;;
    esac
  done <<HW_EOF
@{hw_units-}
HW_EOF
  [ -n "$hw_hit" ] || hw_pid=0
}
hw_evidence() {
  read -r hw_l hw_k < /proc/uptime; printf 'now %s %s\n' "$(date +%s.%N)" "$hw_l"
  stat -L -c 'modified %.9Y %n' -- "$@"
  hw_sums > /dev/null; hw_known "$@" | while IFS= read -r hw_l; do [ -z "$hw_l" ] || printf 'digest %s\n' "$hw_l"; done
  for hw_p; do
    [ "$hw_p" = "$hw_exec" ] || continue; [ -e "/proc/$hw_pid/exe" ] || continue
    IFS= read -r hw_l < "$hw_p"; case $hw_l in '#!'*) continue ;; esac
    # shellcheck disable=SC3013 # dash, bash and busybox know -ef
    [ "/proc/$hw_pid/exe" -ef "$hw_p" ] || printf 'replaced %s\n' "$hw_p"
  done
}
hw_started() {
  hw_u=$1; shift; hw_r=; hw_running "$hw_u"
  [ -n "$hw_hit" ] || { hw_units=$(systemctl show -pNames -pMainPID -pInvocationID -pExecStart -- "$hw_u"); hw_running "$hw_u"; }
  [ -f "$HW/started/$hw_u" ] && hw_r=$(cat "$HW/started/$hw_u")
  printf '%s\n' "$hw_r"; hw_old=
  case $hw_r in "invocation $hw_inv
"*"
drop-ins"*) ;; *) hw_old=1 ;; esac
  for hw_p; do case "$hw_r
" in *"file "*" $hw_p
"*) ;; *) hw_old=1 ;; esac; done
  [ -z "$hw_old" ] || [ "$hw_pid" = 0 ] || [ $# = 0 ] || hw_evidence "$@"
  for hw_p; do
    # shellcheck disable=SC3013 # dash, bash and busybox know -nt
    case $hw_p in *.toml) [ "$hw_p" -nt "$HW/started/$hw_u" ] && printf 'current %s %s\n' "$(head -c 65537 -- "$hw_p" | base64 -w0)" "$hw_p" ;; esac
  done
}`.replaceAll("@{", "${");

// Reads the lines of each unit's answer, behind its number.
function parseStarted(output: string, args: readonly StartedArg[]): StartedState[] {
  const parts = new Map(
    `\n${output}`
      .split("\n@")
      .slice(1)
      .map((part) => [Number.parseInt(part, 10), part]),
  );
  return args.map((_, i) => readStarted((parts.get(i) ?? "").split("\n").slice(1)));
}

// Reads one answer: each line is a word, then values.
function readStarted(rows: readonly string[]): StartedState {
  const of = (word: string, pattern: RegExp): string[][] =>
    rows
      .filter((line) => line.startsWith(`${word} `))
      .map((line) => pattern.exec(line)?.slice(1) ?? [])
      .filter((values) => values.length > 0);
  const invocation = rows
    .find((line) => line.startsWith("invocation "))
    ?.slice("invocation ".length);
  const pairs = (word: string, pattern: RegExp): { [path: string]: string } =>
    Object.fromEntries(of(word, pattern).map(([value, path]) => [path!, value!]));
  const PAIR = /^\S+ (\S+) (\/.*)$/;
  const record =
    invocation === undefined
      ? null
      : { invocation, files: pairs("file", PAIR), copies: pairs("copy", PAIR) };
  const dropIns = rows.includes("drop-ins") ? { dropIns: pairs("drop-in", PAIR) } : {};
  const [now] = of("now", /^now (\d+(?:\.\d+)?)\S* (\d+(?:\.\d+)?)/);
  return {
    record: record && { ...record, ...dropIns },
    evidence:
      now === undefined
        ? null
        : {
            now: Number(now[0]),
            uptime: Number(now[1]),
            modified: Object.fromEntries(
              Object.entries(pairs("modified", PAIR)).map(([path, time]) => [path, Number(time)]),
            ),
            digests: pairs("digest", /^digest ([0-9a-f]{64}) [ *](\/.*)$/),
            replaced: of("replaced", /^replaced (.*)$/).length > 0,
          },
    current: pairs("current", PAIR),
  };
}

/** The step's part that notes what a unit is started with: before the start what the files are, after it which start that was. */
export const RECORD_START = String.raw`
hw_started_with() {
  hw_index; hw_sums > /dev/null; hw_d="
$(hw_known "$@")
"; hw_body=
  for hw_p; do
    hw_s=-; case $hw_d in *"  $hw_p
"*) hw_s=@{hw_d%%"  $hw_p
"*}; hw_s=@{hw_s##*
}; hw_remember "$hw_s" "$hw_p" ;; esac
    hw_body="@{hw_body}file $hw_s $hw_p
"
    case $hw_p in *.toml) [ ! -f "$hw_p" ] || hw_body="@{hw_body}copy $(head -c 65537 -- "$hw_p" | base64 -w0) $hw_p
" ;; esac
  done
  hw_index
}
hw_started_with_drop_ins() {
  hw_body="@{hw_body}drop-ins
"
  for hw_p; do
    [ -e "$hw_p" ] || [ -L "$hw_p" ] || continue
    hw_s=-; [ ! -f "$hw_p" ] || hw_s=$(sha256sum < "$hw_p")
    hw_body="@{hw_body}drop-in @{hw_s%% *} $hw_p
"
  done
}
hw_note_start() {
  mkdir -p "$HW/started" && printf 'invocation %s\n%s' "$2" "$hw_body" > "$HW/started/.$1.new" && mv -f "$HW/started/.$1.new" "$HW/started/$1"
}`.replaceAll("@{", "${");
