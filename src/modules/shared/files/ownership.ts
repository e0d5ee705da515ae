import { TaskFailure } from "../../../errors.ts";
import type { PathState } from "../../../probes/files/path.ts";
import type { Ownership } from "../../../script/write.ts";

type Present = NonNullable<PathState>;

// Whether a file belongs to others than wanted; names are compared with names,
// numbers with numbers.
export function ownershipDiffers(wanted: Ownership, state: Present): boolean {
  return (
    differs(wanted.owner, state.owner, state.uid) || differs(wanted.group, state.group, state.gid)
  );
}

// What is not known before apply (a name's number) is assumed to fit.
function differs(
  wanted: string | undefined,
  name: string | undefined,
  number: number | undefined,
): boolean {
  if (wanted === undefined) return false;
  return isNumber(wanted)
    ? number !== undefined && number !== Number(wanted)
    : name !== undefined && name !== wanted;
}

// The owner's part of a state: what is wanted, else what `present` says.
export function ownershipAfter(wanted: Ownership, present: Partial<Present>): Partial<Present> {
  return {
    ...side("owner", "uid", wanted.owner, present),
    ...side("group", "gid", wanted.group, present),
  };
}

function side(
  name: "owner" | "group",
  number: "uid" | "gid",
  wanted: string | undefined,
  present: Partial<Present>,
): Partial<Present> {
  if (wanted !== undefined && wanted !== present[name])
    return isNumber(wanted) ? { [number]: Number(wanted) } : { [name]: wanted };
  const kept: Partial<Present> = {};
  if (present[name] !== undefined) kept[name] = present[name];
  if (present[number] !== undefined) kept[number] = present[number];
  return kept;
}

function isNumber(text: string): boolean {
  return /^\d+$/.test(text);
}

// A path on the host as parameters give it, without a slash at its end.
export function hostPath(path: string): string {
  if (!path.startsWith("/")) throw new TaskFailure(`"${path}" is not an absolute path on the host`);
  if (/[\n\0]/.test(path))
    throw new TaskFailure(`the path ${JSON.stringify(path)} contains a line break`);
  return path.replace(/(?<=.)\/+$/, "");
}

// The directory that contains a path.
export function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/")).replace(/\/+$/, "") || "/";
}

// A name inside a directory.
export function inside(folder: string, name: string): string {
  return folder === "/" ? `/${name}` : `${folder}/${name}`;
}
