import type { PathState } from "../../../probes/files/path.ts";
import { sh, type Script } from "../../../script/sh.ts";
import { withAttributes } from "../../shared/files/attributes.ts";
import type { Change } from "../../contract/module.ts";
import type { FileState } from "./way.ts";
import type { FileArgs } from "./schema.ts";

// Everything below a directory gets its attributes, in addition to the directory's own change.
export function planBelow(
  args: FileArgs,
  path: string,
  before: FileState,
  ownChange: Change<FileState> | null,
): Change<FileState> | null {
  const old = before.below?.below ?? [];
  const now = old.map((state) => correctedBelow(args, state));
  if (now.every((state, i) => state === old[i])) return ownChange;
  const base = ownChange ?? { after: before, steps: [], diff: [] };
  return {
    ...base,
    after: { ...base.after, below: { type: "directory", below: now } },
    steps: [
      ...base.steps,
      {
        run: setBelow(args, path),
        undo: { ...restoreBelow(path), does: { kind: "restore below", path } },
      },
    ],
    diff: [...base.diff, { kind: "note", title: `attributes of everything below ${path}` }],
  };
}

// One thing below, with the attributes that it gets. Links only have owners.
function correctedBelow(args: FileArgs, state: PathState): PathState {
  if (state === null) return state;
  return withAttributes(args, state) ?? state;
}

// A list of what was, then one process for the owners and one for the modes.
function setBelow({ mode, owner, group }: FileArgs, path: string): Script {
  const owners =
    owner === undefined && group === undefined
      ? sh``
      : sh` && (hw_dir ${`${path}/.`} && find . -mindepth 1 -execdir chown -h -- ${(owner ?? "") + (group === undefined ? "" : `:${group}`)} {} +)`;
  const modes =
    mode === undefined ? sh`` : sh` && hw_modes ${path} ${/^\d/.test(mode) ? `0${mode}` : mode}`;
  return sh`${listOf(path, "HW_ENTRY_DIR")}; { [ -e "$hw_n" ] || { mkdir -p "$HW_ENTRY_DIR/kept" && find ${path} -mindepth 1 -printf '%m\\0%U:%G\\0%p\\0' > "$hw_n"; }; }${owners}${modes}`;
}

// Gives back modes and owners, one by one. What they are by then is kept first, so
// that this can be undone, too.
function restoreBelow(path: string): Script {
  return sh`${listOf(path, "U")}; [ -f "$hw_n" ] || exit 0; hw_p=$hw_n; ${listOf(path, "HW_ENTRY_DIR")}; mkdir -p "$HW_ENTRY_DIR/kept" && find ${path} -mindepth 1 -printf '%m\\0%U:%G\\0%p\\0' > "$hw_n" || exit 1; tr '\\0' '\\n' < "$hw_p" | while IFS= read -r hw_m && IFS= read -r hw_o && IFS= read -r hw_p; do
  [ ! -L "$hw_p" ] || hw_m=; hw_set "$hw_p" "${{ sh: "${hw_o%:*}" }}" "${{ sh: "${hw_o#*:}" }}" "${{ sh: "${hw_m:+00$hw_m}" }}" || exit 1
done`;
}

// The list's name in a part of the journal: of the change that is made, or of
// the one that is undone.
function listOf(path: string, part: "HW_ENTRY_DIR" | "U"): Script {
  return sh`hw_n=$(printf %s ${path} | sha256sum); hw_n="$${{ sh: part }}/kept/${{ sh: "${hw_n%% *}" }}.below"`;
}
