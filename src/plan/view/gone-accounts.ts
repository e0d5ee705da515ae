import { path, type PathState } from "../../probes/files/path.ts";
import { defined } from "../../defined.ts";
import { Unknown, type Json } from "../../value.ts";

// A state of a path without the names of accounts that a task of this run removes: whoever looks
// by then finds only their numbers.
export function withoutGone(
  kind: string,
  state: Json | Unknown,
  overlay: ReadonlyMap<string, ReadonlyMap<string, Json>>,
): Json | Unknown {
  if (kind !== path.name || state instanceof Unknown) return state;
  const found = state as PathState;
  const isUserGone = isGone(overlay, "user", found?.owner);
  // the group of a user's own goes with the user
  const isGroupGone =
    isGone(overlay, "group", found?.group) || isGone(overlay, "user", found?.group);
  if (found === null || !(isUserGone || isGroupGone)) return state;
  const { owner, group, ...rest } = found;
  const kept = defined({
    owner: isUserGone ? undefined : owner,
    group: isGroupGone ? undefined : group,
  });
  return { ...rest, ...kept };
}

function isGone(
  overlay: ReadonlyMap<string, ReadonlyMap<string, Json>>,
  kind: "user" | "group",
  name: string | undefined,
): boolean {
  return name !== undefined && overlay.get(kind)?.get(name) === null;
}
