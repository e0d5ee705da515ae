import type { Entry } from "../../plan/model/entry.ts";
import { sh, type Script } from "../../script/sh.ts";

/**
 * Shell for commands that follow one another: the success of one (`hw_was`) is reported together
 * with the start of the next, or with whatever is marked next. Markers are in stderr only around
 * what was printed there, of which `most` bytes are kept.
 */
export function plainFunctions(nonce: string, most: number): Script {
  return sh`hw_flush() { [ -z "$hw_was" ] || { printf '\n@%s code %s 0\n\n@%s done %s\n' ${nonce} "$hw_was" ${nonce} "$hw_was"; hw_was=; }; }
hw_go() {
  if [ -z "$hw_was" ]; then printf '\n@%s begin %s\n\n@%s step %s\n' ${nonce} "$1" ${nonce} "$1"
  else printf '\n@%s code %s 0\n\n@%s done %s\n\n@%s begin %s\n\n@%s step %s\n' ${nonce} "$hw_was" ${nonce} "$hw_was" ${nonce} "$1" ${nonce} "$1"; hw_was=
  fi
}
hw_tell() {
  [ ! -s "$HW_RUN_DIR/out" ] || head -c ${most + 1} "$HW_RUN_DIR/out"
  [ ! -s "$HW_RUN_DIR/err" ] || { printf '\n@%s step %s\n' ${nonce} "$1"; head -c ${most + 1} "$HW_RUN_DIR/err"; printf '\n@%s told %s\n' ${nonce} "$1"; } >&2
}`;
}

// Whether an entry is one command that nothing is looked at for, with nothing else to do.
export function isPlainCommand({ change, crossesOff }: Entry): boolean {
  const steps = change?.steps ?? [];
  if (!change?.standsAlone || crossesOff.length > 0 || steps.length !== 1) return false;
  return !steps[0]!.timed && (change.files ?? []).length === 0;
}
