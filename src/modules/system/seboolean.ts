import { TaskFailure } from "../../errors.ts";
import { askSeboolean, type SebooleanState } from "../../probes/system/seboolean.ts";
import { sh } from "../../script/sh.ts";
import type { Change, Diff, Module, Step } from "../contract/module.ts";
import type { ArgsOf, Schema } from "../contract/schema.ts";
import { fieldDiff } from "../contract/diff.ts";

const schema = {
  collection: "ansible.posix",
  description: "Switches booleans of SELinux on and off.",
  example: `name: Containers may use devices
seboolean: {name: container_use_devices, state: true, persistent: true}`,
  returns: ["name, persistent, state: as given"],
  arguments: {
    name: { type: "str", required: true, description: "The boolean." },
    state: { type: "bool", required: true, description: "Whether it is on." },
    persistent: {
      type: "bool",
      default: false,
      description: "Also for the next boot, in the policy; the host needs setsebool for that.",
    },
    ignore_selinux_state: {
      type: "bool",
      default: false,
      description: "Does not ask whether SELinux is on, for a directory that is a root of its own.",
    },
  },
} as const satisfies Schema;

type SebooleanArgs = ArgsOf<typeof schema>;
type State = { boolean: SebooleanState };

/** Booleans of SELinux, now and at boot. */
export const seboolean: Module<SebooleanArgs, State> = {
  name: "seboolean",
  schema,
  observe({ name, persistent }) {
    if (!/^[A-Za-z0-9_.-]+$/.test(name))
      throw new TaskFailure(`SELinux boolean ${name} does not exist.`);
    return { boolean: askSeboolean(name, persistent) };
  },
  plan,
  result: ({ name, persistent, state }) => ({ name, persistent, state }),
};

function plan(args: SebooleanArgs, { boolean: found }: State): Change<State> | null {
  if (found === "disabled")
    throw new TaskFailure(
      args.ignore_selinux_state
        ? "Failed to get list of boolean names"
        : "SELinux is disabled on this host.",
      "put it behind when: ansible_facts.selinux.status == 'enabled'",
    );
  if (found === null)
    throw new TaskFailure(
      `SELinux boolean ${args.name} does not exist.`,
      '"getsebool -a" on the host lists all',
    );
  const { name, on, boot } = found;
  const isNowRight = on === args.state;
  if (isNowRight && (!args.persistent || boot === args.state)) return null;
  const after = { name, on: args.state, boot: args.persistent ? args.state : boot };
  return {
    after: { boolean: after },
    steps: [args.persistent ? keep(name, args.state, boot ?? on) : switchNow(name, args.state)],
    diff: [
      ...(isNowRight ? [] : [fieldOf("now", on, args.state)]),
      ...(args.persistent ? [fieldOf("at boot", boot, args.state)] : []),
    ],
  };
}

function fieldOf(title: string, before: boolean | null, after: boolean): Diff {
  return fieldDiff(title, before === null ? null : wordOf(before), wordOf(after));
}

function wordOf(on: boolean): string {
  return on ? "on" : "off";
}

// Changes the policy, and what is so now.
function keep(name: string, on: boolean, before: boolean): Step {
  return {
    run: sh`setsebool -P ${name} ${wordOf(on)}`,
    undo: sh`setsebool -P ${name} ${wordOf(before)}`,
  };
}

// Tells the kernel, as setsebool does.
function switchNow(name: string, on: boolean): Step {
  const tell = (bit: string) =>
    sh`printf %s ${bit} > ${`/sys/fs/selinux/booleans/${name}`} && printf 1 > /sys/fs/selinux/commit_pending_bools`;
  return { run: tell(on ? "1" : "0"), undo: tell(on ? "0" : "1") };
}
