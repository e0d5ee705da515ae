import type { PreflightFinding } from "../finding.ts";
import { fullRelease } from "../releases.ts";
import { readVersion, type Version } from "../version.ts";

/** The lines of containerd in their order. */
const LINES = ["1.3", "1.4", "1.5", "1.6", "1.7", "2.0", "2.1", "2.2", "2.3", "2.4"];

/**
 * Steps that upstream supports besides that to the next line: from one long-term line to the next,
 * and from 1.6 and 1.7 to 2.0.
 */
const LONGER: { readonly [line: string]: readonly string[] } = {
  "1.6": ["1.7", "2.0"],
  "1.7": ["2.0", "2.3"],
};

/** What would be installed over what. */
export interface VersionStep {
  from: string;
  to: string;
}

const lineOf = ({ major, minor }: Version): string => `${major}.${minor}`;

// The newest release of a line, for people.
function newestOf(line: string): string {
  const release = fullRelease(line);
  return release === undefined ? "" : ` (${release})`;
}

// The lines that may follow a line at once.
function following(line: string): string[] {
  const next = LINES[LINES.indexOf(line) + 1];
  return [...new Set([...(LONGER[line] ?? []), ...(next === undefined ? [] : [next])])];
}

// The shortest supported way from one line to another, without the first; undefined: there is none.
export function upgradePath(from: string, to: string): string[] | undefined {
  const ways: string[][] = [[from]];
  const seen = new Set([from]);
  for (const way of ways) {
    const last = way.at(-1)!;
    if (last === to) return way.slice(1);
    for (const next of following(last)) {
      if (seen.has(next)) continue;
      seen.add(next);
      ways.push([...way, next]);
    }
  }
  return undefined;
}

// Finds a step that upstream does not support. Within a line every step is.
export function stepFindings(step: VersionStep | undefined): PreflightFinding[] {
  if (step === undefined) return [];
  const [from, to] = [lineOf(readVersion(step.from)), lineOf(readVersion(step.to))];
  if (from === to || !LINES.includes(from) || !LINES.includes(to)) return [];
  if (LINES.indexOf(to) < LINES.indexOf(from)) return [downgrade(from, step.to)];
  const way = upgradePath(from, to)!;
  return way.length === 1 ? [] : [stepTooFar(from, step.to, way)];
}

function downgrade(from: string, to: string): PreflightFinding {
  return {
    name: "unsupported_step",
    reason: `containerd ${from} is installed, and ${to} is a downgrade, which upstream does not support: what the newer one has written, the older one may not read`,
    hint: `keep ${from}, or remove all containers first and accept it: containerd_allow: [unsupported_step]`,
  };
}

function stepTooFar(from: string, to: string, way: readonly string[]): PreflightFinding {
  return {
    name: "unsupported_step",
    reason: `containerd ${from} is installed, and upstream does not support the step to ${to} at once, only one minor version or long-term release at a time`,
    hint: `go by ${way.join(", then ")}: set containerd_version to the newest of ${way[0]!}${newestOf(way[0]!)} first; or accept the step: containerd_allow: [unsupported_step]`,
  };
}
