import { TaskFailure } from "../../errors.ts";
import {
  askGroup,
  askUser,
  NEW_SHADOW,
  passwordDigest,
  type GroupState,
  type Shadow,
  type UserState,
} from "../../probes/system/account.ts";
import { statPath, type PathState } from "../../probes/files/path.ts";
import type { Probe } from "../../probes/probe.ts";
import { accountName } from "./group.ts";
import type { Also, Change, Diff, Module } from "../contract/module.ts";
import { hostPath } from "../shared/files/ownership.ts";
import { askHome, defaultHome, madeHome, placeOf, renamed, type HomeState } from "./user/home.ts";
import { result } from "./user/result.ts";
import { groupNames, userSchema, type UserArgs } from "./user/schema.ts";
import { createUser, modifyUser, removeUser } from "./user/steps.ts";
import { defined } from "../../defined.ts";
import { fieldDiff } from "../contract/diff.ts";

type Present = NonNullable<UserState>;
type Place = NonNullable<PathState>;

/**
 * The user, who has the wanted number, the groups that are named, and the one of the user's name.
 */
type State = { user: UserState; holder?: UserState } & HomeState & {
    [key: `group ${string}`]: GroupState;
  };

/** Makes, changes and removes users. */
export const user: Module<UserArgs, State> = {
  name: "user",
  schema: userSchema,
  observe,
  observeAgain: ({ name, state, remove }, { user: found }) =>
    state === "absent" && remove && found && found.home !== null
      ? { user: askUser({ name }), place: statPath(found.home) }
      : undefined,
  plan: (args, before) =>
    args.state === "absent" ? planAbsent(args, before) : planPresent(args, before),
  result,
};

// Asks for shadow only where a parameter speaks of it.
function observe(args: UserArgs): { [K in keyof State]: Probe<State[K]> } {
  accountName(args.name, "user");
  const { name, home, state, uid } = args;
  const shadow = [
    args.password,
    args.password_lock,
    args.expires,
    args.password_expire_min,
    args.password_expire_max,
  ].some((value) => value !== undefined);
  if (state === "absent") return { user: askUser({ name }) };
  const groups = new Set([
    name,
    ...(args.group === undefined ? [] : [args.group]),
    ...groupNames(args),
  ]);
  return {
    user: askUser({
      name,
      ...defined({
        home: home === undefined ? undefined : hostPath(home),
        shadow: shadow ? shadow : undefined,
      }),
    }),
    ...defined({ holder: uid === undefined ? undefined : askUser({ name: String(uid) }) }),
    ...askHome(args),
    ...Object.fromEntries([...groups].map((group) => [`group ${group}`, askGroup(group)])),
  };
}

// With `remove` the home goes as well, as far as userdel removes it.
function planAbsent(args: UserArgs, { user: before, place }: State): Change<State> | null {
  if (!before) return null;
  if (args.remove && place) refuseHome(args, before, place);
  return {
    after: { user: null, ...defined({ place: place === undefined ? undefined : null }) },
    also: goesWith(args, before),
    steps: [removeUser(args, before)],
    diff: [fieldDiff("user", args.name, null)],
    result: { force: args.force, remove: args.remove },
  };
}

// What userdel removes with an account: the group of the same name, and with `remove` the home.
function goesWith({ name, remove }: UserArgs, { home, groupIsOwn }: Present): Also[] {
  const gone = (kind: string, subject: string): Also => ({ kind, subject, after: null });
  return [
    ...(groupIsOwn ? [gone("group", name)] : []),
    ...(remove && home !== null ? [gone("path", home)] : []),
  ];
}

// userdel removes the account, then fails at a home that is another's (unless forced), or a link.
function refuseHome({ name, force }: UserArgs, { home, uid }: Present, place: Place): void {
  const hint = "remove the home in a task of its own, or leave out remove: true";
  if (place.type === "link")
    throw new TaskFailure(`${home} is a link, which userdel does not remove with ${name}`, hint);
  const isOwn =
    place.uid === undefined || uid === null
      ? place.owner === undefined || place.owner === name
      : place.uid === uid;
  if (!force && !isOwn)
    throw new TaskFailure(
      `${home} is not owned by ${name} but by ${place.owner ?? place.uid}, so userdel does not remove it`,
      `${hint}; force: true removes it whoever owns it`,
    );
}

// Works out the wanted state of the user, and what differs from it.
function planPresent(args: UserArgs, before: State): Change<State> | null {
  const { user: old, holder } = before;
  if (holder && holder.name !== args.name && !args.non_unique)
    throw new TaskFailure(
      `uid ${args.uid!} belongs to the user ${holder.name}`,
      "choose another uid, or set non_unique",
    );
  const ownGroup = makesGroup(args, before);
  const wanted = wantedUser(args, before);
  const diff = differences(old, wanted);
  if (diff.length === 0) return null;
  const also = madeHome(old, wanted, before);
  const place =
    (also.find(({ subject }) => subject === placeOf(args))?.after as PathState | undefined) ??
    renamed(before.place);
  const made = ownGroup
    ? { [`group ${args.name}`]: { name: args.name, gid: null, members: [] } }
    : {};
  return {
    after: {
      ...before,
      user: wanted,
      ...defined({
        holder: args.uid === undefined ? undefined : (holder ?? wanted),
        place: place ? place : undefined,
      }),
      ...made,
    },
    steps: old ? modifyUser(args, old, wanted) : createUser(args, wanted, ownGroup),
    also,
    diff,
    ...(!old && { result: { system: args.system, create_home: args.create_home } }),
  };
}

