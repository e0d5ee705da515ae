import { lines, sh, type Script } from "../../script/sh.ts";
import { AFTER_EACH_CHANGE, ask, ProbeError, type Probe, type ProbeKind } from "../probe.ts";
import { defined } from "../../defined.ts";

/** What has to work so that containerd does. */
export interface ReadinessArg {
  /** The unit's full name. */
  unit: string;
  address: string;
  ctr: string;
  /** Plugins that must be ok, as TYPE/ID without the leading "io.containerd.". */
  requires: string[];
  /** The runc that the daemon must find first; null: nobody looks. */
  runc: string | null;
  /** The directory whose bin containerd searches before PATH. */
  opt_path: string;
  shim: string;
  /** Readiness includes that a container could be run, which only a change does. */
  container: boolean;
  /** The name under which the host keeps what was found good. */
  note: string;
}

/** What is known of it. */
export interface Readiness {
  /** noted: this start of the daemon was found good with these very programs. ready: it is good, and nobody has noted it. */
  state: "noted" | "ready" | "starting" | "not ready";
  /** Why it is not ready. */
  why?: string;
  /** systemd's id of this start; null: the unit does not run, or systemd is too old to tell. */
  invocation: string | null;
}

/** Costs a readlink and a stat where nothing has changed since containerd was found good. */
export const readiness: ProbeKind<ReadinessArg, Readiness> = {
  name: "readiness",
  subject: (arg) => `${arg.unit} ${arg.address}`,
  lasts: { unknownBehind: "starts", asked: AFTER_EACH_CHANGE },
  madeOf: ({ runc, shim }, kind, subject) =>
    kind === "path" && (subject === runc || subject === shim),
  script: (args) => lines([{ sh: FUNCTIONS }, ...args.map(question)]),
  parse(output, args) {
    const found = [
      ...output.matchAll(/^readiness (noted|ready|starting|not ready),([0-9a-f]*),(.*)$/gm),
    ];
    if (found.length !== args.length)
      throw new ProbeError("the answer about containerd is truncated or garbled");
    return found.map(([, state, id, why]) => ({
      state: state as Readiness["state"],
      invocation: id || null,
      ...defined({ why: why ? why : undefined }),
    }));
  },
};

// Asks whether containerd works.
export function askReadiness(arg: ReadinessArg): Probe<Readiness> {
  return ask(readiness, arg);
}

/** The shell functions behind it, which a step that waits uses too. They set hw_inv, hw_programs and hw_why. */
export function readinessFunctions(): Script {
  return { sh: FUNCTIONS };
}

// The call that tells hw_ready what to look at.
export function readinessOf(arg: ReadinessArg): Script {
  return sh`hw_ready_for ${arg.unit} ${arg.address} ${arg.ctr} ${arg.runc ?? ""} ${arg.opt_path} ${arg.shim} ${arg.requires}`;
}

// The note that is kept of a daemon that was found good, with the start and the programs as the shell knows them. Behind the word
// "broken" it is that of one with which no container could be run; the next line says why.
export function noteOf(arg: ReadinessArg): Script {
  const [invocation, programs] = ["INVOCATION", "PROGRAMS"];
  const note = JSON.stringify({
    invocation,
    programs,
    address: arg.address,
    requires: arg.requires,
    runc: arg.runc,
    opt_path: arg.opt_path,
    ...(arg.container && { container: true }),
  });
  const format = note
    .replaceAll("\\", "\\\\")
    .replaceAll("%", "%%")
    .replace(invocation, "%s")
    .replace(programs, "%s");
  return sh`$(printf ${format} "$hw_inv" "$hw_programs")`;
}

// One look, unless what was found good is so still.
function question(arg: ReadinessArg): Script {
  return sh`${readinessOf(arg)}
hw_l=; hw_m=; [ ! -f "$HW/records/"${arg.note} ] || { IFS= read -r hw_l; IFS= read -r hw_m; } < "$HW/records/"${arg.note}
if [ -S ${arg.address} ] && [ -n "$hw_inv" ] && [ "$hw_l" = "${noteOf(arg)}" ]; then printf 'readiness noted,%s,\n' "$hw_inv"
elif [ -n "$hw_inv" ] && [ "$hw_l" = "broken ${noteOf(arg)}" ]; then printf 'readiness not ready,%s,%s\n' "$hw_inv" "$hw_m"
elif hw_ready; then printf 'readiness ready,%s,\n' "$hw_inv"
else printf 'readiness %s,%s,%s\n' "$(hw_starting && echo starting || echo not ready)" "$hw_inv" "$(printf %s "$hw_why" | tr '\n\r' '  ')"; fi`;
}

