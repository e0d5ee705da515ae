import type { ArgsOf, Schema } from "../../contract/schema.ts";

// What containerd_absent takes and gives.
export const schema = {
  collection: "hullwright.containerd",
  description:
    "Stops containerd, and removes exactly what containerd.yml has put on a host. Files without our title, directories with other content, images and containers stay. What was kept beside as FILE.distrib is put back.",
  example: `name: Take containerd off the host
containerd_absent:`,
  returns: ["removed, restored: the paths that go, and those that others get back"],
  arguments: {
    unit: {
      type: "path",
      default: "/usr/local/lib/systemd/system/containerd.service",
      description: "The unit file. Programs are removed only where it is ours.",
    },
    config: {
      type: "path",
      default: "/etc/containerd/config.toml",
      description: "The config file.",
    },
    config_path: {
      type: "path",
      default: "/etc/containerd/certs.d",
      description: "Where hosts.toml of each registry is.",
    },
    programs: {
      type: "list",
      elements: "path",
      default: [
        "/usr/local/bin/containerd",
        "/usr/local/bin/containerd-shim-runc-v2",
        "/usr/local/bin/ctr",
      ],
      description: "containerd's programs.",
    },
    runc: { type: "path", default: "/usr/local/sbin/runc", description: "Our runc." },
    links: {
      type: "list",
      elements: "path",
      default: [
        "/usr/bin/runc",
        "/usr/local/bin/runc",
        "/usr/sbin/runc",
        "/opt/containerd/bin/runc",
      ],
      description: "Links to it.",
    },
    opt_path: {
      type: "path",
      default: "/opt/containerd",
      description: "The directory whose bin containerd searches first.",
    },
    state: {
      type: "path",
      default: "/run/containerd",
      description: "Where the state of running containers is kept.",
    },
    root: {
      type: "path",
      default: "/var/lib/containerd",
      description: "Where images and containers are kept.",
    },
    stop_containers: {
      type: "bool",
      default: false,
      description: "Ends the containers that run; otherwise they are a reason to stop.",
    },
    ctr: {
      type: "path",
      default: "/usr/local/bin/ctr",
      description: "The program to end them with.",
    },
    data: {
      type: "bool",
      default: false,
      description: "Removes images and containers, too: all that is in the data root.",
    },
  },
} as const satisfies Schema;

/** Its arguments. */
export type AbsentArgs = ArgsOf<typeof schema>;
