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
        "started and stopped do nothing where it is so already; restarted and reloaded always do, and start what does not run.",
    },
    enabled: { type: "bool", description: "Whether the unit starts at boot." },
    masked: {
      type: "bool",
      description: "Whether the unit is masked, so that nothing can start it.",
    },
    daemon_reload: {
      type: "bool",
      aliases: ["daemon-reload"],
      description: "Has systemd read changed unit files before anything else is done.",
    },
    daemon_reexec: {
      type: "bool",
      aliases: ["daemon-reexec"],
      description: "Has systemd execute itself anew.",
    },
    force: {
      type: "bool",
      description: "Replaces links that stand in the way of enabling or masking.",
    },
    no_block: {
      type: "bool",
      description:
        "Does not wait until the unit is started or stopped, and does not look whether it stays up.",
    },
    scope: {
      type: "str",
      choices: ["system"],
      foreignChoices: ["user", "global"],
      default: "system",
      description: "Units of the system; those of users are not taken.",
    },
    keep_processes: {
      type: "bool",
      default: false,
      description:
        "What the daemon has started must outlive its stop, as containers do: it is neither stopped nor restarted where its KillMode, with all drop-ins, would end them.",
    },
    files: {
      type: "list",
      elements: "path",
      description:
        "What the daemon reads when it starts: its unit, config, binaries. It is restarted if it runs with older ones, or with other drop-ins; of TOML files the keys count.",
    },
  },
} as const satisfies Schema;

export type SystemdArgs = ArgsOf<typeof systemdSchema>;
