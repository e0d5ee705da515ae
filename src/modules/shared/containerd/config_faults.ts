import { at, type TomlTable } from "../../../toml/value.ts";
import { writeKey } from "../../../toml/stringify.ts";
import { keysOf, walk, type FileVersion, type Rule } from "./config_faults/look.ts";
import { PATH_RULES } from "./config_faults/paths.ts";
import { PLUGIN_RULES } from "./config_faults/plugins.ts";
import { REGISTRY_RULES } from "./config_faults/registry.ts";
import { RUNTIME_RULES } from "./config_faults/runtimes.ts";
import { placeOf } from "./config_tree.ts";
import { CRI, CRI_IMAGES, CRI_RUNTIME } from "./plugin_names.ts";
import type { Version } from "./version.ts";

// What 2.x still reads below the CRI plugin's old name; all else there is dropped
// with a warning, or silently.
const STREAMING = [
  "disable_tcp_service",
  "stream_server_address",
  "stream_server_port",
  "stream_idle_timeout",
  "enable_tls_streaming",
  "x509_key_pair_streaming",
];
const REMOVED = [
  "systemd_cgroup",
  "default_runtime",
  "untrusted_workload_runtime",
  "runtime_engine",
  "runtime_root",
  "CriuPath",
];
const OLD_RUNTIMES = ["io.containerd.runtime.v1.linux", "io.containerd.runc.v1"];

// Lists what is wrong with a config in ways that `containerd config dump` does not
// find, each with its hint.
export function configFaults(tree: TomlTable, version: FileVersion, containerd: Version): string[] {
  return RULES.flatMap((rule) => rule(tree, version, containerd));
}

// Plugins have long names since version 2; a short one is refused by 1.x and ignored by 2.x.
const shortNames: Rule = (tree) =>
  keysOf(tree, "plugins")
    .filter((name) => !name.includes("."))
    .map(
      (name) =>
        `plugins.${writeKey(name)} is a name of config version 1: use plugins."${longName(name)}"`,
    );

function longName(name: string): string {
  if (name === "cri") return CRI;
  return name === "opt" ? "io.containerd.internal.v1.opt" : `io.containerd.….${name}`;
}

// A setting under the name that the other generation of containerd gave its plugin.
const wrongGeneration: Rule = (tree, version) => {
  if (version === 2) {
    const newer = keysOf(tree, "plugins").filter(
      (name) => name === CRI_IMAGES || name === CRI_RUNTIME,
    );
    return newer.map(
      (name) =>
        `plugins."${name}" is known from containerd 2.0 on: 1.x ignores it, use plugins."${CRI}"`,
    );
  }
  const moved = keysOf(tree, "plugins", CRI).filter((key) => !STREAMING.includes(key));
  const unified = keysOf(tree, "plugins").filter((name) =>
    name.startsWith("io.containerd.server.v1."),
  );
  return [
    ...moved.map(
      (key) =>
        `plugins."${CRI}".${key} has moved: containerd 2.x reads it from "${CRI_IMAGES}" or "${CRI_RUNTIME}"`,
    ),
    ...unified.map(
      (name) =>
        `plugins."${name}" is of config version 4: in version 3 it is the table [${name.replace("io.containerd.server.v1.", "")}]`,
    ),
  ];
};

// Keys that containerd has removed; found at any depth below the plugins.
const removed: Rule = (tree, version) => {
  const gone = version === 3 ? REMOVED : REMOVED.filter((key) => key === "systemd_cgroup");
  return walk(at(tree, "plugins")).flatMap(({ path, key, value }) => {
    if (gone.includes(key))
      return [
        `${path} is gone${key === "systemd_cgroup" ? ": use SystemdCgroup in the runtime's options" : " since containerd 2.0"}`,
      ];
    return version === 3 && key === "runtime_type" && OLD_RUNTIMES.includes(String(value))
      ? [`${path}: ${String(value)} is gone since containerd 2.0, use io.containerd.runc.v2`]
      : [];
  });
};

// 2.1 renamed bin_dir to bin_dirs, and takes only one of them.
const cni: Rule = (tree, version) => {
  const keys = keysOf(tree, ...placeOf("cni", version));
  return keys.includes("bin_dir") && keys.includes("bin_dirs")
    ? ["cni.bin_dir and cni.bin_dirs exclude each other"]
    : [];
};

const versionLine: Rule = (tree, version) =>
  at(tree, "version") === version
    ? []
    : [`version must be ${version} for this containerd: leave it out of extra`];

const RULES: readonly Rule[] = [
  versionLine,
  shortNames,
  wrongGeneration,
  removed,
  ...REGISTRY_RULES,
  ...RUNTIME_RULES,
  ...PLUGIN_RULES,
  cni,
  ...PATH_RULES,
];
