import { UnplacedError } from "../../errors.ts";
import type { RunFlags } from "../settings/options.ts";
import type { Prepared } from "../prepare/prepared.ts";

// A run that no host remembers cannot be rolled back.
export function refuseUnknownRun({ runs }: Prepared, { rollback }: RunFlags): void {
  if (rollback === undefined) return;
  const found = runs.map(
    ({ walk }) => walk?.entries.find(({ module }) => module === "journal_info")?.result["found"],
  );
  if (found.every((name) => name === ""))
    throw new UnplacedError(
      `no host has a journal of a run "${rollback}"`,
      "hullwright runs -i INVENTORY lists them; those of other users: --become-user USER, --no-become",
    );
}