// `ctr plugins ls` prints TYPE ID PLATFORMS STATUS. 2.x has CRI in three plugins; where they are, all must be ok.
const FUNCTIONS = String.raw`hw_ready_for() {
  hw_unit=$1; hw_address=$2; hw_ctr=$3; hw_runc=$4; hw_opt=$5; hw_shim=$6; shift 6; hw_needed=$*
  hw_inv=$(readlink "/run/systemd/units/invocation:$hw_unit")
  # shellcheck disable=SC2086 # one word or none
  hw_programs=$(stat -L -c '%s %.9Y %.9Z %i' -- $hw_runc "$hw_shim" 2>/dev/null | tr '\n' ';')
}
hw_status() {
  while read -r hw_t hw_i hw_r; do
    [ "$hw_t/$hw_i" = "io.containerd.$1" ] && { printf '%s\n' "@{hw_r##*[ 	]}"; return; }
  done <<HW_EOF
$hw_list
HW_EOF
}
hw_unit_state() {
  hw_a=; hw_sub=; hw_res=; hw_n=0; hw_pid=0; hw_since=0
  while IFS='=' read -r hw_k hw_v; do
    case $hw_k in
      ActiveState) hw_a=$hw_v ;; SubState) hw_sub=$hw_v ;; Result) hw_res=$hw_v ;; NRestarts) hw_n=$hw_v ;; MainPID) hw_pid=$hw_v ;;
      ExecMainStartTimestampMonotonic) hw_since=$hw_v ;;
    esac
  done <<HW_EOF
$(systemctl show -pActiveState -pSubState -pResult -pNRestarts -pMainPID -pExecMainStartTimestampMonotonic -- "$hw_unit")
HW_EOF
}
hw_starting() {
  [ -z "$hw_broken" ] && [ "@{hw_n:-0}" = 0 ] && [ "$hw_a" != failed ] && [ "@{hw_since:-0}" -gt 0 ] || return 1
  read -r hw_l hw_k < /proc/uptime
  [ $((@{hw_l%%.*} - hw_since / 1000000)) -lt 20 ]
}
hw_works() {
  [ -x "$1" ] || { hw_broken=1; hw_why="$hw_why $1 is not there, or cannot be run;"; return; }
  hw_o=$(timeout 10 "$@" 2>&1) || hw_broken=1 hw_why="$hw_why $1 cannot run: @{hw_o:-it says nothing};"
}
hw_runc_found() {
  hw_path=$(tr '\0' '\n' < "/proc/$hw_pid/environ" | sed -n 's/^PATH=//p'); hw_l="$hw_opt/bin:$hw_path:"
  while [ -n "$hw_l" ]; do
    hw_p=@{hw_l%%:*}/runc; hw_l=@{hw_l#*:}
    # shellcheck disable=SC3013 # dash, bash and busybox know -ef
    [ ! -x "$hw_p" ] || { [ "$hw_p" -ef "$hw_runc" ] || hw_broken=1 hw_why="$hw_why it finds $hw_p before $hw_runc;"; return; }
  done
  hw_broken=1; hw_why="$hw_why there is no runc in the PATH of the daemon ($hw_path);"
}
hw_ready() {
  hw_why=; hw_broken=; hw_unit_state; hw_inv=$(readlink "/run/systemd/units/invocation:$hw_unit")
  [ "$hw_a" = active ] || { hw_why="$hw_unit is @{hw_a:-not there} ($hw_sub), result $hw_res"; return 1; }
  [ -S "$hw_address" ] || { hw_why="there is no socket at $hw_address"; return 1; }
  hw_version=$("$hw_ctr" -a "$hw_address" version 2>&1) || { hw_why="it does not answer: $hw_version"; return 1; }
  hw_list=$("$hw_ctr" -a "$hw_address" plugins ls 2>/dev/null) || { hw_why='it does not tell its plugins'; return 1; }
  for hw_p in $hw_needed; do
    hw_s=$(hw_status "$hw_p"); [ "$hw_s" = ok ] || hw_why="$hw_why $hw_p is @{hw_s:-not there};"
    [ "$hw_p" = grpc.v1/cri ] || continue
    for hw_k in cri.v1/images cri.v1/runtime; do hw_s=$(hw_status "$hw_k"); [ "@{hw_s:-ok}" = ok ] || hw_why="$hw_why $hw_k is $hw_s;"; done
  done
  hw_works "$hw_shim" -v
  [ -z "$hw_runc" ] || { hw_works "$hw_runc" --version; hw_runc_found; }
  hw_why=@{hw_why# }; [ -z "$hw_why" ]
}`.replaceAll("@{", "${");
