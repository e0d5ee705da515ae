import { sh } from "../script/sh.ts";
import { STATE_OF_ROOT } from "../script/state-folder.ts";
import type { Json } from "../value.ts";
import { ask, type Probe, type ProbeKind } from "./probe.ts";
import { attempt } from "../instead-of.ts";

/**
 * What an earlier run recorded on the host: one line of JSON in our own directory, such as where
 * a file was downloaded from. null: there is no such record. Names consist of letters, digits,
 * dots, dashes and underscores.
 */
export const record: ProbeKind<{ name: string }, Json> = {
  name: "record",
  subject: (arg) => arg.name,
  script: (args) =>
    sh`(cd "$HW_STATE_DIR/records" 2>/dev/null && tail -v -n +1 -- ${args.map((arg) => arg.name)} 2>/dev/null); :`,
  validator: (args) => ({ paths: args.map(({ name }) => `${STATE_OF_ROOT}/records/${name}`) }),
  parse(output, args) {
    const notes = new Map<string, Json>();
    for (const match of output.matchAll(/==> (\S+) <==\n(.*)/g))
      notes.set(match[1]!, readNote(match[2]!));
    return args.map((arg) => notes.get(arg.name) ?? null);
  },
};

// A note that was cut short counts as none.
function readNote(text: string): Json {
  return attempt(() => JSON.parse(text) as Json) ?? null;
}

// Asks for one note.
export function readRecord(name: string): Probe<Json> {
  return ask(record, { name });
}

// The step that writes a record, completely or not at all.
export function writeRecord(name: string, note: Json) {
  return sh`hw_record ${name} ${JSON.stringify(note)}`;
}

/** The shell function for `writeRecord`. */
export const RECORD_FUNCTIONS = String.raw`
hw_record() {
  mkdir -p "$HW_STATE_DIR/records" && printf '%s\n' "$2" > "$HW_STATE_DIR/records/.$1.new" && mv -f "$HW_STATE_DIR/records/.$1.new" "$HW_STATE_DIR/records/$1"
}
`;
