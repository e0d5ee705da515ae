import type { Links } from "../../probes/files/links.ts";
import { walk } from "../../probes/files/walk-path.ts";
import type { Json } from "../../value.ts";

// Reads the answers about links: what each location on the ways holds.
export function readLinks(answers: ReadonlyMap<string, Json>): Map<string, string | null> {
  const found = new Map<string, string | null>();
  for (const [key, answer] of answers) {
    const at = key.indexOf("\nlinks ");
    if (at < 0) continue;
    const { path } = JSON.parse(key.slice(at + "\nlinks ".length)) as { path: string };
    walk(path, true, (location) => {
      const target = Object.hasOwn(answer as Links, location) ? (answer as Links)[location]! : null;
      found.set(location, target ?? found.get(location) ?? null);
      return target;
    });
  }
  return found;
}
