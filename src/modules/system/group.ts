import { TaskFailure } from "../../errors.ts";
import { askGroup, type GroupState } from "../../probes/system/account.ts";
import { sh } from "../../script/sh.ts";
import { Unknown } from "../../value.ts";
import type { Change, Module, Step } from "../contract/module.ts";
import { defined } from "../../defined.ts";
import type { ArgsOf, Schema } from "../contract/schema.ts";
import { fieldDiff } from "../contract/diff.ts";

/** `holder` is the group that has the wanted number. */
type State = { group: GroupState; holder?: GroupState };

const schema = {
  description: "Ensures that a group exists, or does not.",
  example: `name: Create the group of the application
group: {name: app, system: true}`,
  returns: ["name, state, gid, system: the group as it is"],
  arguments: {
    name: { type: "str", required: true, description: "The group's name." },
    gid: { type: "int", description: "Its number." },
    state: {
      type: "str",
      choices: ["present", "absent"],
      default: "present",
      description: "Whether it should exist.",
    },
    system: {
      type: "bool",
      default: false,
      description: "Gives a new group a number from the range for the system.",
    },
    non_unique: {
      type: "bool",
      default: false,
      description: "Allows a number that another group has.",
    },
  },
  requiredIf: [{ if: "non_unique", is: true, then: ["gid"] }],
} as const satisfies Schema;

type GroupArgs = ArgsOf<typeof schema>;

/** Makes, renumbers and removes groups. */
export const group: Module<GroupArgs, State> = {
  name: "group",
  schema,
  observe({ name, gid, state }) {
    accountName(name, "group");
    return {
      group: askGroup(name),
      ...defined({
        holder: gid === undefined || state === "absent" ? undefined : askGroup(String(gid)),
      }),
    };
  },
  plan: (args, before) =>
    args.state === "absent" ? planAbsent(args, before) : planPresent(args, before),
  result({ name, state, system }, after, outputs) {
    if (!after.group) return { name, state };
    const printed = Number.parseInt(outputs?.at(-1)?.stdout ?? "", 10);
    return {
      name,
      state,
      system,
      gid:
        after.group.gid ??
        (Number.isNaN(printed) ? new Unknown(`the number of group ${name}`) : printed),
    };
  },
};

// Refuses names that an account's files or commands would read as something else.
export function accountName(name: string, what: string): void {
  if (!/^[^\s:,/\0-][^\s:,/\0]*$/.test(name))
    throw new TaskFailure(`"${name}" cannot be the name of a ${what}`);
}

function planPresent(args: GroupArgs, { group: before, holder }: State): Change<State> | null {
  const { name, gid, non_unique: shared } = args;
  if (before && (gid === undefined || before.gid === gid)) return null;
  if (holder && holder.name !== name && !shared)
    throw new TaskFailure(
      `gid ${gid!} belongs to the group ${holder.name}`,
      "choose another gid, or set non_unique",
    );
  const group = { name, gid: gid ?? null, members: before?.members ?? [] };
  const after = { group, ...defined({ holder: gid === undefined ? undefined : group }) };
  return {
    after,
    steps: [before ? change(before, args) : add(args)],
    diff: [
      ...(before ? [] : [fieldDiff("group", null, name)]),
      ...(gid === undefined ? [] : [fieldDiff("gid", before && String(before.gid), String(gid))]),
    ],
  };
}

function planAbsent({ name }: GroupArgs, { group: before }: State): Change<State> | null {
  if (!before) return null;
  const members =
    before.members.length > 0 ? sh`; gpasswd -M ${before.members.join(",")} ${name}` : sh``;
  const undo = sh`groupadd ${[...numbered(before.gid), name]}${members}`;
  return {
    after: { group: null },
    steps: [{ run: sh`groupdel ${name}`, undo }],
    diff: [fieldDiff("group", name, null)],
  };
}

// Ends by telling the number that the system chose.
function add({ name, gid, system, non_unique: shared }: GroupArgs): Step {
  const options = [
    ...(gid === undefined ? [] : ["-g", gid]),
    ...(shared ? ["-o"] : []),
    ...(system ? ["-r"] : []),
  ];
  return {
    run: sh`groupadd ${[...options, name]} && getent group ${name} | cut -d: -f3`,
    undo: sh`groupdel ${name}`,
  };
}

function change(
  before: NonNullable<GroupState>,
  { name, gid, non_unique: shared }: GroupArgs,
): Step {
  return {
    run: sh`groupmod -g ${[gid!, ...(shared ? ["-o"] : []), name]}`,
    undo: sh`groupmod -o ${[...numbered(before.gid), name]}`,
  };
}

function numbered(gid: number | null): (string | number)[] {
  return gid === null ? [] : ["-g", gid];
}
