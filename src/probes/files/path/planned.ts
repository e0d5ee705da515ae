import type { PathState } from "./state.ts";
import { defined } from "../../../defined.ts";

// A planned state that leaves the content as it is (a new mode) keeps what was seen of it.
export function overlayPath(observed: PathState, after: PathState): PathState {
  if (after?.type !== "file" || observed?.type !== "file") return after;
  const { sha256, content, size } = observed;
  if (after.sha256 !== undefined && after.sha256 !== sha256) return after;
  return { ...defined({ sha256, content, size }), ...after };
}

// The target of a link at `path`; a relative one is resolved from the link's directory.
export function linkTarget(path: string, target: string): string {
  const names: string[] = [];
  for (const name of (target.startsWith("/")
    ? target
    : `${path.slice(0, path.lastIndexOf("/"))}/${target}`
  ).split("/")) {
    if (name === "..") names.pop();
    else if (name !== "" && name !== ".") names.push(name);
  }
  return `/${names.join("/")}`;
}
