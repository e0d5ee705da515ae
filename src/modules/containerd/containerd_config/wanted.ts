import { TaskFailure } from "../../../errors.ts";
import { remembering } from "../../../remember.ts";
import { sh, type Script } from "../../../script/sh.ts";
import { stringifyToml } from "../../../toml/stringify.ts";
import { at, isTable, merge, newTable, toToml, type TomlTable } from "../../../toml/value.ts";
import { configFaults } from "../../shared/containerd/config_faults.ts";
import { importFaults } from "../../shared/containerd/config_faults/paths.ts";
import { configTree, placeOf } from "../../shared/containerd/config_tree.ts";
import { refuseContradictions, unsaidTree } from "../../shared/containerd/contradictions.ts";
import { unknownKeys } from "../../shared/containerd/known_keys.ts";
import { refuseRelative } from "../../shared/containerd/paths.ts";
import { settingFaults } from "../../shared/containerd/settings/faults.ts";
import { settingsTree } from "../../shared/containerd/settings/tree.ts";
import { knownSnapshotter } from "../../shared/containerd/snapshotters.ts";
import type { WantedToml } from "../../shared/containerd/toml_file.ts";
import {
  atLeast,
  configVersion,
  readVersion,
  type Version,
} from "../../shared/containerd/version.ts";
import { importPatterns } from "./imported.ts";
import type { ConfigArgs } from "./schema.ts";

const once = remembering<readonly string[]>(32);

// What is wrong with a whole file.
export function faultsOf(tree: TomlTable, version: Version): readonly string[] {
  const file = configVersion(version);
  return once(`${JSON.stringify(version)} ${stringifyToml(tree)}`, () => [
    ...configFaults(tree, file, version),
    ...settingFaults(tree, file, version),
    ...unknownKeys(tree, version),
  ]);
}

// The whole file: what the parameters say, `extra` over it, refused where containerd
// would not do what it says.
export function wantedFile(args: ConfigArgs): WantedToml {
  const version = readVersion(args.version);
  refuseRelative(args, ["path", "binary", "opt_path", "cni_bin_dir", "cni_conf_dir"]);
  if (args.snapshotter !== "overlayfs" && atLeast(version, 1, 7) && args.platform === undefined) {
    throw new TaskFailure(
      `the ${args.snapshotter} snapshotter needs "platform" with containerd ${args.version}`,
      "add platform: linux/amd64, or the host's own",
    );
  }
  const extra = extraTree(args.extra);
  const [own, unsaid] = [configTree(args, version), unsaidTree(version)];
  const named = settingsTree({ ...args, runtimes: runtimesOf(args) }, version);
  refuseContradictions({ said: own, unsaid, other: named, by: "by the settings beside it" });
  const said = merge(own, named);
  refuseContradictions({ said, unsaid, other: extra, by: "in the extra config" });
  const tree = merge(said, extra);
  knownSnapshotter(args.snapshotter, version, tree);
  const faults = [...faultsOf(tree, version), ...importFaults(importPatterns(tree), args.path)];
  if (faults.length > 0)
    throw new TaskFailure(
      `containerd ${args.version} would not do what this config says:\n${faults.map((fault) => `  ${fault}`).join("\n")}`,
    );
  const mode = args.mode ?? (hasLogins(tree, configVersion(version)) ? "0600" : "0644");
  const { path, owner, group, backup } = args;
  const check = args.validate
    ? { check: (file: Script) => validation(args.binary, version, file) }
    : {};
  return {
    path,
    title: `Written by Hullwright for containerd ${version.major}.${version.minor}`,
    tree,
    mode,
    owner,
    group,
    backup,
    ...check,
  };
}

// Runtimes that runc's shim runs make cgroups as runc does, unless they say otherwise: two
// drivers on one host fight.
function runtimesOf({ runtimes, systemd_cgroup }: ConfigArgs): object[] | undefined {
  return runtimes?.map((one) =>
    systemd_cgroup && one.type === "io.containerd.runc.v2" && one.systemd_cgroup === undefined
      ? { ...one, systemd_cgroup }
      : one,
  );
}

// Whether it contains registry logins; only containerd, as root, has to read those.
function hasLogins(tree: TomlTable, version: 2 | 3): boolean {
  const registry = at(tree, ...placeOf("registry", version));
  const configs = at(registry, "configs");
  return (
    at(registry, "auths") !== undefined ||
    (isTable(configs) && Object.values(configs).some((one) => at(one, "auth") !== undefined))
  );
}

// `extra` as TOML.
function extraTree(extra: unknown): TomlTable {
  if (extra === undefined) return newTable();
  try {
    const tree = toToml(extra, "extra");
    if (isTable(tree)) return tree;
  } catch (error) {
    if (error instanceof TypeError) throw new TaskFailure(error.message);
    throw error;
  }
  throw new TaskFailure(
    "extra is not a mapping",
    "give it as the tree of the file: plugins: {...}",
  );
}

// The new binary reads the staged file before anything is touched. 2.x only warns of keys that it
// does not know, and 1.6 takes a file of version 3 without a word, so both are looked for.
function validation(binary: string, version: Version, file: Script): Script {
  return sh`[ -x ${binary} ] || { hw_fail ${`${binary} is not there to check the config with`} '(is it installed by an earlier task? parameter binary)'; exit 1; }
# shellcheck disable=SC2046 # three words: program, source, version
set -- $(${binary} --version)
case "\${3-}" in ${{ sh: `${version.major}.${version.minor}.*|v${version.major}.${version.minor}.*` }}) ;; *) hw_fail ${`the config is for containerd ${version.major}.${version.minor}, but ${binary} is`} "\${3-}"; exit 1 ;; esac
hw_o=$(${binary} -c ${file} config dump 2>&1 >/dev/null) || { hw_fail ${`${binary} refuses the config:`} "$hw_o"; exit 1; }
case $hw_o in *[Ii]'gnoring unknown key'*) hw_fail ${`${binary} does not know all of the config:`} "$hw_o"; exit 1 ;; esac`;
}
