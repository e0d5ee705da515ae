import { isDeepStrictEqual } from "node:util";
import { treeDiff } from "../lab/tree.ts";
import type { Case } from "./cases.ts";
import type { Outcome, Ran } from "./outcome.ts";

/** One round of a case on one side: what was told, and what lies on the host. */
export interface Seen {
  ran: Ran;
  tree: string[];
}

export interface Verdict {
  one: Case;
  verdict: "same" | "different" | "refused";
  /** What differs, a line each. */
  lines: string[];
}

// Compares all rounds of a case.
export function judgeCase(one: Case, ansible: readonly Seen[], ours: readonly Seen[]): Verdict {
  const refused = ours.find(({ ran }) => ran.refused !== undefined)?.ran.refused;
  if (refused !== undefined) return { one, verdict: "refused", lines: [refused] };
  const lines = ours.flatMap((mine, round) => differences(ansible[round]!, mine).map((line) => `run ${round + 1}: ${line}`));
  return { one, verdict: lines.length > 0 ? "different" : "same", lines };
}

// What differs in one round; - is Ansible's, + is ours.
function differences(ansible: Seen, ours: Seen): string[] {
  const lines: string[] = [];
  for (let i = 0; i < Math.max(ansible.ran.outcomes.length, ours.ran.outcomes.length); i++) {
    const [theirs, mine] = [ansible.ran.outcomes[i], ours.ran.outcomes[i]];
    if (!isDeepStrictEqual(theirs, mine)) lines.push(`- ${told(theirs)}`, `+ ${told(mine)}`);
  }
  if (ansible.ran.failed !== ours.ran.failed) lines.push(`- failed: ${ansible.ran.failed}`, `+ failed: ${ours.ran.failed}`);
  if (ours.ran.broken !== undefined) lines.push(`! ${ours.ran.broken}`);
  return [...lines, ...treeDiff(ansible.tree, ours.tree)];
}

function told(outcome: Outcome | undefined): string {
  if (!outcome) return "nothing";
  return `${outcome.task}: ${outcome.status}${outcome.shown === undefined ? "" : ` ${JSON.stringify(outcome.shown)}`}`;
}

// The sum, and everything that is not the same.
export function report(verdicts: readonly Verdict[]): string {
  const count = (verdict: Verdict["verdict"]): number => verdicts.filter((each) => each.verdict === verdict).length;
  const parts = verdicts.filter(({ verdict }) => verdict !== "same").map(({ one, verdict, lines }) => [`${verdict}: ${one.feature}: ${one.name}${one.differs ? ` (on purpose: ${one.differs})` : ""}`, ...lines.map((line) => `    ${line}`)].join("\n"));
  return [...parts, `${count("same")} same / ${count("different")} different / ${count("refused")} refused`].join("\n");
}
