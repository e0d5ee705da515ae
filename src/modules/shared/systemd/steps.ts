import KEEPS from "./keeps.sh?raw";
import WATCH from "./watch.sh?raw";
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
    run: sh`systemctl ${splitVerb(verb)} -- ${unit}`,
    ...defined({
      undo: undo === undefined ? undefined : sh`systemctl ${splitVerb(undo)} -- ${unit}`,
    }),
  };
}

// A verb with its options.
function splitVerb(text: string): Script {
  return sh`${text.split(" ")}`;
}

// Has systemd reload units. When files are restored, systemd must reload them
// once they are all back.
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
 * Starts a unit and checks that it stays up: records its files, starts it, checks it
 * again, and records which start it was. A daemon that does not come up explains why
 * with its own last log lines.
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
    sh`hw_verb=${verb}; hw_since=$(date +%s); hw_before=" $(cd /proc && echo [0-9]*)"`,
    noBlock
      ? sh`systemctl --no-block ${verb} -- "$hw_u"; exit`
      : sh`hw_said=$(hw_attended systemctl ${verb} -- "$hw_u") || hw_tell`,
    sh`hw_stays_up || hw_tell`,
    verb === "reload" ? sh`:` : sh`[ $# = 0 ] || hw_note_start "$hw_u" "$hw_inv"`,
  ]);
  return verb === "start"
    ? { run, undo: sh`systemctl stop -- ${unit}` }
    : { run, undo: lines([sh`systemctl reset-failed -- ${unit} 2>/dev/null`, run]), late: true };
}

// The files of the last note, one a line.
const NOTED_FILES: Script = {
  sh: String.raw`set --; if [ -f "$HW_STATE_DIR/started/$hw_u" ]; then
  while IFS= read -r hw_l; do case $hw_l in 'file '*) hw_l=@{hw_l#* }; set -- "$@" "@{hw_l#* }" ;; esac; done < "$HW_STATE_DIR/started/$hw_u"
fi`.replaceAll("@{", "${"),
};

// The drop-ins that systemd has loaded are noted too; the names of the files stay in "$@".
const NOTE_DROP_INS = String.raw`hw_k=$(systemctl show -pDropInPaths --value -- "$hw_u")
# shellcheck disable=SC2086 # one word a path
[ $# = 0 ] || hw_started_with_drop_ins $hw_k`;
