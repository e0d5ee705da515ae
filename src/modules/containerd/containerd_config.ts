import { TaskFailure } from "../../errors.ts";
import { askRegistries, type RegistryDirectory } from "../../probes/containerd/registries.ts";
import { contentText, statPath, type PathState } from "../../probes/files/path.ts";
import { lines, sh, type Script } from "../../script/sh.ts";
import { placeFile, staged } from "../../script/write.ts";
import { at, isTable, merge, newTable, toToml, type TomlTable } from "../../toml/value.ts";
import { configFaults } from "../shared/containerd/config_faults.ts";
import { importFaults } from "../shared/containerd/config_faults/paths.ts";
import { refuseContradictions, unsaidTree } from "../shared/containerd/contradictions.ts";
import { settingFaults } from "../shared/containerd/settings/faults.ts";
import { SETTINGS } from "../shared/containerd/settings/index.ts";
import type { Setting } from "../shared/containerd/settings/setting.ts";
import { settingsTree } from "../shared/containerd/settings/tree.ts";
import { keptKeys, keptLine } from "../shared/containerd/kept_keys.ts";
import { takenMirrors, type TakenMirror } from "../shared/containerd/old_mirrors.ts";
import { defaultsOf, unknownKeys } from "../shared/containerd/known_keys.ts";
import { refuseRelative } from "../shared/containerd/paths.ts";
import { knownSnapshotter } from "../shared/containerd/snapshotters.ts";
import { configTree, placeOf } from "../shared/containerd/config_tree.ts";
import { CRI } from "../shared/containerd/plugin_names.ts";
import { FILE_ARGUMENTS, fileResult } from "../shared/containerd/place.ts";
import { textFile } from "../files/copy/source.ts";
import { planToml, tomlText, type WantedToml } from "../shared/containerd/toml_file.ts";
import { atLeast, configVersion, readVersion, type Version } from "../shared/containerd/version.ts";
import type { Diff, LocalFile, Module, Step } from "../contract/module.ts";
import type { ArgsOf, Schema } from "../contract/schema.ts";

