import { defined } from "../../../defined.ts";
import type { UserState } from "../../../probes/system/account.ts";
import { Unknown } from "../../../value.ts";
import type { StepOutput } from "../../contract/module.ts";
import { groupNames, type UserArgs } from "./schema.ts";
import { mapValues } from "../../../records.ts";

// Ansible's result keys; each step prints the user's line of passwd at its end.
export function result(
  args: UserArgs,
  { user: state }: { user: UserState },
  outputs: StepOutput[] | undefined,
): { [key: string]: unknown } {
  const { name } = args;
  if (!state) return { name, state: args.state };
  return {
    name,
    state: args.state,
    append: args.append,
    move_home: args.move_home,
    ...numbered(name, state, outputs),
    ...defined({
      groups: args.groups === undefined ? undefined : groupNames(args).join(","),
      password: args.password === undefined ? undefined : "NOT_LOGGING_PASSWORD",
      warnings: warningsOf(args),
    }),
  };
}

// The fields of passwd. What the host has not told yet is not known.
function numbered(
  name: string,
  state: NonNullable<UserState>,
  outputs: StepOutput[] | undefined,
): { [key: string]: unknown } {
  const line = outputs
    ?.flatMap((output) => output.stdout.split("\n"))
    .findLast((text) => text.startsWith(`${name}:`))
    ?.split(":");
  const known = line
    ? {
        uid: Number(line[2]),
        group: Number(line[3]),
        comment: line[4],
        home: line[5],
        shell: line[6],
      }
    : {
        uid: state.uid,
        group: state.gid,
        comment: state.comment,
        home: state.home,
        shell: state.shell,
      };
  return mapValues(known, (value, key) => value ?? new Unknown(`the ${key} of user ${name}`));
}

// What Ansible warns of.
function warningsOf({ append, groups, password }: UserArgs): string[] | undefined {
  const warnings = [
    ...(append && groups === undefined ? [APPEND_IN_VAIN] : []),
    ...(password === undefined || isHash(password) ? [] : [NO_HASH]),
  ];
  return warnings.length > 0 ? warnings : undefined;
}

const APPEND_IN_VAIN =
  "'append' is set, but no 'groups' are specified. Use 'groups' for appending new groups.";
const NO_HASH =
  "The input password appears not to have been hashed. The 'password' argument must be encrypted for this module to work properly.";

/** How long hashes are, by their kind. */
const HASH_LENGTHS = new Map([
  ["1", 22],
  ["5", 43],
  ["6", 86],
]);

// Whether a password may be a hash, or a word that no password fits.
function isHash(password: string): boolean {
  if (["", "*", "!", "*************"].includes(password)) return true;
  const fields = password.split("$");
  const [hash, length] = [fields.at(-1)!, HASH_LENGTHS.get(fields[1]!)];
  return (
    !/[:*!]/.test(password) &&
    fields.length >= 3 &&
    /^[a-zA-Z0-9./=]*$/.test(hash) &&
    (length === undefined || hash.length === length)
  );
}
