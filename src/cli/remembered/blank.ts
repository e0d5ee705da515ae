import { commandTimes } from "../../probes/command.ts";
import { freeSpace } from "../../probes/files/filesystem.ts";
import { passingRuns } from "../../probes/journal/last-run.ts";
import { passingFacts } from "../../probes/system/facts/passing.ts";
import type { PassingPart } from "../../probes/passing.ts";
import { nonceOf } from "../../script/question.ts";
import type { Json } from "../../value.ts";

/** Stands for the nonce of a question, which is another each time. */
export const NONCE = "NONCE";

/** A validator is not part of the answers that it vouches for. */
const saidByValidator: PassingPart<never> = { kind: "validator", withoutText: () => "\n" };

/** What changes by itself in the answers of some kinds. */
const PASSING: ReadonlyMap<string, PassingPart<Json>> = new Map(
  (
    [commandTimes, freeSpace, passingFacts, passingRuns, saidByValidator] as PassingPart<never>[]
  ).map((part) => [part.kind, part as PassingPart<Json>]),
);

// A question without its nonce; undefined: the program is not a question.
export function blankQuestion(program: string): string | undefined {
  const nonce = nonceOf(program);
  return nonce === undefined ? undefined : program.replaceAll(nonce, NONCE);
}

// An answer without the nonce, and without what changes by itself.
export function blankAnswer(output: string, nonce: string): string {
  return output
    .split(`\n@${nonce} `)
    .map((part) => {
      const end = part.indexOf("\n");
      const passing = PASSING.get(part.slice(0, end).split(" ")[0]!);
      return passing ? part.slice(0, end) + passing.withoutText(part.slice(end)) : part;
    })
    .join(`\n@${NONCE} `);
}

// Makes what changes by itself unknown in the answers of a host, by their keys. Whether there was
// any.
export function blur(answers: Map<string, Json>): boolean {
  let found = false;
  for (const [key, answer] of answers) {
    const passing = PASSING.get(/\n(\S+) /.exec(key)?.[1] ?? "");
    if (!passing?.blurred) continue;
    answers.set(key, passing.blurred(answer));
    found = true;
  }
  return found;
}
