import { editDistance, didYouMean } from "../../../../suggest.ts";
import { writeKey, writeValue } from "../../../../toml/stringify.ts";
import { at, isTable } from "../../../../toml/value.ts";
import { placeOf } from "../config_tree.ts";
import { CRI_IMAGES } from "../plugin_names.ts";
import { snapshotterFault } from "../snapshotters.ts";
import { keysOf, type Rule } from "./look.ts";

/** What the shim of runc takes. */
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

/** What 1.x also took of runtimes; 2.0 took it away, which has a rule of its own. */
const OLD = ["runtime_engine", "runtime_root", "CriuPath"];

/** What describes one runtime, whatever the version. */
const KEYS = [
  "runtime_type",
  "runtime_path",
  "pod_annotations",
  "container_annotations",
  "privileged_without_host_devices",
  "privileged_without_host_devices_all_devices_allowed",
  "base_runtime_spec",
  "cni_conf_dir",
  "cni_max_conf_num",
  "snapshotter",
  "sandbox_mode",
  "sandboxer",
  "io_type",
  "cgroup_writable",
  "options",
  ...OLD,
];

/** Shims whose names resemble that of runc. */
const SHIMS =
  /^io\.containerd\.(runc\.v[12]|runsc\.v1|crun\.v\d|runhcs\.v1|runtime\.v1\.linux|kata(-\w+)*\.v2)$/;

/** Shims that take only a configuration of their own. */
const OF_THEIR_OWN = /^io\.containerd\.(runsc|kata(-\w+)*)\.v\d$/;
const OWN_OPTIONS = ["TypeUrl", "ConfigPath", "ConfigBody"];

// A RuntimeClass calls a runtime by its name, and Kubernetes takes no blanks and the like there.
const names: Rule = (tree, file) =>
  keysOf(tree, ...placeOf("runtimes", file))
    .filter((name) => !/^[A-Za-z\d]([\w.-]*[A-Za-z\d])?$/.test(name))
    .map(
      (name) =>
        `runtimes: ${writeValue(name)} is not the name of a runtime: it consists of letters, digits and hyphens, as RuntimeClass writes its handler`,
    );

// Each runtime has a shim, by a name or a path that containerd can find.
const shims: Rule = (tree, file) => {
  const place = placeOf("runtimes", file);
  return keysOf(tree, ...place).flatMap((name) => {
    const where = `runtimes.${writeKey(name)}`;
    const table = at(tree, ...place, name);
    if (!isTable(table)) return [`${where} takes a table`];
    const type = table["runtime_type"];
    if (type === undefined || type === "")
      return [
        `${where} has no runtime_type: write runtime_type: io.containerd.runc.v2, or that of its shim`,
      ];
    const text = String(type);
    if (text.startsWith("/") || SHIMS.test(text)) return [];
    if (!/^[\w-]+(\.[\w-]+)+$/.test(text))
      return [
        `${where}.runtime_type ${writeValue(text)} is not the name of a shim: write it as io.containerd.${text.replace(/\W/g, "") || "runc"}.v2, or as an absolute path`,
      ];
    return editDistance(text, "io.containerd.runc.v2") <= 2
      ? [
          `${where}.runtime_type ${writeValue(text)} is not known: did you mean "io.containerd.runc.v2"?`,
        ]
      : [];
  });
};

// Keys in a runtime's table that have no meaning there.
const keys: Rule = (tree, file) => {
  const place = placeOf("runtimes", file);
  return keysOf(tree, ...place).flatMap((name) =>
    keysOf(tree, ...place, name)
      .filter((key) => !KEYS.includes(key))
      .map((key) => {
        const hint = RUNC_OPTIONS.includes(key)
          ? `it belongs below runtimes.${writeKey(name)}.options`
          : (didYouMean(key, KEYS) ??
            `it takes ${KEYS.filter((one) => !OLD.includes(one)).join(", ")}`);
        return `runtimes.${writeKey(name)} has no ${key}: ${hint}`;
      }),
  );
};

