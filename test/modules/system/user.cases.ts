import END_SHELLS from "../../../src/modules/system/user/end-shells.sh?raw";
import { user } from "../../../src/modules/system/user.ts";
import { NEW_SHADOW, passwordDigest } from "../../../src/probes/system/account.ts";
import type { Case } from "../case.ts";

const HASH = "$6$salt$abc";
const bob = {
  name: "bob",
  uid: 1001,
  gid: 1001,
  group: "bob",
  groups: ["docker", "adm"],
  comment: "Bob",
  home: "/home/bob",
  shell: "/bin/bash",
  homeExists: true,
};
const shadow = { digest: passwordDigest(HASH), locked: false, expires: -1, min: 0, max: 99999 };
const groups = {
  "group bob": { name: "bob", gid: 1001, members: [] },
  "group adm": { name: "adm", gid: 4, members: ["bob"] },
  "group docker": { name: "docker", gid: 999, members: ["bob"] },
};
// The answers about the groups that are asked for, and the user.
const known = (state: object | null, ...names: string[]): object => ({
  user: state,
  "group bob": groups["group bob"],
  ...Object.fromEntries(
    names.map((name) => [`group ${name}`, groups[`group ${name}` as "group adm"]]),
  ),
});

const TELL = "getent passwd bob";
const MARK = `[ ! -e /home/bob ] || : > "$HW_ENTRY_DIR/"home-bob; `;
// What is asked about homes, and is not there.
const homeless = {
  defaults: null,
  place: null,
  "skeleton .bashrc": null,
  "skeleton .profile": null,
  "skeleton .bash_logout": null,
};
const ENDS = `${END_SHELLS}\nhw_end_shells bob 'read -r hw_k hw_n hw_c hw_f'`;
const KEEP = `(umask 077; getent shadow bob > "$HW_ENTRY_DIR/"shadow-bob)`;
const table: Omit<Case, "module">[] = [
  {
    name: "a user is made with home and group of the own name",
    args: { name: "bob" },
    before: {},
    expect: {
      steps: [`${MARK}useradd -m bob || exit 1\n${TELL}`],
      after: {
        ...homeless,
        place: { type: "directory", owner: "bob" },
        user: {
          name: "bob",
          uid: null,
          gid: null,
          group: null,
          groupIsOwn: true,
          groups: [],
          comment: "",
          home: "/home/bob",
          shell: null,
          homeExists: true,
        },
        "group bob": { name: "bob", gid: null, members: [] },
      },
    },
  },
  {
    name: "a home is where the host's settings have it, and the skeleton's files are in it",
    args: { name: "bob" },
    before: {
      defaults: {
        type: "file",
        content: Buffer.from("# HOME=/home\nHOME=/srv/homes\n").toString("base64"),
      },
      "skeleton .bashrc": { type: "file" },
    },
    expect: {
      also: {
        "path /srv/homes/bob": { type: "directory", owner: "bob" },
        "path /srv/homes/bob/.bashrc": { type: "file", owner: "bob", sha256: null },
      },
    },
  },
  {
    name: "a user whose own group is there already does not make it again",
    args: { name: "bob", create_home: false },
    before: known(null),
    expect: { steps: [`${MARK}useradd -N -M bob || exit 1\n${TELL}`] },
  },
  {
    name: "a user is made with all that can be said",
    args: {
      name: "bob",
      uid: 1001,
      group: "adm",
      groups: ["docker", "adm"],
      comment: "Bob",
      home: "/srv/bob",
      shell: "/bin/sh",
      system: true,
      expires: 86400 * 365,
      umask: "077",
    },
    before: known(null, "adm", "docker"),
    expect: {
      steps: [
        `[ ! -e /srv/bob ] || : > "$HW_ENTRY_DIR/"home-bob; mkdir -p -- /srv && useradd -u 1001 -g adm -G docker -c Bob -d /srv/bob -s /bin/sh -e 1971-01-01 -m -K UMASK=077 -r bob || exit 1\n${TELL}`,
      ],
    },
  },
  {
    name: "a password reaches chpasswd on its standard input",
    args: { name: "bob", password: HASH },
    before: {},
    expect: {
      steps: [
        `${MARK}useradd -m bob || exit 1\nprintf '%s\n' 'bob:${HASH}' | chpasswd -e || exit 1\n${TELL}`,
      ],
    },
  },
  {
    name: "a user as wanted stays",
    args: {
      name: "bob",
      uid: 1001,
      groups: ["adm", "docker"],
      shell: "/bin/bash",
      comment: "Bob",
      password: HASH,
    },
    before: { ...known({ ...bob, shadow }, "adm", "docker"), holder: bob },
    expect: { unchanged: true },
  },
  {
    name: "a locked password counts as the same",
    args: { name: "bob", password: HASH },
    before: known({ ...bob, shadow: { ...shadow, locked: true } }),
    expect: { unchanged: true },
  },
  {
    name: "another password is set",
    args: { name: "bob", password: "$6$x$y" },
    before: known({ ...bob, shadow }),
    expect: {
      steps: [`${KEEP}\n:\n:\nprintf '%s\n' 'bob:$6$x$y' | chpasswd -e || exit 1\n${TELL}`],
    },
  },
  {
    name: "another password is left alone on_create",
    args: { name: "bob", password: "$6$x$y", update_password: "on_create" },
    before: known({ ...bob, shadow }),
    expect: { unchanged: true },
  },
  {
    name: "what is known of the password stays known where only groups change",
    args: { name: "bob", groups: "adm" },
    before: known({ ...bob, shadow }, "adm"),
    expect: { after: { ...homeless, ...known({ ...bob, shadow, groups: ["adm"] }, "adm") } },
  },
  {
    name: "a password is locked",
    args: { name: "bob", password_lock: true },
    before: known({ ...bob, shadow }),
    expect: { steps: [`${KEEP}\n:\n:\nusermod -L bob || exit 1\n${TELL}`] },
  },
  {
    name: "a password is unlocked",
    args: { name: "bob", password_lock: false },
    before: known({ ...bob, shadow: { ...shadow, locked: true } }),
    expect: { steps: [`${KEEP}\n:\n:\nusermod -U bob || exit 1\n${TELL}`] },
  },
  {
    name: "without a password there is nothing to unlock",
    args: { name: "bob", password_lock: false },
    before: known({ ...bob, shadow: { ...shadow, digest: passwordDigest("!"), locked: true } }),
    expect: { unchanged: true },
  },
  {
    name: "a user made without a password stays locked",
    args: { name: "bob", password_lock: false, create_home: false },
    before: known(null),
    expect: {
      steps: [`${MARK}useradd -N -M bob || exit 1\n${TELL}`],
      after: {
        defaults: null,
        place: null,
        "group bob": groups["group bob"],
        user: {
          name: "bob",
          uid: null,
          gid: null,
          group: null,
          groups: [],
          comment: "",
          home: "/home/bob",
          shell: null,
          homeExists: false,
          shadow: { ...NEW_SHADOW, locked: true },
        },
      },
    },
  },
  {
    name: "a password of nothing but a lock does not open the account",
    args: { name: "bob", password: "!", password_lock: false },
    before: {},
    expect: {
      steps: [
        `${MARK}useradd -m bob || exit 1\nprintf '%s\n' 'bob:!' | chpasswd -e || exit 1\n${TELL}`,
      ],
    },
  },
  {
    name: "days and end of an account",
    args: { name: "bob", expires: -1, password_expire_max: 90, password_expire_min: 0 },
    before: known({ ...bob, shadow: { ...shadow, expires: 20000 } }),
    expect: {
      steps: [`${KEEP}\nusermod -e '' bob || exit 1\n:\nchage -M 90 bob || exit 1\n${TELL}`],
    },
  },
  {
    name: "without append other groups go",
    args: { name: "bob", groups: ["adm"] },
    before: known(bob, "adm"),
    expect: { steps: [`usermod -G adm bob || exit 1\n:\n${TELL}`] },
  },
  {
    name: "with append other groups stay",
    args: { name: "bob", groups: "adm", append: true },
    before: known(bob, "adm"),
    expect: { unchanged: true },
  },
  {
    name: "no groups at all",
    args: { name: "bob", groups: [] },
    before: known(bob),
    expect: { steps: [`usermod -G '' bob || exit 1\n:\n${TELL}`] },
  },
  {
    name: "a primary group by number",
    args: { name: "bob", group: "4" },
    before: { ...known(bob), "group 4": groups["group adm"] },
    expect: { steps: [`usermod -g adm bob || exit 1\n:\n${TELL}`] },
  },
  {
    name: "a group that nobody makes is refused",
    args: { name: "bob", groups: ["nope"] },
    before: known(bob),
    expect: { failure: /Group nope does not exist/ },
  },
  {
    name: "a number that another has is refused",
    args: { name: "bob", uid: 5 },
    before: { ...known(bob), holder: { ...bob, name: "eve", uid: 5 } },
    expect: { failure: /uid 5 belongs to the user eve/ },
  },
  {
    name: "a password that cannot be read is refused",
    args: { name: "bob", password: HASH },
    before: known(bob),
    expect: { failure: /cannot be read/ },
  },
  {
    name: "the home moves along",
    args: { name: "bob", home: "/srv/bob", move_home: true, create_home: false },
    before: known({ ...bob, homeExists: false }),
    expect: { steps: [`${ENDS}\nusermod -d /srv/bob -m bob || exit 1\n:\n${TELL}`] },
  },
  {
    name: "a missing home is made",
    args: { name: "bob" },
    before: known({ ...bob, homeExists: false }),
    expect: {},
  },
  {
    name: "a user is removed with all files",
    args: { name: "bob", state: "absent", remove: true, force: true },
    before: { user: bob, place: { type: "directory", uid: 5, owner: "eve" } },
    expect: { steps: [`${KEEP}\n${ENDS}\nuserdel -f -r bob`], after: { user: null, place: null } },
  },
  {
    name: "a user is removed with a home of the own",
    args: { name: "bob", state: "absent", remove: true },
    before: { user: bob, place: { type: "directory", uid: 1001, owner: "robert" } },
    expect: { steps: [`${KEEP}\n${ENDS}\nuserdel -r bob`], also: { "path /home/bob": null } },
  },
  {
    name: "a number that another has stays the other's, too",
    args: { name: "bob", uid: 5, non_unique: true, create_home: false },
    before: { ...known(null), holder: { ...bob, name: "eve", uid: 5 } },
    expect: {
      steps: [`${MARK}useradd -u 5 -o -N -M bob || exit 1\n${TELL}`],
      after: {
        defaults: null,
        place: null,
        "group bob": groups["group bob"],
        holder: { ...bob, name: "eve", uid: 5 },
        user: {
          name: "bob",
          uid: 5,
          gid: null,
          group: null,
          groups: [],
          comment: "",
          home: "/home/bob",
          shell: null,
          homeExists: false,
        },
      },
    },
  },
  {
    name: "a home that was there is the home of who is made without one",
    args: { name: "bob", create_home: false },
    before: { ...known(null), place: { type: "directory" } },
    expect: {
      after: {
        defaults: null,
        place: { type: "directory" },
        "group bob": groups["group bob"],
        user: {
          name: "bob",
          uid: null,
          gid: null,
          group: null,
          groups: [],
          comment: "",
          home: "/home/bob",
          shell: null,
          homeExists: true,
        },
      },
    },
  },
  {
    name: "a group of the own goes with its user",
    args: { name: "bob", state: "absent" },
    before: { user: { ...bob, groupIsOwn: true } },
    expect: { steps: [`${KEEP}\n${ENDS}\nuserdel bob`], also: { "group bob": null } },
  },
  {
    name: "a group with other members stays when its user goes",
    args: { name: "bob", state: "absent" },
    before: { user: bob },
    expect: { steps: [`${KEEP}\n${ENDS}\nuserdel bob`], also: {} },
  },
  {
    name: "a user is removed whose home an earlier task makes",
    args: { name: "bob", state: "absent", remove: true },
    before: { user: { ...bob, uid: null }, place: { type: "directory", owner: "bob" } },
    expect: { steps: [`${KEEP}\n${ENDS}\nuserdel -r bob`] },
  },
  {
    name: "a user is removed whose home is gone",
    args: { name: "bob", state: "absent", remove: true },
    before: { user: bob },
    expect: { steps: [`${KEEP}\n${ENDS}\nuserdel -r bob`] },
  },
  {
    name: "a home of another is not removed with the user",
    args: { name: "bob", state: "absent", remove: true },
    before: { user: bob, place: { type: "directory", uid: 5, owner: "eve" } },
    expect: { failure: /\/home\/bob is not owned by bob but by eve/ },
  },
  {
    name: "a home that is a link is not removed with the user",
    args: { name: "bob", state: "absent", remove: true, force: true },
    before: { user: bob, place: { type: "link", target: "/srv/bob" } },
    expect: { failure: /\/home\/bob is a link/ },
  },
  {
    name: "without remove a home of another stays",
    args: { name: "bob", state: "absent" },
    before: { user: bob },
    expect: { steps: [`${KEEP}\n${ENDS}\nuserdel bob`], after: { user: null } },
  },
  {
    name: "a user who is not there need not go",
    args: { name: "bob", state: "absent" },
    before: {},
    expect: { unchanged: true },
  },
];

export const cases: Case[] = table.map((one) => ({ module: user, ...one }));
