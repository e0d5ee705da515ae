import { path, type PathState } from "../../probes/files/path.ts";
import { defined } from "../../defined.ts";
import { Unknown, type Json } from "../../value.ts";

/** What tasks make of subjects that are no paths, by kinds. */
type Overlay = ReadonlyMap<string, ReadonlyMap<string, Json>>;

// A state as a user finds it by then: of files, what that user may read, and names of those
// accounts only that no task has removed.
export function asSeen(
  who: string,
  kind: string,
  { state, told }: { state: Json | Unknown; told: Json | undefined },
  overlay: Overlay,
): Json | Unknown {
  if (kind !== path.name || state === null || state instanceof Unknown) return state;
  const found = state as NonNullable<PathState>;
  const named = withoutGone(found, overlay);
  // whom the host has told the content may read it, whatever the user's name is
  const isRead = (told as PathState | undefined)?.sha256 !== undefined;
  return isRead ? named : withoutUnreadable(who, named);
}

// Without the names of accounts that a task of this run removes: only their numbers are left.
function withoutGone(found: NonNullable<PathState>, overlay: Overlay): NonNullable<PathState> {
  const isUserGone = isGone(overlay, "user", found.owner);
  // the group of a user's own goes with the user
  const isGroupGone = isGone(overlay, "group", found.group) || isGone(overlay, "user", found.group);
  if (!(isUserGone || isGroupGone)) return found;
  const { owner, group, ...rest } = found;
  return {
    ...rest,
    ...defined({
      owner: isUserGone ? undefined : owner,
      group: isGroupGone ? undefined : group,
    }),
  };
}

function isGone(overlay: Overlay, kind: "user" | "group", name: string | undefined): boolean {
  return name !== undefined && overlay.get(kind)?.get(name) === null;
}

// Without the content of a file that the user may not read. Whether its group's rights are the
// user's is not known, so they count.
function withoutUnreadable(who: string, found: NonNullable<PathState>): NonNullable<PathState> {
  const user = who.split(" by ")[0];
  const { type, mode, owner } = found;
  if (type !== "file" || mode === undefined || owner === undefined) return found;
  if (user === "root" || user === owner || (mode & 0o044) !== 0) return found;
  const { sha256: _sha256, content: _content, ...rest } = found;
  return rest;
}
