import type { PathState } from "../../../probes/files/path.ts";
import { ownershipAfter, ownershipDiffers } from "../../shared/files/ownership.ts";
import type { UnarchiveArgs, UnarchiveOptions } from "./args.ts";
import type { WantedMember } from "./members.ts";
import { defined } from "../../../defined.ts";

type Present = NonNullable<PathState>;

/** Who unpacks what, in one bundle. */
export interface UnarchiveTask {
  args: UnarchiveArgs;
  options: UnarchiveOptions;
  dest: string;
  user: string;
  isRoot: boolean;
}

// Owner and group of a member in the archive, as far as they matter: only for root, and
// not with --no-same-owner.
function archived(
  member: WantedMember,
  { options, isRoot }: UnarchiveTask,
): Pick<WantedMember, "uid" | "gid" | "uname" | "gname"> | undefined {
  if (!isRoot) return undefined;
  return options.ownOwner || member.name === undefined
    ? { uid: 0, gid: 0, uname: "root", gname: "root" }
    : member;
}

// Whether a member has the right owner: the task's, otherwise the archive's name or number.
export function isOwned(member: WantedMember, state: Present, task: UnarchiveTask): boolean {
  if (ownershipDiffers(task.args, state)) return false;
  const from = archived(member, task);
  if (!from) return true;
  const owner =
    task.args.owner !== undefined ||
    state.owner === undefined ||
    state.owner === from.uname ||
    state.uid === from.uid;
  return (
    owner &&
    (task.args.group !== undefined ||
      state.group === undefined ||
      state.group === from.gname ||
      state.gid === from.gid)
  );
}

// The owner in a member's state; the number of an archive's name on the host is
// left open, except for root.
export function ownersAfter(member: WantedMember, task: UnarchiveTask): Partial<Present> {
  const from = archived(member, task);
  const root = {
    ...defined({
      owner: from?.uid === 0 ? "root" : undefined,
      uid: from?.uid === 0 ? 0 : undefined,
      group: from?.gid === 0 ? "root" : undefined,
      gid: from?.gid === 0 ? 0 : undefined,
    }),
  };
  return ownershipAfter(task.args, from ? root : { owner: task.user });
}

// chown's argument for a member: first the archive's names, which the host may
// not have, then its numbers.
export function ownerWords(
  member: WantedMember,
  task: UnarchiveTask,
): [named: string, numbered: string] | undefined {
  const from = archived(member, task);
  const { owner, group } = task.args;
  if (!from)
    return owner === undefined && group === undefined
      ? undefined
      : [join(owner, group), join(owner, group)];
  return [
    join(owner ?? (from.uname || from.uid), group ?? (from.gname || from.gid)),
    join(owner ?? from.uid, group ?? from.gid),
  ];
}

// Owner and group as chown wants them; either may be missing.
function join(owner: string | number | undefined, group: string | number | undefined): string {
  return `${owner ?? ""}${group === undefined ? "" : `:${group}`}`;
}
