import { TaskFailure } from "../../../errors.ts";
import { didYouMean } from "../../../suggest.ts";
import { at, isTable, type TomlTable } from "../../../toml/value.ts";
import { writeKey } from "../../../toml/stringify.ts";
import { readUrl } from "./hosts_tree.ts";
import { CRI, CRI_IMAGES, CRI_RUNTIME, placeOf } from "./config_tree.ts";

type FileVersion = 2 | 3;
type Rule = (tree: TomlTable, version: FileVersion) => string[];

// What 2.x still reads below the CRI plugin's old name; all else there is dropped with a warning, or silently.
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
const RUNC_OPTIONS = [
  "BinaryName",
  "CriuImagePath",
  "CriuWorkPath",
  "IoGid",
  "IoUid",
  "NoNewKeyring",
  "NoPivotRoot",
  "Root",
  "ShimCgroup",
  "SystemdCgroup",
  "TaskApiAddress",
  "TaskApiVersion",
];

// Lists what is wrong with a config in ways that `containerd config dump` does not find, each with its mend.
export function configFaults(tree: TomlTable, version: FileVersion): string[] {
  return RULES.flatMap((rule) => rule(tree, version));
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

// Mirrors live in this file or below config_path, never in both: the CRI plugin would not load.
const registries: Rule = (tree, version) => {
  const registry = at(tree, ...placeOf("registry", version));
  const path = at(registry, "config_path");
  const inline = keysOf(registry).filter((key) => ["mirrors", "configs", "auths"].includes(key));
  const both =
    path === undefined || path === ""
      ? []
      : inline.map(
          (key) =>
            `registry.${key} and registry.config_path exclude each other: describe the registry with containerd_registry`,
        );
  const tls =
    version === 3
      ? keysOf(registry, "configs").filter(
          (name) => at(registry, "configs", name, "tls") !== undefined,
        )
      : [];
  return [
    ...both,
    ...tls.map(
      (name) =>
        `registry.configs.${writeKey(name)}.tls is ignored since containerd 2.0: use skip_verify or ca of containerd_registry`,
    ),
  ];
};

// The notes of others have links in Markdown where URLs belong, and containerd takes any text for one.
const endpoints: Rule = (tree, version) => {
  const mirrors = [...placeOf("registry", version), "mirrors"];
  return keysOf(tree, ...mirrors).flatMap((name) => {
    const urls = at(tree, ...mirrors, name, "endpoint");
    return (Array.isArray(urls) ? urls : []).flatMap((url) =>
      urlFault(String(url), `the endpoint of registry.mirrors.${writeKey(name)}`),
    );
  });
};

function urlFault(url: string, where: string): string[] {
  try {
    readUrl(url, where);
    return [];
  } catch (error) {
    if (error instanceof TaskFailure)
      return [error.hint === undefined ? error.message : `${error.message}: ${error.hint}`];
    throw error;
  }
}

// A runtime's options are a free map to containerd: a misspelt one does nothing, and nobody says so.
const runtimes: Rule = (tree, version) => {
  const place = placeOf("runtimes", version);
  const names = keysOf(tree, ...place);
  const unknown = names
    .filter((name) => at(tree, ...place, name, "runtime_type") === "io.containerd.runc.v2")
    .flatMap((name) =>
      keysOf(tree, ...place, name, "options")
        .filter((key) => !RUNC_OPTIONS.includes(key) && !REMOVED.includes(key))
        .map((key) => `runtimes.${writeKey(name)}.options has no ${key}${hintFor(key)}`),
    );
  const byDefault = at(tree, ...place.slice(0, -1), "default_runtime_name");
  const undefinedDefault =
    typeof byDefault === "string" && !names.includes(byDefault)
      ? [`default_runtime_name is "${byDefault}", and no such runtime is described`]
      : [];
  return [...unknown, ...undefinedDefault];
};

function hintFor(key: string): string {
  const hint = didYouMean(key, RUNC_OPTIONS);
  return hint ? `: ${hint}` : "";
}

// What is needed may not be switched off: packages of others leave disabled_plugins = ["cri"] behind.
const disabled: Rule = (tree, version) => {
  const off = listOf(tree, "disabled_plugins");
  const snapshotter = at(tree, ...placeOf("snapshotter", version));
  const needed = [
    ...listOf(tree, "required_plugins"),
    `io.containerd.snapshotter.v1.${String(snapshotter)}`,
  ];
  return needed
    .filter((name) => off.includes(name) || (name === CRI && off.includes("cri")))
    .map((name) => `${name} is needed, and disabled_plugins switches it off`);
};

// 2.1 renamed bin_dir to bin_dirs, and takes only one of them.
const cni: Rule = (tree, version) => {
  const keys = keysOf(tree, ...placeOf("cni", version));
  return keys.includes("bin_dir") && keys.includes("bin_dirs")
    ? ["cni.bin_dir and cni.bin_dirs exclude each other"]
    : [];
};

// Paths that containerd would take relative to wherever it runs.
const relativePaths: Rule = (tree, version) => {
  const single = [
    ["root"],
    ["state"],
    ["grpc", "address"],
    [...placeOf("runtimes", version), "runc", "options", "BinaryName"],
  ];
  const paths = [
    ...single.map((keys) => at(tree, ...keys)),
    ...listOf(tree, "imports"),
    ...String(at(tree, ...placeOf("registry", version), "config_path") ?? "").split(":"),
  ];
  const relative = paths.filter(
    (path): path is string => typeof path === "string" && path !== "" && !path.startsWith("/"),
  );
  const same =
    at(tree, "root") === at(tree, "state") ? ["root and state must be different directories"] : [];
  return [...relative.map((path) => `${path} must be an absolute path`), ...same];
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
  registries,
  endpoints,
  runtimes,
  disabled,
  cni,
  relativePaths,
];

function keysOf(tree: Parameters<typeof at>[0], ...path: string[]): string[] {
  const table = at(tree, ...path);
  return isTable(table) ? Object.keys(table) : [];
}

function listOf(tree: TomlTable, key: string): string[] {
  const list = at(tree, key);
  return Array.isArray(list) ? list.map(String) : [];
}

// Every key below a value, with its whole name.
function walk(
  value: Parameters<typeof at>[0],
  path = "plugins",
): { path: string; key: string; value: unknown }[] {
  if (Array.isArray(value)) return value.flatMap((item, i) => walk(item, `${path}[${i}]`));
  if (!isTable(value)) return [];
  return Object.entries(value).flatMap(([key, item]) => [
    { path: `${path}.${writeKey(key)}`, key, value: item },
    ...walk(item, `${path}.${writeKey(key)}`),
  ]);
}