// For containerd options are an arbitrary table: a misspelled one does nothing,
// without any message.
const options: Rule = (tree, file) => {
  const place = placeOf("runtimes", file);
  return keysOf(tree, ...place).flatMap((name) => {
    const type = String(at(tree, ...place, name, "runtime_type") ?? "");
    const takes = optionsOf(type);
    return keysOf(tree, ...place, name, "options")
      .filter((key) => takes !== undefined && !takes.includes(key) && !OLD.includes(key))
      .map(
        (key) =>
          `runtimes.${writeKey(name)}.options has no ${key}: ${optionHint(key, type, takes!)}`,
      );
  });
};

function optionsOf(type: string): readonly string[] | undefined {
  if (type === "io.containerd.runc.v2") return RUNC_OPTIONS;
  return OF_THEIR_OWN.test(type) ? OWN_OPTIONS : undefined;
}

function optionHint(key: string, type: string, takes: readonly string[]): string {
  const others = takes === RUNC_OPTIONS ? OWN_OPTIONS : RUNC_OPTIONS;
  if (others.includes(key)) return `${type} takes ${takes.join(", ")}`;
  return didYouMean(key, takes) ?? `it takes ${takes.join(", ")}`;
}

// The types of runc's options: a text where a boolean is meant does not count.
const optionTypes: Rule = (tree, file) => {
  const place = placeOf("runtimes", file);
  return keysOf(tree, ...place).flatMap((name) =>
    ["SystemdCgroup", "NoPivotRoot", "NoNewKeyring"].flatMap((key) => {
      const value = at(tree, ...place, name, "options", key);
      return value === undefined || typeof value === "boolean"
        ? []
        : [
            `runtimes.${writeKey(name)}.options.${key} takes true or false (without quotes), but is ${writeValue(value)}`,
          ];
    }),
  );
};

// The runtime of pods that name none.
const byDefault: Rule = (tree, file) => {
  const place = placeOf("runtimes", file);
  const names = keysOf(tree, ...place);
  const name = at(tree, ...place.slice(0, -1), "default_runtime_name");
  if (typeof name !== "string" || names.includes(name)) return [];
  return name === ""
    ? ["default_runtime_name is empty: name one of the runtimes, or leave it out"]
    : [
        `default_runtime_name is ${writeValue(name)}, and no such runtime is described: ${didYouMean(name, names) ?? `there are ${names.join(", ")}`}`,
      ];
};

// Devices for privileged containers: the one needs the other, or the plugin for
// Kubernetes does not load.
const devices: Rule = (tree, file) => {
  const place = placeOf("runtimes", file);
  return keysOf(tree, ...place)
    .filter(
      (name) =>
        at(tree, ...place, name, "privileged_without_host_devices_all_devices_allowed") === true &&
        at(tree, ...place, name, "privileged_without_host_devices") !== true,
    )
    .map(
      (name) =>
        `runtimes.${writeKey(name)}.privileged_without_host_devices_all_devices_allowed needs privileged_without_host_devices: true`,
    );
};

// Snapshotters of single runtimes.
const snapshotters: Rule = (tree, file, containerd) => {
  const place = placeOf("runtimes", file);
  const platforms = ["plugins", CRI_IMAGES, "runtime_platforms"];
  const named = [
    ...keysOf(tree, ...place).map((name) => ({
      where: `runtimes.${writeKey(name)}.snapshotter`,
      value: at(tree, ...place, name, "snapshotter"),
    })),
    ...keysOf(tree, ...platforms).map((name) => ({
      where: `runtime_platforms.${writeKey(name)}.snapshotter`,
      value: at(tree, ...platforms, name, "snapshotter"),
    })),
  ];
  const nobody = keysOf(tree, ...platforms)
    .filter((name) => !keysOf(tree, ...place).includes(name))
    .map(
      (name) =>
        `runtime_platforms.${writeKey(name)}: there is no runtime of that name: describe it under runtimes`,
    );
  const faults = named.flatMap(({ where, value }) => {
    const fault =
      typeof value === "string" && value !== ""
        ? snapshotterFault(value, containerd, tree)
        : undefined;
    return fault === undefined ? [] : [`${where}: ${fault.what}: ${fault.hint}`];
  });
  return [...nobody, ...faults];
};

/** What may be wrong with runtimes. */
export const RUNTIME_RULES: readonly Rule[] = [
  names,
  shims,
  keys,
  options,
  optionTypes,
  byDefault,
  devices,
  snapshotters,
];
