import type { ArgsOf, Schema } from "../../contract/schema.ts";

/** What systemd_service takes; `files` is Hullwright's own. */
export const systemdSchema = {
  description: "Starts, stops, restarts, enables and masks units of systemd.",
  example: `name: The daemon runs with its newest configuration
systemd_service: {name: containerd, state: started, enabled: true, daemon_reload: true}`,
  returns: ["name, state, enabled: as given", "status: properties of the unit"],
  arguments: {
    name: {
      type: "str",
      aliases: ["service", "unit"],
      description: "The unit; a name without a suffix is a service.",
    },
    state: {
      type: "str",
      choices: ["started", "stopped", "restarted", "reloaded"],
      description:
        "started and stopped do nothing if it is already so; restarted and reloaded always act, and start a unit that is not running.",
    },
    enabled: { type: "bool", description: "Whether the unit starts at boot." },
    masked: {
      type: "bool",
      description: "Whether the unit is masked, so that nothing can start it.",
    },
    daemon_reload: {
      type: "bool",
      aliases: ["daemon-reload"],
      description: "Makes systemd reload changed unit files before anything else.",
    },
    daemon_reexec: {
      type: "bool",
      aliases: ["daemon-reexec"],
      description: "Makes systemd re-execute itself.",
    },
    force: {
      type: "bool",
      description: "Replaces links that are in the way of enabling or masking.",
    },
    no_block: {
      type: "bool",
      description:
        "Does not wait until the unit has started or stopped, and does not check that it keeps running.",
    },
    scope: {
      type: "str",
      choices: ["system"],
      foreignChoices: ["user", "global"],
      default: "system",
      description: "Only units of the system are supported, not those of users.",
    },
    keep_processes: {
      type: "bool",
      default: false,
      description:
        "Processes that the daemon has started must survive its stop, as containers do: it is neither stopped nor restarted if its KillMode, with all drop-ins, would kill them.",
    },
    files: {
      type: "list",
      elements: "path",
      description:
        "What the daemon reads when it starts: its unit, config, binaries. It is restarted if it runs with older ones, or with other drop-ins. TOML files are compared by their keys.",
    },
  },
} as const satisfies Schema;

export type SystemdArgs = ArgsOf<typeof systemdSchema>;
