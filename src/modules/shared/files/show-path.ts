import type { PathState } from "../../../probes/files/path.ts";
import { octal } from "./mode.ts";
import type { Diff } from "../../contract/module.ts";
import { fieldDiff } from "../../contract/diff.ts";

// What becomes of a path, on one line: "file 0644 root:root 2752ea5db34c".
export function showPath(path: string, before: PathState, after: PathState): Diff {
  return fieldDiff(path, before && describeState(before), after && describeState(after));
}

// The words for a state; digests are cut short, as git's are.
function describeState(state: NonNullable<PathState>): string {
  const { type, mode, owner, group } = state;
  const content = contentWord(state);
  const who = owner && group ? `${owner}:${group}` : undefined;
  return [type, mode === undefined || type === "link" ? undefined : octal(mode), who, content]
    .filter((word) => word !== undefined)
    .join(" ");
}

// What a link leads to, or what a file has in it.
function contentWord({ type, sha256, target }: NonNullable<PathState>): string | undefined {
  if (type === "link") return `-> ${target}`;
  return sha256 === null ? "content known after apply" : sha256?.slice(0, 12);
}
