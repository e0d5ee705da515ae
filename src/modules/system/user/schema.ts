import type { ArgsOf, Schema } from "../../contract/schema.ts";

/** What user takes: what makes sense on Linux without Python. */
export const userSchema = {
  description: "Ensures that a user exists, or does not.",
  example: `name: Create the user of the application
user: {name: app, group: app, system: true, shell: /usr/sbin/nologin, create_home: false}`,
  returns: [
    "name, state, uid, group, comment, home, shell, groups: the user as it is",
    "system, create_home: as given, of a user who is made",
    "warnings: what is given in vain, or is no hash of a password",
  ],
  arguments: {
    name: { type: "str", required: true, aliases: ["user"], description: "The user's name." },
    state: {
      type: "str",
      choices: ["present", "absent"],
      default: "present",
      description: "Whether the user should exist.",
    },
    uid: { type: "int", description: "The user's number." },
    non_unique: {
      type: "bool",
      default: false,
      description: "Allows a number that another user has.",
    },
    group: {
      type: "str",
      description: "The primary group, by name or number. It must exist.",
    },
    groups: {
      type: "list",
      elements: "str",
      description:
        "Additional groups. Without append the user is a member of these only; an empty list removes the user from all.",
    },
    append: {
      type: "bool",
      default: false,
      description: "Keeps the user in other additional groups.",
    },
    comment: { type: "str", description: "The user's full name, or any comment." },
    home: { type: "path", asWritten: true, description: "The home directory." },
    create_home: {
      type: "bool",
      default: true,
      aliases: ["createhome"],
      description: "Creates the home directory if it does not exist.",
    },
    move_home: {
      type: "bool",
      default: false,
      description: "Moves the old home directory to the new `home`.",
    },
    skeleton: {
      type: "path",
      description: "The directory whose files are copied to a new user's home.",
    },
    umask: { type: "str", description: "The umask for a new user's home directory." },
    shell: { type: "str", description: "The login shell." },
    system: {
      type: "bool",
      default: false,
      description: "Gives a new user a number from the range for the system.",
    },
    password: {
      type: "str",
      description:
        "The hash of the password, as crypt(3) makes it. It is passed on standard input and never shown.",
    },
    update_password: {
      type: "str",
      choices: ["always", "on_create"],
      default: "always",
      description: "on_create sets the password only of a new user.",
    },
    password_lock: {
      type: "bool",
      description: "Locks the password, or unlocks it. Where there is none, it stays locked.",
    },
    password_expire_min: {
      type: "int",
      description: "Days that must pass between two changes of the password.",
    },
    password_expire_max: {
      type: "int",
      description: "Days after which the password must be changed.",
    },
    expires: {
      type: "float",
      description: "When the account expires, in seconds since 1970; less than 0: never.",
    },
    force: {
      type: "bool",
      default: false,
      description: "With state: absent, also removes a user who is logged in.",
    },
    remove: {
      type: "bool",
      default: false,
      description:
        "With state: absent, also removes the home directory and the mail. That cannot be undone.",
    },
  },
} as const satisfies Schema;

export type UserArgs = ArgsOf<typeof userSchema>;

// The further groups that are named.
export function groupNames({ groups = [] }: UserArgs): string[] {
  return groups.map((name) => name.trim()).filter(Boolean);
}
