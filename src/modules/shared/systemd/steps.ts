import { RECORD_START } from "../../../probes/system/daemon-start.ts";
import { lines, sh, type Script } from "../../../script/sh.ts";
import type { Step } from "../../contract/module.ts";
import { defined } from "../../../defined.ts";

/** How a unit's daemon is set in motion. */
export interface StartOptions {
  verb: "start" | "restart" | "reload";
  /** Files to note as what it runs with; empty: those that an earlier note names. */
  files: readonly string[];
  noBlock: boolean;
  /** What the unit has started must outlive its stop. */
  keepProcesses: boolean;
}

// One call of systemctl, and the call that takes it back.
export function systemctl(verb: string, unit: string, undo?: string): Step {
  return {
    run: sh`systemctl ${words(verb)} -- ${unit}`,
    ...defined({ undo: undo === undefined ? undefined : sh`systemctl ${words(undo)} -- ${unit}` }),
  };
}

// A verb with its options.
function words(text: string): Script {
  return sh`${text.split(" ")}`;
}

// Reads units anew. When files come back, systemd has to read them again once they are all there.
export function reloadStep(): Step {
  return { run: sh`systemctl daemon-reload`, undo: sh`systemctl daemon-reload`, late: true };
}

// Stops a unit. It is started again when all files are back.
export function stopStep(
  unit: string,
  { noBlock, keepProcesses }: Pick<StartOptions, "noBlock" | "keepProcesses">,
): Step {
  const start = startStep(unit, { verb: "start", files: [], noBlock, keepProcesses: false });
  const { run } = systemctl(noBlock ? "stop --no-block" : "stop", unit);
  const stop: Step = { run, undo: start.run, late: true };
  return keepProcesses
    ? { ...stop, run: lines([{ sh: KEEPS }, sh`hw_keeps ${unit} || exit 1`, stop.run]) }
    : stop;
}

/**
 * Starts a unit and sees that it stays up: notes what its files are, starts it, looks at it again, notes
 * which start it was. A daemon that does not come up tells why with its own last words.
 */
export function startStep(
  unit: string,
  { verb, files, noBlock, keepProcesses }: StartOptions,
): Step {
  const run = lines([
    { sh: RECORD_START },
    { sh: WATCH },
    { sh: keepProcesses ? KEEPS : ":" },
    sh`hw_u=${unit}; hw_props "$hw_u"; [ "$hw_reload" != yes ] || systemctl daemon-reload || exit 1`,
    keepProcesses && verb === "restart" ? sh`hw_keeps "$hw_u" || exit 1` : sh`:`,
    files.length > 0 ? sh`set -- ${files}` : NOTED_FILES,
    sh`[ $# = 0 ] || hw_started_with "$@"`,
    { sh: NOTE_DROP_INS },
    sh`hw_verb=${verb}; hw_since=$(date +%s)`,
    noBlock
      ? sh`systemctl --no-block ${verb} -- "$hw_u"; exit`
      : sh`hw_said=$(systemctl ${verb} -- "$hw_u" 2>&1) || hw_tell`,
    sh`hw_stays_up || hw_tell`,
    verb === "reload" ? sh`:` : sh`[ $# = 0 ] || hw_note_start "$hw_u" "$hw_inv"`,
  ]);
  return verb === "start"
    ? { run, undo: sh`systemctl stop -- ${unit}` }
    : { run, undo: lines([sh`systemctl reset-failed -- ${unit} 2>/dev/null`, run]), late: true };
}

// The files of the last note, one a line.
const NOTED_FILES: Script = {
  sh: String.raw`set --; if [ -f "$HW/started/$hw_u" ]; then
  while IFS= read -r hw_l; do case $hw_l in 'file '*) hw_l=@{hw_l#* }; set -- "$@" "@{hw_l#* }" ;; esac; done < "$HW/started/$hw_u"
fi`.replaceAll("@{", "${"),
};

// The drop-ins that systemd has loaded are noted too; the names of the files stay in "$@".
const NOTE_DROP_INS = String.raw`hw_k=$(systemctl show -pDropInPaths --value -- "$hw_u")
# shellcheck disable=SC2086 # one word a path
[ $# = 0 ] || hw_started_with_drop_ins $hw_k`;

// Stopping a unit ends all that it has started, unless its KillMode says otherwise. What systemd has loaded counts, with all
// drop-ins. mixed does not spare them: once the main process has gone, systemd kills the others (systemd.kill(5)).
const KEEPS = String.raw`hw_keeps() {
  hw_m=$(systemctl show -pKillMode --value -- "$1")
  case $hw_m in process|none) return ;; esac
  hw_k=$(systemctl show -pDropInPaths --value -- "$1")
  # shellcheck disable=SC2086 # one word a path
  [ -z "$hw_k" ] || hw_k=$(grep -lE '^[[:space:]]*KillMode' -- $hw_k 2>/dev/null | tr '
' ' ')
  hw_fail "$1 was not changed: its KillMode is $hw_m (@{hw_k:-in its own file}), so stopping it would kill everything that it has started."     'hint: set KillMode=process there, or allow it: containerd_allow: [kill_mode], or keep_processes: false in a task of your own'
}`.replaceAll("@{", "${");

// A daemon of type simple counts as started before it had time to fail, so it is looked at again a moment later.
const WATCH = String.raw`
hw_props() {
  hw_a=; hw_sub=; hw_n=0; hw_inv=; hw_res=; hw_type=; hw_reload=
  while IFS='=' read -r hw_k hw_v; do
    case $hw_k in
      ActiveState) hw_a=$hw_v ;; SubState) hw_sub=$hw_v ;; NRestarts) hw_n=$hw_v ;; InvocationID) hw_inv=$hw_v ;;
      Result) hw_res=$hw_v ;; Type) hw_type=$hw_v ;; NeedDaemonReload) hw_reload=$hw_v ;;
    esac
  done <<HW_EOF
$(systemctl show -pActiveState -pSubState -pNRestarts -pInvocationID -pResult -pType -pNeedDaemonReload -- "$1")
HW_EOF
}
hw_stays_up() {
  hw_props "$hw_u"; hw_n0=$hw_n
  case $hw_type in simple|exec|idle) sleep 0.5; hw_props "$hw_u" ;; oneshot) [ "$hw_res" = success ]; return ;; esac
  case $hw_a in active|reloading|refreshing) ;; *) return 1 ;; esac
  # one more: systemd has started it again by itself. What was failing before has a number already.
  [ "$hw_verb" = reload ] || [ "$hw_n" = "$hw_n0" ]
}
hw_tell() {
  hw_props "$hw_u"; journalctl --sync 2>/dev/null
  printf '%s did not come up: %s (%s), result %s\n' "$hw_u" "$hw_a" "$hw_sub" "$hw_res"
  case $hw_said in ''|*journalctl*) ;; *) printf '%s\n' "$hw_said" ;; esac
  hw_j=$(journalctl -u "$hw_u" --no-pager -o cat --since "@$hw_since" 2>/dev/null)
  printf '%s\n' "$hw_j" | grep -m 1 -E '(fatal error|panic): '
  printf '%s\n' "$hw_j" | tail -n 12
  exit 1
} >&2`;
