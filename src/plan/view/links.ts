import type { Links } from "../../probes/files/links.ts";
import { behindSuffix } from "../../probes/probe.ts";
import { walk } from "../../probes/files/walk-path.ts";
import type { Json } from "../../value.ts";

// Reads the answers about links that were given at one place of a run: what each location on the
// ways holds.
export function readLinks(
  answers: ReadonlyMap<string, Json>,
  behind: string,
): Map<string, string | null> {
  const found = new Map<string, string | null>();
  const suffix = behindSuffix(behind);
  for (const [key, answer] of answers) {
    const [, question = "", place] = key.split("\n");
    if (!question.startsWith("links ") || (place === undefined ? "" : `\n${place}`) !== suffix)
      continue;
    const { path } = JSON.parse(question.slice("links ".length)) as { path: string };
    walk(path, true, (location) => {
      const target = Object.hasOwn(answer as Links, location) ? (answer as Links)[location]! : null;
      found.set(location, target ?? found.get(location) ?? null);
      return target;
    });
  }
  return found;
}
