import { hasSteps, type Entry } from "../../plan/model/entry.ts";
import { entryNumber, journalEntry } from "../../plan/entry/journal-record.ts";
import { isPlainCommand } from "./plain.ts";
import { sh, type Script } from "../../script/sh.ts";

// Writes down all entries of a program, before the first is begun: a cut leaves all of it, or
// none of it and no change. The directories in which changes keep what they replace are made at
// once; commands keep nothing.
export function writeJournal(
  entries: readonly Entry[],
  from: number,
  nonce: string,
  hide?: <T>(value: T) => T,
): Script {
  const records = entries
    .map((entry, index) => ({
      entry,
      record: journalEntry(entry, entryNumber(from + index), hide),
    }))
    .filter(({ entry }) => hasSteps(entry) && entry.change !== undefined);
  if (records.length === 0) return sh`:`;
  const mark = `HW_${nonce}`;
  const text = records.map(({ record }) => JSON.stringify(record)).join("\n");
  const folders = records
    .filter(({ entry }) => !isPlainCommand(entry))
    .map(({ record }) => `${record.number}/kept`);
  const made = folders.length === 0 ? sh`` : sh`(cd "$HW_RUN_DIR" && mkdir -p ${folders}) && `;
  return sh`{ cat >> "$HW_RUN_DIR/entries" && ${made}sync "$HW_RUN_DIR/entries"; } <<'${{ sh: mark }}' || hw_stuck 0
${{ sh: text }}
${{ sh: mark }}`;
}
