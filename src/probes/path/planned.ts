import type { PathArg, PathState } from "./state.ts";

// A planned state that leaves the content as it is (a new mode) keeps what was seen of it; what is planned
// below a folder joins what is there.
export function overlay(observed: PathState, after: PathState, arg: PathArg): PathState {
  if (arg.below && after?.partly) return { type: "directory", below: [...(observed?.below ?? []), ...(after.below ?? [])] };
  if (after?.type !== "file" || observed?.type !== "file") return after;
  const { sha256, content, size } = observed;
  if (after.sha256 !== undefined && after.sha256 !== sha256) return after;
  return { ...(sha256 ? { sha256 } : {}), ...(content !== undefined ? { content } : {}), ...(size !== undefined ? { size } : {}), ...after };
}

// What a changed parent folder, or a changed link, says of a path that nobody changed itself.
export function implied(subject: string, changed: ReadonlyMap<string, PathState>): { after: PathState } | undefined {
  if (subject.startsWith("below ")) return belowChanged(subject.slice("below ".length), changed);
  if (subject.startsWith("follow ")) return followChanged(subject.slice("follow ".length), changed);
  for (let at = subject.lastIndexOf("/"); at > 0; at = subject.lastIndexOf("/", at - 1)) {
    const parent = changed.get(subject.slice(0, at));
    if (parent !== undefined) return parent === null || parent.type === "file" ? { after: null } : undefined;
  }
  return undefined;
}

// Follows links that are planned; a link to a path that nobody changed stays with what was observed.
function followChanged(start: string, changed: ReadonlyMap<string, PathState>): { after: PathState } | undefined {
  let at = start;
  for (let hops = 0; hops < 40; hops++) {
    const state = changed.get(at);
    if (state === undefined) return implied(at, changed);
    if (state?.type !== "link" || state.target === undefined) return { after: state };
    at = state.target.startsWith("/") ? state.target : `${at.slice(0, at.lastIndexOf("/"))}/${state.target}`;
  }
  return undefined;
}

// What is planned below a folder.
function belowChanged(folder: string, changed: ReadonlyMap<string, PathState>): { after: PathState } | undefined {
  const own = changed.get(folder);
  if (own === null || (own && own.type !== "directory")) return { after: null };
  const below = [...changed].filter(([path, state]) => path.startsWith(`${folder}/`) && state !== null).map(([, state]) => state);
  return own || below.length > 0 ? { after: { type: "directory", below, partly: true } } : undefined;
}
