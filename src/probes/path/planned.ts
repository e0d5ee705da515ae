import type { PathArg, PathState } from "./state.ts";

/** What the tasks of a run make of paths, in their order. */
type Changed = ReadonlyMap<string, PathState>;

// A planned state that leaves the content as it is (a new mode) keeps what was seen of it; what is planned
// below a folder joins what is there.
export function overlay(observed: PathState, after: PathState, arg: PathArg): PathState {
  if (arg.below && after?.partly) return { type: "directory", below: [...(observed?.below ?? []), ...(after.below ?? [])] };
  if (after?.type !== "file" || observed?.type !== "file") return after;
  const { sha256, content, size } = observed;
  if (after.sha256 !== undefined && after.sha256 !== sha256) return after;
  return { ...(sha256 ? { sha256 } : {}), ...(content !== undefined ? { content } : {}), ...(size !== undefined ? { size } : {}), ...after };
}

// What changed folders above, and changed links on the way, say of a path that nobody changed itself.
export function implied(subject: string, changed: Changed): { after: PathState } | undefined {
  const [, how, path] = /^(below |follow )?(.*)$/s.exec(subject)!;
  if (how === "below ") return belowChanged(path!, changed);
  const at = resolve(path!, changed, how === "follow ");
  if (isGone(at, at, changed)) return { after: null };
  const state = changed.get(at);
  if (how === "follow " && state?.type === "link" && state.target !== undefined) return { after: null }; // links in a circle
  return state === undefined || (at === path && how === undefined) ? undefined : { after: state };
}

// Tells whether a folder above went, or was made anew, after something was made of the subject.
export function overtaken(subject: string, changed: Changed): boolean {
  return isGone(subject, subject.replace(/^(below|follow) /, ""), changed);
}

// What is nowhere, since a folder above is removed, or is none, or new and empty. What was made in it later is there.
function isGone(subject: string, path: string, changed: Changed): boolean {
  let order: string[] | undefined;
  for (let at = path.lastIndexOf("/"); at > 0; at = path.lastIndexOf("/", at - 1)) {
    const parent = changed.get(path.slice(0, at));
    if (parent === undefined || (parent?.type === "directory" && !parent.isNew) || parent?.type === "link") continue;
    order ??= [...changed.keys()];
    if (order.indexOf(path.slice(0, at)) > order.indexOf(subject)) return true;
  }
  return false;
}

// Where a path leads to by the links that are planned.
function resolve(path: string, changed: Changed, follow: boolean): string {
  let at = path;
  for (let hops = 0; hops < 40; hops++) {
    const link = [...parents(at), ...(follow ? [at] : [])].find((part) => changed.get(part)?.type === "link");
    const target = link === undefined ? undefined : changed.get(link)?.target;
    if (link === undefined || target === undefined) return at;
    at = linkTarget(link, target) + at.slice(link.length);
  }
  return at;
}

// The folders above a path, the outermost first.
function parents(path: string): string[] {
  const names = path.split("/").slice(1, -1);
  return names.map((_name, i) => `/${names.slice(0, i + 1).join("/")}`);
}

// Where a link at `path` points to; a relative one is read from the folder it is in.
export function linkTarget(path: string, target: string): string {
  const names: string[] = [];
  for (const name of (target.startsWith("/") ? target : `${path.slice(0, path.lastIndexOf("/"))}/${target}`).split("/")) {
    if (name === "..") names.pop();
    else if (name !== "" && name !== ".") names.push(name);
  }
  return `/${names.join("/")}`;
}

// What is planned below a folder.
function belowChanged(folder: string, changed: Changed): { after: PathState } | undefined {
  const own = changed.get(folder);
  if (own === null || (own && own.type !== "directory")) return { after: null };
  const below = [...changed].filter(([path, state]) => path.startsWith(`${folder}/`) && state !== null && !isGone(path, path, changed)).map(([, state]) => state);
  if (own?.isNew) return { after: { type: "directory", below } };
  return own || below.length > 0 ? { after: { type: "directory", below, partly: true } } : undefined;
}
