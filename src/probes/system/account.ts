import LOOK from "./account.sh?raw";
import { lines, sh, type Script } from "../../script/sh.ts";
import { ask, type Probe, type ProbeKind } from "../probe.ts";
import { defined } from "../../defined.ts";
import { sha256Hex } from "../../sha256.ts";
import type { Exactly } from "../../exactly.ts";

/** A group; null: there is none of this name or number. */
export type GroupState = null | {
  name: string;
  /** null: not known before apply. */
  gid: number | null;
  /** Who has it as a further group. */
  members: string[];
};

export interface UserArg {
  /** A name, or a number as text. */
  name: string;
  /** The directory whose existence is asked for; by default the user's present home. */
  home?: string;
  /** Wants what shadow holds; only root may read it. */
  shadow?: boolean;
}

/**
 * A user; null: there is none of this name or number. A field that is null is
 * not known before apply.
 */
export type UserState = null | {
  name: string;
  uid: number | null;
  gid: number | null;
  /** Names of the primary group and of the further ones. */
  group: string | null;
  groups: string[];
  /** The primary group has the user's name and no other members, so it goes with the user. */
  groupIsOwn?: true;
  comment: string | null;
  home: string | null;
  shell: string | null;
  homeExists: boolean;
  shadow?: Shadow;
};

/**
 * What is known of a password, without the password's hash itself. A field that is null
 * is not known before apply.
 */
export type Shadow = {
  /** The sha256 of the hash, without marks of locking. */
  digest: string;
  locked: boolean;
  /** Days since 1970 after which the account ends; -1: never. */
  expires: number | null;
  /** Days between changes of the password; -1: not set. */
  min: number | null;
  max: number | null;
};

/** One `getent` for all groups. */
export const group: ProbeKind<{ name: string }, GroupState> = {
  name: "group",
  subject: (arg) => arg.name,
  script: (args) => sh`getent group ${args.map((arg) => arg.name)}; :`,
  parse(output, args) {
    const groups = parseGroups(output);
    return args.map(
      ({ name }) =>
        groups.find((one) => one.name === name) ??
        groups.find((one) => String(one.gid) === name) ??
        null,
    );
  },
  look: {
    script: (arg) => sh`hw_l=$(getent group ${arg.name}); IFS=: read -r hw_n hw_x hw_g hw_x <<HW_EOF
$hw_l
HW_EOF
if [ -n "$hw_l" ]; then printf '%s %s\n' "$hw_n" "$hw_g"; else echo absent; fi`,
    words: (state) => (state === null ? ["absent"] : [state.name, text(state.gid)]),
  },
};

/** One `getent` for all users, one for all groups, and one for shadow where it is wanted. */
export const user: ProbeKind<UserArg, UserState> = {
  name: "user",
  subject: (arg) => arg.name,
  script: usersScript,
  parse: parseUsers,
  look: { script: lookScript, words: lookWords },
  planned: {
    overlay: (observed, after, { shadow }) =>
      after && {
        ...after,
        ...defined({
          shadow: shadow ? (after.shadow ?? observed?.shadow ?? NEW_SHADOW) : undefined,
        }),
      },
  },
};

/** What shadow says of a user who was just made without a password. */
export const NEW_SHADOW: Shadow = {
  digest: passwordDigest(""),
  locked: true,
  expires: null,
  min: null,
  max: null,
};

// Asks for a group by its name or number.
export function askGroup(name: string): Probe<GroupState> {
  return ask(group, { name });
}

// Asks for a user.
export function askUser(arg: UserArg): Probe<UserState> {
  return ask(user, arg);
}

// The digest by which a password's hash is known; marks of locking do not count.
export function passwordDigest(hash: string): string {
  return sha256Hex(hash.replace(/^!+/, ""));
}

function parseGroups(output: string): NonNullable<GroupState>[] {
  return output
    .split("\n")
    .map((line) => line.split(":"))
    .filter((fields) => fields.length === 4)
    .map(([name, , gid, members]) => ({
      name: name!,
      gid: Number(gid),
      members: members!.split(",").filter(Boolean),
    }));
}

