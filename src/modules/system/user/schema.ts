import type { ArgsOf, Schema } from "../../contract/schema.ts";

/** What user takes: what makes sense on Linux without Python. */
export const userSchema = {
  description: "Makes sure that a user is there, or is not.",
  example: `name: The user of the application is there
user: {name: app, group: app, system: true, shell: /usr/sbin/nologin, create_home: false}`,
  returns: ["name, state, uid, group, comment, home, shell, groups: the user as it is"],
  arguments: {
    name: { type: "str", required: true, aliases: ["user"], description: "The user's name." },
    state: {
      type: "str",
      choices: ["present", "absent"],
      default: "present",
      description: "Whether the user shall be there.",
    },
    uid: { type: "int", description: "The user's number." },
    non_unique: {
      type: "bool",
      default: false,
      description: "Allows a number that another user has.",
    },
    group: {
      type: "str",
      description: "The primary group, by name or number. It has to be there.",
    },
    groups: {
      type: "list",
      elements: "str",
      description:
        "Further groups. Without append the user is in these alone; an empty list takes the user out of all.",
    },
    append: {
      type: "bool",
      default: false,
      description: "Leaves the user in further groups that are not named.",
    },
    comment: { type: "str", description: "The user's full name, or any remark." },
    home: { type: "path", asWritten: true, description: "The home folder." },
    create_home: {
      type: "bool",
      default: true,
      aliases: ["createhome"],
      description: "Makes the home folder where it is not there.",
    },
    move_home: {
      type: "bool",
      default: false,
      description: "Takes the old home along to another `home`.",
    },
    skeleton: {
      type: "path",
      description: "The folder whose files a new user's home starts with.",
    },
    umask: { type: "str", description: "The umask by which a new user's home gets its mode." },
    shell: { type: "str", description: "The login shell." },
    system: {
      type: "bool",
      default: false,
      description: "Takes a number from those of the system where the user is made.",
    },
    password: {
      type: "str",
      description:
        "The password's hash as crypt(3) makes it; it travels on standard input and is never shown.",
    },
    update_password: {
      type: "str",
      choices: ["always", "on_create"],
      default: "always",
      description: "on_create sets the password only of a user who is made now.",
    },
    password_lock: { type: "bool", description: "Locks the password, or unlocks it." },
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
      description: "When the account ends, in seconds since 1970; less than 0: never.",
    },
    force: {
      type: "bool",
      default: false,
      description: "With state: absent, removes also a user who is logged in.",
    },
    remove: {
      type: "bool",
      default: false,
      description: "With state: absent, removes the home and the mail too. That cannot be undone.",
    },
  },
} as const satisfies Schema;

export type UserArgs = ArgsOf<typeof userSchema>;
