import { TaskFailure } from "../../../errors.ts";
import { equalToml } from "../../../toml/compare.ts";
import { stringifyToml, writeKey } from "../../../toml/stringify.ts";
import { at, leafValues, newTable, put, type Toml, type TomlTable } from "../../../toml/value.ts";
import { configTree, type Settings } from "./config_tree.ts";
import { CRI } from "./plugin_names.ts";
import type { Version } from "./version.ts";

/** The default values of a config. */
const UNSAID: Settings = {
  root: "/var/lib/containerd",
  state: "/run/containerd",
  snapshotter: "overlayfs",
  systemd_cgroup: false,
  registry_config_path: "/etc/containerd/certs.d",
  opt_path: "/opt/containerd",
  disabled_plugins: [],
  required_plugins: [CRI],
  imports: [],
};

/**
 * Settings that can be made in two places: a default of the first may be overridden in the second.
 */
interface Both {
  said: TomlTable;
  unsaid: TomlTable;
  other: TomlTable;
  /** Where the other one is said, in words. */
  by: string;
}

// The config if nothing is set.
export function unsaidTree(version: Version): TomlTable {
  return configTree(UNSAID, version);
}

// Refuses a key that is set twice: one of the two would silently have no effect. The runc of a
// runtime is no such key: one runtime may use another.
export function refuseContradictions({ said, unsaid, other, by }: Both): void {
  const found = leafValues(other).filter(({ path, value }) => {
    const mine = at(said, ...path);
    return (
      mine !== undefined &&
      path.at(-1) !== "BinaryName" &&
      !same(mine, at(unsaid, ...path)) &&
      !same(mine, value)
    );
  });
  if (found.length === 0) return;
  const list = found.map(
    ({ path, value }) =>
      `${path.map(writeKey).join(".")} is ${showToml(at(said, ...path)!)} by its own setting, and ${showToml(value)} ${by}`,
  );
  throw new TaskFailure(
    `the config contradicts itself: ${list.join("; ")}`,
    "set it once: by its own variable, or in containerd_config_extra (the parameter `extra` of containerd_config)",
  );
}

function same(one: Toml, other: Toml | undefined): boolean {
  return other !== undefined && equalToml(wrapped(one), wrapped(other));
}

function showToml(value: Toml): string {
  return stringifyToml(wrapped(value))
    .trim()
    .replace(/^value = /, "");
}

function wrapped(value: Toml): TomlTable {
  const table = newTable();
  put(table, ["value"], value);
  return table;
}
