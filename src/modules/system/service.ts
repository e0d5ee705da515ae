import type { Module } from "../contract/module.ts";
import { systemdService } from "./systemd_service.ts";
import { systemdSchema } from "../shared/systemd/schema.ts";
import type { ArgsOf, Schema } from "../contract/schema.ts";

type SystemdArgs = Parameters<typeof systemdService.plan>[0];
type SystemdState = Parameters<typeof systemdService.plan>[1];

// The same as systemd_service sees it.
function asUnit(args: ServiceArgs): SystemdArgs {
  const { use, arguments: options, pattern, runlevel, sleep, ...unit } = args;
  return { ...unit, keep_processes: false };
}

// Ansible gives everything to systemd's module, so all of its parameters may be written here, too.
// The two others are Hullwright's own.
const { files, keep_processes, ...unitArguments } = systemdSchema.arguments;

const schema = {
  description: "Starts, stops, restarts and enables daemons; the host must run systemd.",
  example: `name: Run the service
service: {name: nginx, state: started, enabled: true}`,
  returns: ["name, state, enabled: as given", "status: properties of the unit"],
  arguments: {
    ...unitArguments,
    use: {
      type: "str",
      choices: ["auto", "systemd", "systemd_service", "service"],
      foreignChoices: ["sysvinit", "openrc", "upstart", "runit"],
      default: "auto",
      description: "The service manager; only systemd is supported, which service also means.",
    },
    arguments: {
      type: "str",
      aliases: ["args"],
      description: "Has no effect under systemd, as in Ansible.",
    },
    pattern: { type: "str", description: "Has no effect under systemd, as in Ansible." },
    runlevel: { type: "str", description: "Has no effect under systemd, as in Ansible." },
    sleep: { type: "int", description: "Has no effect under systemd, as in Ansible." },
  },
  requiredOneOf: [["state", "enabled", "masked", "daemon_reload", "daemon_reexec"]],
} as const satisfies Schema;

type ServiceArgs = ArgsOf<typeof schema>;

/** Daemons, under systemd: systemd_service by its general name. */
export const service: Module<ServiceArgs, SystemdState> = {
  name: "service",
  schema,
  observe: (args, controller) => systemdService.observe(asUnit(args), controller),
  plan: (args, before, controller) => systemdService.plan(asUnit(args), before, controller),
  result: (args, state, outputs, controller) =>
    systemdService.result(asUnit(args), state, outputs, controller),
};
