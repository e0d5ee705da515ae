import { isDeepStrictEqual } from "node:util";
import { treeDiff } from "../lab/tree.ts";
import type { Case } from "./cases.ts";
import type { HostRan, Outcome, Ran } from "./outcome.ts";

/** One round of a case on one side: what was told, and what lies on its machines. */
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

/** What Ansible did in one run, and what Hullwright did. */
export type Pair<T> = readonly [ansible: T, ours: T];

// Compares both runs of a case. One that both refuse is the same only where the case wants that.
export function judgeCase(one: Case, first: Pair<Seen>, second: Pair<Seen | undefined>): Verdict {
  const [theirs, mine] = first.map(({ ran }) => ran.refused?.trim()) as [
    string | undefined,
    string | undefined,
  ];
  if (theirs !== undefined && mine !== undefined && one.refused)
    return { one, verdict: "same", lines: [] };
  if (mine !== undefined)
    return {
      one,
      verdict: "refused",
      lines: [
        mine,
        theirs === undefined
          ? `Ansible: ${outline(first[0].ran)}`
          : `so does Ansible, but the case does not want it: ${theirs}`,
      ],
    };
  if (theirs !== undefined)
    return { one, verdict: "different", lines: [`Ansible refuses it: ${theirs}`] };
  const lines = differences(...first).map((line) => `run 1: ${line}`);
  if (second[0] && second[1])
    lines.push(...differences(second[0], second[1]).map((line) => `run 2: ${line}`));
  if (one.refused) lines.push("neither refuses it");
  return { one, verdict: lines.length > 0 ? "different" : "same", lines };
}

// What differs in one round; - is Ansible's, + is ours.
function differences(ansible: Seen, ours: Seen): string[] {
  const names = [...new Set([...ansible.ran.hosts.keys(), ...ours.ran.hosts.keys()])].sort();
  const lines = names.flatMap((name) =>
    hostDifferences(ansible.ran.hosts.get(name), ours.ran.hosts.get(name)).map((line) =>
      names.length > 1 ? `${line.slice(0, 2)}${name}: ${line.slice(2)}` : line,
    ),
  );
  for (const { ran } of [ansible, ours])
    if ((ran.broken ?? ran.refused) !== undefined) lines.push(`! ${ran.broken ?? ran.refused}`);
  return [...lines, ...treeDiff(ansible.tree, ours.tree)];
}

// What differs on one host: task by task, and how it ended. A host that one of them does not name has done nothing.
function hostDifferences(ansible: HostRan | undefined, ours: HostRan | undefined): string[] {
  const lines: string[] = [];
  const [theirs, mine] = [listed(ansible), listed(ours)];
  for (let i = 0; i < Math.max(theirs.length, mine.length); i++) {
    if (!alike(theirs[i], mine[i])) lines.push(`- ${told(theirs[i])}`, `+ ${told(mine[i])}`);
  }
  for (const key of ["failed", "unreachable"] as const) {
    const [their, own] = [ansible?.[key] ?? false, ours?.[key] ?? false];
    if (their !== own) lines.push(`- ${key}: ${their}`, `+ ${key}: ${own}`);
  }
  return lines;
}

// The tasks to compare; at which of them a host was found to be out of reach only Ansible says.
function listed(ran: HostRan | undefined): Outcome[] {
  return (ran?.outcomes ?? []).filter(({ status }) => status !== "unreachable");
}

// Tells whether two outcomes are the same; reasons count where both give one.
function alike(theirs: Outcome | undefined, mine: Outcome | undefined): boolean {
  if (!theirs || !mine) return false;
  const reason = theirs.reason !== undefined && mine.reason !== undefined;
  return isDeepStrictEqual(
    reason ? theirs : { ...theirs, reason: "" },
    reason ? mine : { ...mine, reason: "" },
  );
}

function told(outcome: Outcome | undefined): string {
  if (!outcome) return "nothing";
  const { task, status, shown, reason } = outcome;
  return `${task}: ${status}${reason === undefined ? "" : ` (${JSON.stringify(reason)})`}${shown === undefined ? "" : ` ${JSON.stringify(shown)}`}`;
}

// What a run came to, in a few words.
function outline({ hosts }: Ran): string {
  return [...hosts.values()].flatMap(listed).map(told).join("; ").slice(0, 300);
}

// Tells whether a case came out as it says.
export function isRight({ one, verdict }: Verdict): boolean {
  return (verdict === "same") === (one.differs === undefined);
}

// The sum, and everything that is not the same.
export function report(verdicts: readonly Verdict[]): string {
  const count = (verdict: Verdict["verdict"]): number =>
    verdicts.filter((each) => each.verdict === verdict).length;
  const parts = verdicts
    .filter((each) => each.verdict !== "same" || !isRight(each))
    .map((each) => [`${heading(each)}`, ...each.lines.map((line) => `    ${line}`)].join("\n"));
  return [
    ...parts,
    `${count("same")} same / ${count("different")} different / ${count("refused")} refused`,
  ].join("\n");
}

function heading({ one, verdict }: Verdict): string {
  return `${verdict}: ${one.feature}: ${one.name}${one.differs === undefined ? "" : ` (the case says that it differs: ${one.differs})`}`;
}
