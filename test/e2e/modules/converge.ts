import { filesOf } from "../../../src/modules/contract/module.ts";
import type { Outcome } from "../../../src/plan/model/entry.ts";
import type { AnyModule } from "../../../src/modules/index.ts";
import { PATH_FUNCTIONS } from "../../../src/probes/files/path.ts";
import { WRITE_FUNCTIONS } from "../../../src/script/write.ts";
import type { JournalEntry } from "../../../src/modules/journal/entry.ts";
import type { LabHost } from "../../lab/host.ts";
import { argumentsFor, givenWith } from "../../modules/case.ts";
import { applyOn, planOn } from "./drive.ts";

/** What a task came to, and its result as `register` sees it. */
export interface Converged {
  status: Outcome["status"] | "unchanged";
  said: string;
  result: { [key: string]: unknown };
}

// Runs a task on a host, between two looks, and sees that a second run finds nothing to do, unless its deed is done always.
export async function converge(
  host: LabHost,
  module: AnyModule,
  args: object,
  options: { always?: true } = {},
): Promise<Converged> {
  const ready = argumentsFor(module, args);
  const { before, change } = await planOn(host, module, ready);
  const tell = (state: typeof before, outputs?: Outcome["outputs"]): { [key: string]: unknown } =>
    module.result(ready, state, outputs, givenWith());
  if (!change) return { status: "unchanged", said: "", result: tell(before) };
  for (const { content, sha256 } of filesOf(change))
    await host.must(
      `mkdir -p /var/lib/hullwright/stage && base64 -d > /var/lib/hullwright/stage/${sha256}`,
      Buffer.from(content!).toString("base64"),
    );
  const outcome = await applyOn(host, module, ready);
  const said = [outcome.message, ...outcome.outputs.map((output) => output.stderr)]
    .filter(Boolean)
    .join("\n")
    .trim();
  if (outcome.status !== "done") return { status: outcome.status, said, result: {} };
  const again = await planOn(host, module, ready);
  if (again.change && !options.always)
    throw new Error(
      `a second run is not done yet: ${again.change.steps.map((step) => step.run.sh).join("\n")}`,
    );
  const result = { ...change.result, ...tell(change.after, outcome.outputs) };
  return { status: outcome.status, said, result };
}

// Takes back the last run that changed a host, as its journal says: its changes from the newest on.
export async function undoLast(host: LabHost): Promise<void> {
  const journal = (await host.must("ls -1td /var/lib/hullwright/journal/*/ | head -n 1"))
    .trim()
    .replace(/\/$/, "");
  const entries = (await host.must(`cat ${journal}/entries`))
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as JournalEntry);
  const undo = entries
    .reverse()
    .map(
      ({ number, steps }) =>
        `U="$HW_RUN_DIR/"${number} HW_ENTRY_DIR="$HW_RUN_DIR/undo-"${number}; mkdir -p "$HW_ENTRY_DIR/kept"\n${steps.map((step) => step.undo).join("\n")}\n`,
    );
  await host.must(
    "exec sh -s",
    `set -e; export LC_ALL=C; cd /; HW_STATE_DIR=/var/lib/hullwright; HW_RUN_DIR=${journal}\n${PATH_FUNCTIONS}\n${WRITE_FUNCTIONS}\n${undo.join("")}`,
  );
}
