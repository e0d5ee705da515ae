import { TaskFailure } from "../../errors.ts";
import { sh, type Script } from "../../script/sh.ts";
import { Unknown } from "../../value.ts";
import type { Module, StepOutput } from "../contract/module.ts";
import type { Reconnect } from "../contract/controller-step.ts";
import { defined } from "../../defined.ts";
import type { ArgsOf, Schema } from "../contract/schema.ts";

const schema = {
  description:
    "Reboots the host, and waits until it is back with a new boot id and a test command succeeds. Later tasks are planned again after that.",
  example: `name: Boot into the new kernel
reboot: {reboot_timeout: 300}`,
  returns: ["rebooted: whether it was rebooted", "elapsed: the seconds until it answered again"],
  arguments: {
    pre_reboot_delay: {
      type: "int",
      default: 0,
      description:
        "Seconds before the host shuts down, rounded down to whole minutes; less than 60 means at once.",
    },
    post_reboot_delay: {
      type: "int",
      default: 0,
      description: "Seconds before the first check whether it is back.",
    },
    reboot_timeout: {
      type: "int",
      default: 600,
      description: "Seconds after which the host must be back.",
    },
    connect_timeout: {
      type: "int",
      description: "Seconds for one attempt to log in; by default as for all logins.",
    },
    test_command: {
      type: "str",
      default: "whoami",
      description: "The command that must succeed on the host before the play continues.",
    },
    msg: {
      type: "str",
      default: "Reboot initiated by Hullwright",
      description: "The message to users of the host.",
    },
    boot_time_command: {
      type: "str",
      default: "cat /proc/sys/kernel/random/boot_id",
      description: "A command that prints a different text after each boot.",
    },
    reboot_command: { type: "str", description: "The command to run instead of `shutdown -r`." },
    search_paths: {
      type: "list",
      elements: "str",
      default: ["/sbin", "/bin", "/usr/sbin", "/usr/bin", "/usr/local/sbin"],
      description: "Where to look for the program, if it has no path.",
    },
  },
} as const satisfies Schema;

type RebootArgs = ArgsOf<typeof schema>;

/** Reboots the host. Everything known about a host ends with it, so all later tasks look again. */
export const reboot: Module<RebootArgs, Record<never, never>> = {
  name: "reboot",
  schema,
  observe: () => ({}),
  plan(args, _before, controller) {
    if (controller.isLocal)
      throw new TaskFailure(
        "Running reboot with local connection would reboot the control node.",
        "exclude this machine from the play's hosts",
      );
    const steps = [{ run: sh`/bin/sh -c ${args.boot_time_command}` }, { run: rebootScript(args) }];
    return {
      after: {},
      steps,
      runner: comeBack(args),
      opaque: true,
      diff: [{ kind: "note", title: "boots anew" }],
    };
  },
  result: (_args, _state, outputs) => resultOf(outputs),
};

// Finds the program that boots, and runs it.
function rebootScript({ reboot_command, search_paths, pre_reboot_delay, msg }: RebootArgs): Script {
  const [, name = "", rest = ""] = /^(\S*)\s*([^]*)$/.exec(reboot_command ?? "shutdown")!;
  const run =
    reboot_command === undefined
      ? sh`"$hw_b" -r ${Math.floor(Math.max(0, pre_reboot_delay) / 60)} ${msg}`
      : sh`/bin/sh -c ${`"$0" ${rest}`} "$hw_b"`;
  if (name.startsWith("/"))
    return sh`hw_b=${name}
${run}`;
  return sh`hw_b=; for hw_p in ${search_paths}; do [ -x "$hw_p/"${name} ] && { hw_b="$hw_p/"${name}; break; }; done
[ -n "$hw_b" ] || { hw_fail ${`Unable to find command "${name}" in search paths: ${search_paths.join(", ")}`}; exit 1; }
${run}`;
}

// The condition for the play to continue.
function comeBack(args: RebootArgs): Reconnect {
  return {
    kind: "reconnect",
    delay: Math.max(0, args.post_reboot_delay),
    sleep: 1,
    timeout: args.reboot_timeout,
    what: "the host to be back after its reboot",
    ...defined({ connectTimeout: args.connect_timeout }),
    renewed: sh`/bin/sh -c ${args.boot_time_command}`,
    test: sh`/bin/sh -c ${args.test_command}`,
  };
}

// The runner's answer follows those of the two steps; without it the host did
// not go down, or is not back.
function resultOf(outputs: StepOutput[] | undefined): { [key: string]: unknown } {
  if (!outputs) return { rebooted: true, elapsed: new Unknown("the reboot") };
  return {
    rebooted: outputs.length >= 2 && outputs[1]!.code <= 0,
    elapsed: Number(outputs[2]?.stdout ?? 0),
  };
}
