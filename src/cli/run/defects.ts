import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { HostRun } from "../../run/host-run.ts";
import { reasonOf } from "../../system-error.ts";

// Saves the stack traces of errors in Hullwright itself in one file, whose path
// the hosts' failures name.
export function keepDefects(runs: readonly HostRun[]): void {
  const broken = runs.filter(
    ({ known }) => known.broken?.stack !== undefined && known.broken.hint === undefined,
  );
  if (broken.length === 0) return;
  const hint = hintFor(
    broken.map(({ host, known }) => `${host.name}\n${known.broken!.stack}\n`).join("\n"),
  );
  for (const { known } of broken) known.broken!.hint = hint;
}

// Writes the stacks to a file; where none can be written, that is said.
function hintFor(stacks: string): string {
  try {
    const file = join(mkdtempSync(join(tmpdir(), "hullwright-defect-")), "stack.txt");
    writeFileSync(file, stacks, { mode: 0o600 });
    return `please report it, together with ${file}`;
  } catch (error) {
    return `please report it; where it happened cannot be kept: ${reasonOf(error)}`;
  }
}
