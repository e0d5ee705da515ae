import { TaskFailure } from "../../../errors.ts";
import { askAvailable } from "../../../probes/packages/available.ts";
import type { Probes } from "../../../probes/probe.ts";

/** The names that patterns of names stand for, by the pattern. */
export type Matches = { [pattern: string]: string[] };

// Whether a name is a pattern: Debian's names have none of these characters.
export function isPattern(name: string): boolean {
  return /^[a-z0-9+.*?[\]!-]*[*?[][a-z0-9+.*?[\]!-]*(=|$)/.test(name.trim());
}

// Asks which packages the patterns among names stand for.
export function askMatches(names: readonly string[] = []): Probes<Matches> {
  const patterns = names.filter(isPattern).map(patternOf);
  return Object.fromEntries(patterns.map((pattern) => [pattern, askAvailable(pattern)]));
}

// The names with those that patterns stand for in their place; a version behind a pattern does not
// count, as in Ansible. Throws TaskFailure for a pattern that stands for none.
export function expandNames(names: readonly string[], matches: Matches): string[] {
  return names.flatMap((name) => {
    if (!isPattern(name)) return [name];
    const pattern = patternOf(name);
    const found = matches[pattern] ?? [];
    if (found.length > 0) return found;
    throw new TaskFailure(
      `No package(s) matching '${pattern}' available`,
      "if the lists are out of date, update them in a task before: apt: {update_cache: true}",
    );
  });
}

// A pattern without the version behind it.
function patternOf(name: string): string {
  return name.trim().replace(/=.*/s, "");
}