const schema = {
  description:
    "Writes containerd's config.toml in the format of its version. A file with the same settings is not changed, whatever its comments and formatting. In a file that others wrote, keys that no parameter sets are kept.",
  example: `name: Write containerd's configuration
containerd_config: {version: 2.1.4}`,
  returns: [
    "config_version: the version of the file's format",
    "dest: the file",
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
      description: "Where the file stands.",
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

type ConfigArgs = ArgsOf<typeof schema>;

const { oom_score, max_concurrent_downloads, discard_unpacked_layers } = schema.arguments;
const { disabled_plugins, required_plugins, imports } = schema.arguments;

/** What the shipped role passes on from containerd_settings: all that has no variable of its own. */
export const PASSED_ON: { readonly [name: string]: Setting } = {
  oom_score,
  max_concurrent_downloads,
  discard_unpacked_layers,
  disabled_plugins,
  required_plugins,
  imports,
  ...SETTINGS,
};

interface State {
  file: PathState;
  registries: RegistryDirectory[];
}

/** Asked about where nobody looks for registries. */
const NO_DIRECTORY = "/nonexistent";

/** containerd's config.toml from a description that is the same for all its versions. */
export const containerd_config: Module<ConfigArgs, State> = {
  name: "containerd_config",
  collection: "hullwright.containerd",
  schema,
  observe: (args) => ({
    file: statPath(args.path, { unless: textFile(tomlText(wantedFile(args))).sha256 }),
    registries: askRegistries(args.registry_config_path || NO_DIRECTORY),
  }),
  plan(args, before) {
    const wanted = wantedFile(args);
    const version = readVersion(args.version);
    const old = before.file?.type === "file" ? contentText(before.file) : undefined;
    const kept = keptKeys(
      old,
      wanted.tree,
      (tree) => faultsOf(merge(tree, wanted.tree), version).length === 0,
    );
    const placing = planToml(
      {
        ...wanted,
        tree: merge(kept.tree, wanted.tree),
        remarks: keptLine(kept),
        defaults: defaultsOf(version),
      },
      before.file,
    );
    if (!placing) return null;
    const mirrors =
      placing.rewrites && args.registry_config_path !== "" ? mirrorsOf(args, before, old) : [];
    const files = mirrors.map(({ text }) => textFile(text));
    return {
      after: {
        file: placing.after,
        registries: [
          ...before.registries.filter(({ name }) => !mirrors.some((one) => one.name === name)),
          ...mirrors.map(({ name }): RegistryDirectory => ({
            name,
            file: "foreign",
            certificates: [],
          })),
        ],
      },
      steps: [
        ...mirrors.map((mirror, i) => placeMirror(args, mirror, files[i]!)),
        ...placing.steps,
      ],
      files: [...files, ...placing.files],
      diff: [
        ...kept.notes.map((title): Diff => ({ kind: "note", title })),
        ...placing.diff,
        ...mirrors.map(({ name, urls }): Diff => ({
          kind: "field",
          title: `${args.registry_config_path}/${name}/hosts.toml`,
          before: null,
          after: urls.join(", "),
        })),
      ],
    };
  },
  result: (args, state) => ({
    ...fileResult(args.path, state.file),
    config_version: configVersion(readVersion(args.version)),
  }),
};

// Mirrors that would be lost with the file of others; a version that reads no hosts.toml has them in its config.
function mirrorsOf(
  args: ConfigArgs,
  { registries }: State,
  old: string | undefined,
): TakenMirror[] {
  if (!atLeast(readVersion(args.version), 1, 5)) return [];
  return takenMirrors(old, args.path, registries, args.described_registries);
}

// Writes one hosts.toml, and the directories for it.
function placeMirror(
  { registry_config_path }: ConfigArgs,
  { name }: TakenMirror,
  file: LocalFile,
): Step {
  const directory = `${registry_config_path}/${name}`;
  const path = `${directory}/hosts.toml`;
  const place = placeFile(staged(file), path, "0644", {});
  return { run: lines([sh`mkdir -p -- ${directory} || exit 1`, place.run]), undo: place.undo };
}

// What is wrong with a whole file.
function faultsOf(tree: TomlTable, version: Version): string[] {
  const file = configVersion(version);
  return [
    ...configFaults(tree, file, version),
    ...settingFaults(tree, file, version),
    ...unknownKeys(tree, version),
  ];
}

// The whole file: what the parameters say, `extra` over it, refused where containerd would not do what it says.
function wantedFile(args: ConfigArgs): WantedToml {
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
  const imports = at(tree, "imports");
  const faults = [
    ...faultsOf(tree, version),
    ...importFaults(Array.isArray(imports) ? imports.map(String) : [], args.path),
  ];
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

// Runtimes that runc's shim runs make cgroups as runc does, unless they say otherwise: two drivers on one host fight.
function runtimesOf({ runtimes, systemd_cgroup }: ConfigArgs): object[] | undefined {
  return runtimes?.map((one) =>
    systemd_cgroup && one.type === "io.containerd.runc.v2" && one.systemd_cgroup === undefined
      ? { ...one, systemd_cgroup }
      : one,
  );
}

// Whether registries' logins stand in it; only containerd, as root, has to read those.
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

// The new binary reads the staged file before anything is touched. 2.x only warns of keys that it does not
// know, and 1.6 takes a file of version 3 without a word, so both are looked for.
function validation(binary: string, version: Version, file: Script): Script {
  return sh`[ -x ${binary} ] || { hw_fail ${`${binary} is not there to check the config with`} '(is it installed by an earlier task? parameter binary)'; exit 1; }
# shellcheck disable=SC2046 # three words: program, source, version
set -- $(${binary} --version)
case "\${3-}" in ${{ sh: `${version.major}.${version.minor}.*|v${version.major}.${version.minor}.*` }}) ;; *) hw_fail ${`the config is for containerd ${version.major}.${version.minor}, but ${binary} is`} "\${3-}"; exit 1 ;; esac
hw_o=$(${binary} -c ${file} config dump 2>&1 >/dev/null) || { hw_fail ${`${binary} refuses the config:`} "$hw_o"; exit 1; }
case $hw_o in *[Ii]'gnoring unknown key'*) hw_fail ${`${binary} does not know all of the config:`} "$hw_o"; exit 1 ;; esac`;
}
