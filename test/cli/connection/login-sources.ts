type Task = Record<string, unknown>;
type Vars = Record<string, unknown>;

/** What a source is made with. */
export interface Making {
  /** The host's name, which nothing else has. */
  name: string;
  /** The variables that are to be set. */
  vars: Vars;
  /** A task that tells, when it runs, by which way it came and as whom. */
  probe(words?: Task): Task;
}

/** Plays, and files beside the playbook, as data. */
export interface Made {
  plays: Record<string, unknown>[];
  files?: Record<string, unknown>;
}

/** Somewhere that variables of a login can be set. */
export interface Source {
  what: string;
  /** All changes are tried there; elsewhere two, as each costs Ansible most of a second. */
  isTriedWithAll?: boolean;
  make(making: Making): Made;
}

const WAY = "another user, address, port and source";
const SUDO = "sudo by its own names, which win";

// The changes that are tried at a source.
export function changesAt({ isTriedWithAll }: Source): [what: string, vars: Vars][] {
  return Object.entries(CHANGES).filter(([what]) => isTriedWithAll || [WAY, SUDO].includes(what));
}

/** Variables that change a login, each lot in another way. `other_port` and `password` are variables of the inventory. */
export const CHANGES: Readonly<Record<string, Vars>> = {
  [WAY]: {
    ansible_user: "hwt-dash",
    ansible_port: "{{ other_port }}",
    ansible_host: "127.0.0.2",
    ansible_ssh_common_args: "-o BindAddress=127.0.0.3",
  },
  "older names": { ansible_ssh_user: "hwt-bash", ansible_ssh_port: "{{ other_port }}" },
  "this machine": { ansible_connection: "local" },
  "a key that nobody trusts": { ansible_ssh_private_key_file: "{{ stranger }}" },
  sudo: { ansible_become: true, ansible_become_user: "hwt-dash" },
  [SUDO]: {
    ansible_become: true,
    ansible_become_user: "hwt-dash",
    ansible_sudo_user: "hwt-bash",
    ansible_sudo_flags: "-H -n",
  },
  su: {
    ansible_become: true,
    ansible_become_user: "hwt-dash",
    ansible_become_method: "su",
    ansible_become_password: "{{ password }}",
  },
};

// One play of a host.
function play(hosts: string, words: Record<string, unknown>): Record<string, unknown> {
  return { hosts, gather_facts: false, ignore_unreachable: true, ...words };
}

// A source that is a play's alone.
const inPlay = (
  what: string,
  words: (making: Making) => Record<string, unknown>,
  isTriedWithAll = false,
): Source => ({
  what,
  isTriedWithAll,
  make: (making) => ({ plays: [play(making.name, words(making))] }),
});

// A source that is a role's, used as told.
const inRole = (
  what: string,
  part: "defaults" | "vars",
  words: (making: Making) => Record<string, unknown>,
): Source => ({
  what,
  make: (making) => ({
    plays: [play(making.name, words(making))],
    files: {
      [`roles/${making.name}/${part}/main.yml`]: making.vars,
      [`roles/${making.name}/tasks/main.yml`]: [making.probe()],
    },
  }),
});

/** Where variables may be set. */
export const SOURCES: readonly Source[] = [
  inPlay("vars of a play", ({ vars, probe }) => ({ vars, tasks: [probe()] })),
  {
    what: "vars_files",
    make: ({ name, vars, probe }) => ({
      plays: [play(name, { vars_files: [`${name}.yml`], tasks: [probe()] })],
      files: { [`${name}.yml`]: vars },
    }),
  },
  {
    what: "host_vars beside the playbook",
    make: ({ name, vars, probe }) => ({
      plays: [play(name, { tasks: [probe()] })],
      files: { [`host_vars/${name}.yml`]: vars },
    }),
  },
  inPlay("vars of a block", ({ vars, probe }) => ({
    tasks: [{ vars, block: [probe()] }, probe()],
  })),
  inPlay("vars of a task", ({ vars, probe }) => ({ tasks: [probe({ vars }), probe()] }), true),
  inPlay(
    "set_fact",
    ({ vars, probe }) => ({ tasks: [probe(), { set_fact: vars }, probe()] }),
    true,
  ),
  {
    what: "include_vars",
    make: ({ name, vars, probe }) => ({
      plays: [play(name, { tasks: [probe(), { include_vars: `${name}.yml` }, probe()] })],
      files: { [`${name}.yml`]: vars },
    }),
  },
  {
    what: "include_vars into a variable of another name, which sets nothing",
    make: ({ name, vars, probe }) => ({
      plays: [
        play(name, { tasks: [{ include_vars: { file: `${name}.yml`, name: "own" } }, probe()] }),
      ],
      files: { [`${name}.yml`]: vars },
    }),
  },
  ...["include_tasks", "import_tasks"].map((word): Source => ({
    what: `vars of ${word}`,
    make: ({ name, vars, probe }) => ({
      plays: [play(name, { tasks: [{ [word]: `${name}.yml`, vars }, probe()] })],
      files: { [`${name}.yml`]: [probe()] },
    }),
  })),
  inRole("defaults of a role", "defaults", ({ name, probe }) => ({
    roles: [name],
    tasks: [probe()],
  })),
  inRole("vars of a role", "vars", ({ name, probe }) => ({ roles: [name], tasks: [probe()] })),
  {
    what: "vars that a role is given",
    make: ({ name, vars, probe }) => ({
      plays: [play(name, { roles: [{ role: name, vars }], tasks: [probe()] })],
      files: { [`roles/${name}/tasks/main.yml`]: [probe()] },
    }),
  },
  inRole("vars of an included role", "vars", ({ name, probe }) => ({
    tasks: [{ include_role: { name } }, probe()],
  })),
  inRole("vars of an included role that is public", "vars", ({ name, probe }) => ({
    tasks: [{ include_role: { name, public: true } }, probe()],
  })),
  inPlay("vars of a handler", ({ vars, probe }) => ({
    tasks: [{ debug: { msg: "x" }, changed_when: true, notify: "it" }],
    handlers: [probe({ name: "it", vars })],
  })),
  {
    what: "add_host of a host that is there",
    isTriedWithAll: true,
    make: ({ name, vars, probe }) => ({
      plays: [
        play(name, { tasks: [probe(), { add_host: { name, ...vars } }, probe()] }),
        play(name, { tasks: [probe()] }),
      ],
    }),
  },
  {
    what: "vars of a task that is delegated",
    isTriedWithAll: true,
    make: ({ name, vars, probe }) => ({
      plays: [play(name, { tasks: [probe({ delegate_to: "there", vars })] })],
    }),
  },
];