function usersScript(args: readonly UserArg[]): Script {
  const names = args.map((arg) => arg.name);
  const shadow = args.filter((arg) => arg.shadow).map((arg) => arg.name);
  const homes = args.flatMap((arg) => arg.home ?? []);
  return lines([
    sh`hw_u=$(getent passwd ${names}); printf '%s\n--groups--\n' "$hw_u"; getent group; printf -- '--shadow--\n'`,
    shadow.length > 0 ? sh`getent shadow ${shadow}` : sh`:`,
    sh`printf -- '--homes--\n'; set -- ${homes}; while IFS=: read -r hw_x hw_x hw_x hw_x hw_x hw_l hw_x; do set -- "$@" "$hw_l"; done <<HW_EOF
$hw_u
HW_EOF
for hw_l; do [ -d "$hw_l" ] && printf '%s\n' "$hw_l"; done`,
  ]);
}

function parseUsers(output: string, args: readonly UserArg[]): UserState[] {
  const [passwd = "", groupText = "", shadows = "", homes = ""] = output.split(
    /^--(?:groups|shadow|homes)--\n/m,
  );
  const rows = passwd
    .split("\n")
    .map((line) => line.split(":"))
    .filter((fields) => fields.length === 7);
  const groups = parseGroups(groupText);
  const folders = new Set(homes.split("\n"));
  return args.map((arg) => {
    const row =
      rows.find(([name]) => name === arg.name) ?? rows.find(([, , uid]) => uid === arg.name);
    if (!row) return null;
    const [name, , uid, gid, comment, home, shell] = row as Exactly<7, string>;
    const further = groups.filter((one) => one.members.includes(name)).map((one) => one.name);
    const shadow = arg.shadow ? parseShadow(shadows, name) : undefined;
    const primary = groups.find((one) => one.gid === Number(gid));
    return {
      name,
      uid: Number(uid),
      gid: Number(gid),
      group: primary?.name ?? gid,
      groups: further,
      comment,
      home,
      shell,
      homeExists: folders.has(arg.home ?? home),
      ...defined({ groupIsOwn: isOwn(primary, name), shadow: shadow ? shadow : undefined }),
    };
  });
}

// Whether userdel removes a user's primary group as well, as login.defs has it by default.
function isOwn(group: GroupState | undefined, user: string): true | undefined {
  const isAlone = group?.name === user && group.members.every((member) => member === user);
  return isAlone ? true : undefined;
}

// Reads a user's line of shadow, as man 5 shadow describes it.
function parseShadow(output: string, name: string): Shadow | undefined {
  const fields = output
    .split("\n")
    .map((line) => line.split(":"))
    .find((row) => row[0] === name && row.length === 9);
  if (!fields) return undefined;
  const number = (at: number): number => (fields[at] === "" ? -1 : Number(fields[at]));
  return {
    digest: passwordDigest(fields[1]!),
    locked: fields[1]!.startsWith("!"),
    expires: number(7),
    min: number(3),
    max: number(4),
  };
}

// Prints "NAME UID GROUP FURTHER,GROUPS, HOME SHELL COMMENT", then the password's
// digest and days if they count.
function lookScript({ name, shadow }: UserArg): Script {
  return lines([{ sh: LOOK }, sh`hw_user ${name} ${shadow ? "shadow" : "plain"}`]);
}

// The same words from a state.
function lookWords(state: UserState, { shadow }: UserArg): (string | null)[] {
  if (state === null) return ["absent"];
  const { name, uid, group: primary, groups, home, shell, comment } = state;
  const known = state.shadow
    ? [
        state.shadow.digest,
        state.shadow.locked ? "locked" : "open",
        text(state.shadow.expires),
        text(state.shadow.min),
        text(state.shadow.max),
      ]
    : [null];
  return [
    name,
    text(uid),
    primary,
    `[${[...groups]
      .sort()
      .map((one) => `${one},`)
      .join("")}]`,
    home,
    shell,
    comment,
    ...(shadow ? known : []),
  ];
}

function text(value: number | null): string | null {
  return value === null ? null : String(value);
}
