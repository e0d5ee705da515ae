import { linkTarget, statPath } from "../../../probes/files/path.ts";
import { askSame } from "../../../probes/files/same-file.ts";
import type { Probes } from "../../../probes/probe.ts";
import type { PathStates } from "../../shared/files/attributes.ts";
import { fromKeys, mapValues } from "../../../records.ts";

/** What tells whether a directory would be copied into itself by way of a link. */
export type LoopState = {
  /** Whether each directory above the copy is the source by another name. */
  same: { [path: string]: boolean };
  /** What each of them is itself: an earlier task may make it a link. */
  links: PathStates;
};

// Asks for the directories above a copy.
export function askForLoop(from: string, to: string): Probes<LoopState> {
  const names = to.split("/").slice(1, -1);
  const above = names.map((_name, at) => `/${names.slice(0, at + 1).join("/")}`);
  return {
    same: fromKeys(above, (path) => askSame(from, path)),
    links: fromKeys(above, (path) => statPath(path)),
  };
}

// Whether a directory would be copied into itself.
export function isLoop(from: string, { same, links }: LoopState): boolean {
  return Object.entries(links).some(([path, state]) => {
    const { type, target } = state ?? {};
    const leadsThere = type === "link" && target !== undefined && linkTarget(path, target) === from;
    return leadsThere || same[path] === true;
  });
}

// What they are afterwards: directories that are made, or get a mode, are no links.
export function linksAfter({ links }: LoopState, above: PathStates): PathStates {
  return mapValues(links, (state, path) =>
    state?.type === "link" ? state : (above[path] ?? state),
  );
}
