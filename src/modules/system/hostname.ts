import { TaskFailure } from "../../errors.ts";
import { askHostname, type HostnameState } from "../../probes/system/hostname.ts";
import { lines, sh, type Script } from "../../script/sh.ts";
import type { Change, Diff, Module } from "../contract/module.ts";
import { defined } from "../../defined.ts";
import type { ArgsOf, Schema } from "../contract/schema.ts";
import { fieldDiff } from "../contract/diff.ts";

type State = { names: HostnameState };

const schema = {
  description: "Sets the host name, now and for the next boot.",
  example: `name: Set the host name
hostname: {name: node1.example.org}`,
  returns: [
    "name: as given",
    "ansible_facts.ansible_hostname, ansible_facts.ansible_nodename: the new names",
  ],
  arguments: {
    name: { type: "str", required: true, description: "The name, with its domain or without." },
    use: {
      type: "str",
      choices: ["systemd"],
      foreignChoices: [
        "alpine",
        "debian",
        "freebsd",
        "generic",
        "macos",
        "macosx",
        "darwin",
        "openbsd",
        "openrc",
        "redhat",
        "sles",
        "solaris",
      ],
      description: "How to set the name; hosts run systemd.",
    },
  },
} as const satisfies Schema;

type HostnameArgs = ArgsOf<typeof schema>;

/** The host's own name, at once and at the next boot. /etc/hosts is not touched. */
export const hostname: Module<HostnameArgs, State> = {
  name: "hostname",
  onController: {
    kind: "facts",
    names: ["ansible_hostname", "ansible_nodename", "ansible_fqdn", "ansible_domain"],
  },
  schema,
  observe({ name }) {
    if (
      !/^(?=.{1,64}$)[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*$/.test(
        name,
      )
    ) {
      throw new TaskFailure(
        `"${name}" cannot be the name of a host`,
        "letters, digits, dashes and dots, at most 64",
      );
    }
    return { names: askHostname() };
  },
  plan,
  result: ({ name }) => ({
    name,
    ansible_facts: { ansible_hostname: name.split(".")[0], ansible_nodename: name },
  }),
};

function plan({ name }: HostnameArgs, { names }: State): Change<State> | null {
  if (names.static === name && names.current === name) return null;
  const diff: Diff[] = (
    [
      ["hostname at boot", names.static],
      ["hostname", names.current],
    ] as const
  )
    .filter(([, old]) => old !== name)
    .map(([title, old]) => fieldDiff(title, old, name));
  const undo = lines([
    names.static === "" ? sh`rm -f /etc/hostname` : setStatic(names.static),
    setCurrent(names.current),
  ]);
  const run = lines([
    sh`hw_keep /etc/hostname || exit 1`,
    ...(names.static === name ? [] : [setStatic(name)]),
    ...(names.current === name ? [] : [setCurrent(name)]),
  ]);
  return {
    after: { names: { static: name, current: name } },
    diff,
    steps: [{ run, undo }],
    ...defined({
      also:
        names.static === name
          ? undefined
          : [
              {
                kind: "path",
                subject: "/etc/hostname",
                after: { type: "file", mode: 0o644, sha256: null },
              },
            ],
    }),
  };
}

// Through systemd, so that who listens to it hears of the new name; where that
// does not answer, by hand.
function setStatic(name: string): Script {
  return sh`{ [ -d /run/systemd/system ] && command -v hostnamectl >/dev/null && hostnamectl --pretty --static set-hostname ${name} 2>/dev/null; } || {
  printf '%s\n' ${name} > "$HW_ENTRY_DIR/hostname" && hw_place "$HW_ENTRY_DIR/hostname" /etc/hostname 0644 '' '' || exit 1
}`;
}

function setCurrent(name: string): Script {
  return sh`{ [ -d /run/systemd/system ] && command -v hostnamectl >/dev/null && hostnamectl --transient set-hostname ${name} 2>/dev/null; } || hostname ${name} 2>/dev/null || printf '%s\n' ${name} > /proc/sys/kernel/hostname || exit 1`;
}