// Whether useradd makes a group of the user's name.
function makesGroup({ name, group }: UserArgs, before: State): boolean {
  return before.user === null && group === undefined && !before[`group ${name}`];
}

// The user as the parameters want it; the rest stays, or is not known of a new one.
function wantedUser(args: UserArgs, before: State): Present {
  const { user: old } = before;
  const group = args.group === undefined ? undefined : groupOf(args.group, before);
  const primary = group?.name ?? old?.group ?? null;
  const shadow = wantedShadow(args, old) ?? old?.shadow;
  const isOwn = old?.group === primary ? old?.groupIsOwn : makesGroup(args, before) || undefined;
  return {
    name: args.name,
    uid: args.uid ?? old?.uid ?? null,
    gid: group === undefined || group.name === old?.group ? (old?.gid ?? null) : group.gid,
    group: primary,
    groups: wantedGroups(args, before, primary),
    comment: args.comment ?? old?.comment ?? "",
    home: args.home ?? old?.home ?? defaultHome(args.name, before),
    shell: args.shell ?? old?.shell ?? null,
    homeExists: args.create_home || (old?.homeExists ?? before.place?.type === "directory"),
    ...defined({ groupIsOwn: isOwn || undefined, shadow: shadow ? shadow : undefined }),
  };
}

// The further groups; membership in the primary group itself does not count.
function wantedGroups(args: UserArgs, before: State, primary: string | null): string[] {
  const old = before.user?.groups ?? [];
  if (args.groups === undefined) return old;
  const current = old.filter((name) => name !== primary);
  const named = groupNames(args)
    .map((name) => groupOf(name, before).name)
    .filter((name) => name !== primary);
  const wanted = new Set(args.append ? [...current, ...named] : named);
  return wanted.size === current.length && current.every((name) => wanted.has(name))
    ? old
    : [...wanted];
}

function groupOf(name: string, before: State): NonNullable<GroupState> {
  const found = before[`group ${name}`];
  if (!found)
    throw new TaskFailure(
      `Group ${name} does not exist`,
      "create it with the module group before this task",
    );
  return found;
}

// What shadow shall say; a new user's password is locked until one is set.
function wantedShadow(args: UserArgs, old: UserState): Shadow | undefined {
  const asked = [
    args.password,
    args.password_lock,
    args.expires,
    args.password_expire_min,
    args.password_expire_max,
  ].some((value) => value !== undefined);
  if (!asked) return undefined;
  if (old && !old.shadow)
    throw new TaskFailure(
      `the password of ${args.name} cannot be read`,
      "only root can read it: add become: true",
    );
  const shadow = old?.shadow ?? NEW_SHADOW;
  const { password } = args;
  const changes =
    password !== undefined &&
    (!old || (args.update_password === "always" && shadow.digest !== passwordDigest(password)));
  const digest = changes ? passwordDigest(password) : shadow.digest;
  const locked = changes ? password.startsWith("!") : shadow.locked;
  // Without a password there is nothing to unlock: usermod keeps it locked, as the
  // account would be open to all.
  const stays = args.password_lock === false && digest === NEW_SHADOW.digest;
  return {
    digest,
    locked: stays ? locked : (args.password_lock ?? locked),
    expires: args.expires === undefined ? shadow.expires : expiryDay(args.expires),
    min: args.password_expire_min ?? shadow.min,
    max: args.password_expire_max ?? shadow.max,
  };
}

// The day on which an account ends, counted from 1970; -1: never.
function expiryDay(seconds: number): number {
  return seconds < 0 ? -1 : Math.floor(seconds / 86400);
}

// What differs, as people see it. Neither hash nor digest of a password is shown.
function differences(old: UserState, wanted: Present): Diff[] {
  const before = fields(old);
  const parts: Diff[] = old ? [] : [fieldDiff("user", null, wanted.name)];
  for (const [title, value] of Object.entries(fields(wanted))) {
    const from = before[title] ?? null;
    if (value !== null && value !== from && (old || value !== ""))
      parts.push(
        fieldDiff(
          title,
          title === "password" && from ? "(hidden)" : from,
          title === "password" ? "(hidden)" : value,
        ),
      );
  }
  return parts;
}

function fields(state: UserState): { [title: string]: string | null } {
  if (!state) return {};
  const text = (value: string | number | boolean | null | undefined): string | null =>
    value === null || value === undefined ? null : String(value);
  const { shadow } = state;
  return {
    uid: text(state.uid),
    group: state.group,
    groups: [...state.groups].sort().join(","),
    comment: state.comment,
    home: state.home,
    "home directory": state.homeExists ? "there" : null,
    shell: state.shell,
    password: shadow?.digest ?? null,
    "password locked": text(shadow?.locked),
    "account expires": text(shadow?.expires),
    "password min days": text(shadow?.min),
    "password max days": text(shadow?.max),
  };
}
