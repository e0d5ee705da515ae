import { dirname } from "node:path/posix";
import { TaskFailure } from "../../errors.ts";
import { askUser, type UserState } from "../../probes/system/account.ts";
import type { Change, Controller, Module } from "../contract/module.ts";
import type { ArgsOf, Schema } from "../contract/schema.ts";
import { putKeys, wantedKeys } from "../shared/edit/authorized-keys.ts";
import { askText, planEdit, presentContent, type EditState } from "../shared/edit/edit.ts";
import { fromBytes, toBytes } from "../shared/edit/pattern.ts";
import { defined } from "../../defined.ts";
import {
  attributesStep,
  directoryOf,
  makeAbove,
  shownState,
  withAttributes,
  type PathStates,
} from "../shared/files/attributes.ts";
import { hostPath } from "../shared/files/ownership.ts";
import { fieldDiff } from "../contract/diff.ts";

const schema = {
  collection: "ansible.posix",
  description: "Adds or removes SSH keys with which a user may log in.",
  example: `name: The operator logs in with a key
authorized_key: {user: ops, key: "{{ lookup('file', 'ops.pub') }}"}`,
  returns: [
    "keyfile: the file of the keys",
    "user, key, state, path, key_options, comment, exclusive, manage_dir, follow: as given, or null",
    "state, mode, owner, group, uid, gid, size: with path, of the file as it is now",
  ],
  arguments: {
    user: { type: "str", required: true, description: "Whose keys they are." },
    key: { type: "str", required: true, description: "The keys, one a line." },
    path: {
      type: "path",
      otherwise: "~{user}/.ssh/authorized_keys",
      description: "The file, if not .ssh/authorized_keys in the user's home.",
    },
    manage_dir: {
      type: "bool",
      default: true,
      description: "Creates the file's directory, accessible to the user only.",
    },
    state: {
      type: "str",
      choices: ["present", "absent"],
      default: "present",
      description: "Whether the keys should be in the file.",
    },
    key_options: {
      type: "str",
      description: "Options in front of the keys, in place of those they have.",
    },
    comment: { type: "str", description: "The comment after the keys, instead of their own." },
    exclusive: { type: "bool", default: false, description: "Removes all other keys." },
    validate_certs: {
      type: "bool",
      default: true,
      description: "Has no effect: keys are not downloaded.",
    },
    follow: {
      type: "bool",
      default: false,
      description:
        "Edits what the file leads to where it is a link; without it, a link is refused.",
    },
  },
} as const satisfies Schema;

type KeyArgs = ArgsOf<typeof schema>;
type State = EditState & { account: UserState };
type Owner = NonNullable<UserState>;

/** SSH keys by which a user may log in. */
export const authorized_key: Module<KeyArgs, State> = {
  name: "authorized_key",
  schema,
  observe(args) {
    if (/^https?:\/\//.test(args.key))
      throw new TaskFailure(
        "keys are not downloaded by this task",
        `let the controller read them: key: "{{ lookup('url', '${args.key}', split_lines=false) }}"`,
      );
    return { ...askText(editOf(args)), account: askUser({ name: args.user }) };
  },
  plan,
  result,
};

// All parameters, null where not given: so also the path, where it is the usual one.
function result(args: KeyArgs, { account, real }: State): { [key: string]: unknown } {
  const isUsual = args.path === `${account?.home}/.ssh/authorized_keys`;
  return {
    key_options: null,
    comment: null,
    ...args,
    path: isUsual ? null : args.path,
    ...(!isUsual && shownState(real)),
    keyfile: args.path,
  };
}

function editOf({ path }: KeyArgs): { path: string; create: true; backup: false } {
  return { path: path!, create: true, backup: false };
}

function plan(args: KeyArgs, before: State, controller: Controller): Change<State> | null {
  const { account, ...text } = before;
  if (!account)
    throw new TaskFailure(
      `Failed to lookup user ${args.user}: "getpwnam(): name not found: '${args.user}'"`,
      "create the user in an earlier task (user), or correct the name",
    );
  if (text.file?.type === "link" && !args.follow)
    throw new TaskFailure(`${args.path} is a link`, "follow: true edits what it leads to");
  const content = fromBytes(presentContent(editOf(args), text) ?? "");
  const made = putKeys(content, wantedKeys(args.key, args.key_options, args.comment), args);
  if (made === content) return null;
  const directory = args.manage_dir ? planDirectory(args, account, text, controller) : undefined;
  const above = directory?.after ?? text.above;
  const edit = planEdit(
    { ...editOf(args), ...ownersOf(account), mode: "0600" },
    { ...text, ...defined({ above }) },
    { content: toBytes(made), msg: "" },
    controller,
  )!;
  return {
    ...edit,
    after: { ...before, ...defined({ above }), ...edit.after },
    also: [...(directory?.also ?? []), ...(edit.also ?? [])],
    steps: [...(directory?.steps ?? []), ...edit.steps],
    diff: [...(directory?.diff ?? []), ...edit.diff],
    result: {},
  };
}

// The owner of file and directory. A user whom the run creates has a group of the same name, unless
// another one is specified.
function ownersOf({ name, group }: Owner): { owner: string; group: string } {
  return { owner: name, group: group ?? name };
}

// The directory of the file, accessible to the user only; `after` has all
// directories above the file.
function planDirectory(
  { path }: KeyArgs,
  account: Owner,
  before: EditState,
  controller: Controller,
): Pick<Change<PathStates>, "after" | "also" | "steps" | "diff"> {
  const directory = directoryOf(dirname(hostPath(path!)));
  const wanted = { ...ownersOf(account), mode: "0700" };
  const above = before.above ?? {};
  const present = above[directory] ?? null;
  if (present === null) return makeAbove(hostPath(path!), wanted, above, controller);
  const after = withAttributes(wanted, present);
  if (!after) return { after: above, steps: [], diff: [] };
  return {
    after: { ...above, [directory]: after },
    also: [{ kind: "path", subject: directory, after }],
    steps: [attributesStep(wanted, present, after, directory)],
    diff: [fieldDiff(directory, "open to others", "0700")],
  };
}
