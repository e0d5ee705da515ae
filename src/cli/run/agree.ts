import { renderPlanNotes, renderPlanSum } from "../../report/recap.ts";
import type { JsonReport } from "../../report/summary.ts";
import { renderChanges, type Showing } from "../../report/text.ts";
import { confirm } from "../ask.ts";
import type { Doing } from "./doing.ts";

// Shows what is planned, and asks for confirmation.
export async function agreesTo(
  { print, stop }: Pick<Doing, "print" | "stop">,
  planned: JsonReport,
  showing: Showing,
): Promise<boolean> {
  print([
    ...renderChanges(planned, showing),
    "",
    renderPlanSum(planned),
    ...renderPlanNotes(planned),
  ]);
  const isAgreed = await confirm('\nApply these changes? Only "yes" is accepted: ', stop.soon);
  if (!isAgreed) print(["nothing was done"]);
  return isAgreed;
}

// The exit code of what was applied: 4 a host is unreachable, 2 a host failed, 0 all is done.
export function appliedCode({ totals }: JsonReport): number {
  if (totals.unreachable > 0) return 4;
  return totals.failed > 0 ? 2 : 0;
}
