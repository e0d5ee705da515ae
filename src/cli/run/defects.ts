import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { HostRun } from "../../run/host-run.ts";

// Keeps the stacks of what went wrong in the program itself in one file, whose path the hosts' failures tell.
export function keepDefects(runs: readonly HostRun[]): void {
  const broken = runs.filter(
    ({ known }) => known.broken?.stack !== undefined && known.broken.hint === undefined,
  );
  if (broken.length === 0) return;
  const file = join(mkdtempSync(join(tmpdir(), "hullwright-defect-")), "stack.txt");
  writeFileSync(
    file,
    broken.map(({ host, known }) => `${host.name}\n${known.broken!.stack}\n`).join("\n"),
    { mode: 0o600 },
  );
  for (const { known } of broken) known.broken!.hint = `please report it, with what is in ${file}`;
}
