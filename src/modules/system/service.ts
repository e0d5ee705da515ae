import type { Module } from "../contract/module.ts";
import { systemdService } from "./systemd_service.ts";
import { defined } from "../../defined.ts";
import type { ArgsOf, Schema } from "../contract/schema.ts";

type SystemdArgs = Parameters<typeof systemdService.plan>[0];
type SystemdState = Parameters<typeof systemdService.plan>[1];

// The same as systemd_service sees it.
function asUnit({ name, state, enabled }: ServiceArgs): SystemdArgs {
  return { name, scope: "system", keep_processes: false, ...defined({ state, enabled }) };
}

const schema = {
  description: "Starts, stops, restarts and enables daemons; the host must run systemd.",
  example: `name: Run the service
service: {name: nginx, state: started, enabled: true}`,
  returns: ["name, state, enabled: as given", "status: properties of the unit"],
  arguments: {
    name: { type: "str", required: true, description: "The daemon." },
    state: {
      type: "str",
      choices: ["started", "stopped", "restarted", "reloaded"],
      description: "started and stopped do nothing if it is already so.",
    },
    enabled: { type: "bool", description: "Whether it starts at boot." },
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
  requiredOneOf: [["state", "enabled"]],
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
