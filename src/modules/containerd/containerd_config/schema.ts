import { CRI } from "../../shared/containerd/plugin_names.ts";
import { FILE_ARGUMENTS } from "../../shared/containerd/place.ts";
import { SETTINGS } from "../../shared/containerd/settings/index.ts";
import type { ConfigSetting } from "../../shared/containerd/settings/setting.ts";
import type { ArgsOf, Schema } from "../../contract/schema.ts";

/** What containerd_config takes: one description for all versions. */
export const configSchema = {
  collection: "hullwright.containerd",
  description:
    "Writes containerd's config.toml in the format of its version. A file with the same settings is not changed, whatever its comments and formatting. In a file that others wrote, keys that no parameter sets are kept.",
  example: `name: Write containerd's configuration
containerd_config: {version: 2.1.4}`,
  returns: [
    "config_version: the version of the file's format",
    "dest: the file",
    "imported: the files that it imports, for `files` of systemd_service",
    "state, mode, owner, group, uid, gid, size: of the file as it is now",
  ],
  arguments: {
    version: {
      type: "str",
      required: true,
      description: "The version of the containerd that will read the file.",
    },
    path: {
      type: "path",
      default: "/etc/containerd/config.toml",
      description: "The file's path.",
    },
    root: {
      type: "path",
      default: "/var/lib/containerd",
      description: "Where images and containers are kept.",
    },
    state: {
      type: "path",
      default: "/run/containerd",
      description: "Where the running state is kept.",
    },
    snapshotter: {
      type: "str",
      default: "overlayfs",
      description: "The snapshotter for images.",
    },
    platform: {
      type: "str",
      description:
        "The host's os/arch, such as linux/amd64. Needed with snapshotters other than overlayfs from containerd 1.7 on.",
    },
    sandbox_image: { type: "str", description: "The image of pods' sandboxes (pause)." },
    systemd_cgroup: {
      type: "bool",
      default: false,
      description: "Makes runc create cgroups through systemd, as kubelet's systemd driver needs.",
    },
    runc_binary: {
      type: "path",
      description: "The runc that CRI uses; by default the one in containerd's PATH.",
    },
    registry_config_path: {
      type: "str",
      default: "/etc/containerd/certs.d",
      description: "Where to look for hosts.toml of each registry; empty: nowhere.",
    },
    opt_path: {
      type: "path",
      default: "/opt/containerd",
      description: "The directory whose bin containerd searches first.",
    },
    max_concurrent_downloads: {
      type: "int",
      description: "How many layers of an image to pull at once.",
    },
    discard_unpacked_layers: {
      type: "bool",
      description: "Drops layers once they are unpacked.",
    },
    cni_bin_dir: { type: "path", description: "Where CNI's plugins are." },
    cni_conf_dir: { type: "path", description: "Where CNI's configuration is." },
    oom_score: { type: "int", description: "The OOM score of the daemon." },
    grpc_address: { type: "path", description: "The daemon's socket." },
    disabled_plugins: {
      type: "list",
      elements: "str",
      default: [],
      description: "Plugins that are not loaded.",
    },
    required_plugins: {
      type: "list",
      elements: "str",
      default: [CRI],
      description: "Plugins without which the daemon refuses to start.",
    },
    imports: {
      type: "list",
      elements: "path",
      default: [],
      description: "More files to merge in; absolute paths.",
    },
    ...SETTINGS,
    extra: {
      type: "raw",
      description:
        "Any other settings, as the tree of the file. They are merged key by key; a key that a parameter sets differently is refused.",
    },
    described_registries: {
      type: "list",
      elements: "str",
      default: [],
      description:
        "Registries that have a description of their own. The mirrors of others in a file that is taken over become hosts.toml.",
    },
    binary: {
      type: "path",
      default: "/usr/local/bin/containerd",
      description: "The containerd that checks the file before it is put in place.",
    },
    validate: {
      type: "bool",
      default: true,
      description: "Makes the binary check the file first.",
    },
    ...FILE_ARGUMENTS,
    mode: {
      type: "mode",
      description: "The file's mode; by default 0644, or 0600 if it contains logins of registries.",
    },
  },
} as const satisfies Schema;

export type ConfigArgs = ArgsOf<typeof configSchema>;

const { oom_score, max_concurrent_downloads, discard_unpacked_layers } = configSchema.arguments;
const { disabled_plugins, required_plugins, imports } = configSchema.arguments;

/**
 * What the shipped role passes on from containerd_settings: all that has no variable of its own.
 */
export const PASSED_ON: { readonly [name: string]: ConfigSetting } = {
  oom_score,
  max_concurrent_downloads,
  discard_unpacked_layers,
  disabled_plugins,
  required_plugins,
  imports,
  ...SETTINGS,
};
