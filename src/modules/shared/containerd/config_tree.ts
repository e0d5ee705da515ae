import { newTable, put, type Toml, type TomlTable } from "../../../toml/value.ts";
import { CRI, CRI_IMAGES, CRI_RUNTIME } from "./plugin_names.ts";
import { atLeast, configVersion, type Version } from "./version.ts";

/**
 * The wanted content of a config.toml, independent of the version. Absent: containerd's default.
 */
export interface Settings {
  root: string;
  state: string;
  snapshotter: string;
  /**
   * os/arch, such as linux/amd64: containerd unpacks images for it with other
   * snapshotters than overlayfs.
   */
  platform?: string | undefined;
  sandbox_image?: string | undefined;
  systemd_cgroup: boolean;
  runc_binary?: string | undefined;
  registry_config_path: string;
  opt_path: string;
  max_concurrent_downloads?: number | undefined;
  discard_unpacked_layers?: boolean | undefined;
  cni_bin_dir?: string | undefined;
  cni_conf_dir?: string | undefined;
  oom_score?: number | undefined;
  grpc_address?: string | undefined;
  disabled_plugins: string[];
  required_plugins: string[];
  imports: string[];
}

const OPT = "io.containerd.internal.v1.opt";
const TRANSFER = "io.containerd.transfer.v1.local";

type Place = "sandbox" | "snapshotter" | "discard" | "downloads" | "registry" | "runtimes" | "cni";

// The path of each setting below [plugins]: containerd 2.0 split the CRI plugin in two.
const PLACES: { readonly [version in 2 | 3]: { readonly [place in Place]: readonly string[] } } = {
  2: {
    sandbox: [CRI, "sandbox_image"],
    snapshotter: [CRI, "containerd", "snapshotter"],
    discard: [CRI, "containerd", "discard_unpacked_layers"],
    downloads: [CRI, "max_concurrent_downloads"],
    registry: [CRI, "registry"],
    runtimes: [CRI, "containerd", "runtimes"],
    cni: [CRI, "cni"],
  },
  3: {
    sandbox: [CRI_IMAGES, "pinned_images", "sandbox"],
    snapshotter: [CRI_IMAGES, "snapshotter"],
    discard: [CRI_IMAGES, "discard_unpacked_layers"],
    downloads: [CRI_IMAGES, "max_concurrent_downloads"],
    registry: [CRI_IMAGES, "registry"],
    runtimes: [CRI_RUNTIME, "containerd", "runtimes"],
    cni: [CRI_RUNTIME, "cni"],
  },
};

// The path of a setting in the whole file.
export function placeOf(place: Place, version: 2 | 3): string[] {
  return ["plugins", ...PLACES[version][place]];
}

// The whole file. A version line and a runtimes table are always there: without the first,
// containerd reads the file as version 1 and drops what it does not know; without the second, 2.x
// forgets keys of a version 2 file.
export function configTree(settings: Settings, version: Version): TomlTable {
  const file = configVersion(version);
  const tree = rootTable(settings, file, version);
  const set = (place: Place, rest: string[], value: Toml | undefined) =>
    put(tree, [...placeOf(place, file), ...rest], value);
  set("sandbox", [], settings.sandbox_image);
  set("snapshotter", [], settings.snapshotter);
  set("discard", [], settings.discard_unpacked_layers);
  set("downloads", [], settings.max_concurrent_downloads);
  if (settings.registry_config_path !== "" && atLeast(version, 1, 5))
    set("registry", ["config_path"], settings.registry_config_path);
  if (settings.cni_bin_dir !== undefined && atLeast(version, 2, 1))
    set("cni", ["bin_dirs"], [settings.cni_bin_dir]);
  else set("cni", ["bin_dir"], settings.cni_bin_dir);
  set("cni", ["conf_dir"], settings.cni_conf_dir);
  set("runtimes", ["runc", "runtime_type"], "io.containerd.runc.v2");
  set("runtimes", ["runc", "options", "BinaryName"], settings.runc_binary);
  set("runtimes", ["runc", "options", "SystemdCgroup"], settings.systemd_cgroup);
  put(tree, ["plugins", OPT, "path"], settings.opt_path);
  if (settings.snapshotter !== "overlayfs" && atLeast(version, 1, 7))
    put(tree, ["plugins", TRANSFER, "unpack_config"], [unpackWith(settings)]);
  return tree;
}

// The settings above the plugins.
function rootTable(settings: Settings, file: 2 | 3, version: Version): TomlTable {
  const tree = newTable();
  put(tree, ["version"], file);
  put(tree, ["root"], settings.root);
  put(tree, ["state"], settings.state);
  put(tree, ["oom_score"], settings.oom_score);
  const disabled = [...new Set([...settings.disabled_plugins, ...notLoadable(settings, version)])];
  if (settings.imports.length > 0) put(tree, ["imports"], settings.imports);
  if (disabled.length > 0) put(tree, ["disabled_plugins"], disabled);
  if (settings.required_plugins.length > 0)
    put(tree, ["required_plugins"], settings.required_plugins);
  put(tree, ["grpc", "address"], settings.grpc_address);
  return tree;
}

// With the native snapshotter the filesystem may carry no overlay, and one snapshotter that fails
// to load takes the metadata and some thirty other plugins of 2.x with it.
function notLoadable(settings: Settings, version: Version): string[] {
  if (settings.snapshotter !== "native" || version.major < 2) return [];
  return ["io.containerd.snapshotter.v1.overlayfs", "io.containerd.snapshotter.v1.erofs"];
}

// The transfer plugin unpacks with overlayfs unless told otherwise.
function unpackWith(settings: Settings): TomlTable {
  const table = newTable();
  put(table, ["platform"], settings.platform);
  put(table, ["snapshotter"], settings.snapshotter);
  put(table, ["differ"], "walking");
  return table;
}
