import { InputError, TaskFailure } from "../../../errors.ts";
import type { YamlNode } from "../../../yaml/node.ts";
import { coerceArgument, coerceArguments } from "../../contract/coerce.ts";
import type { Controller } from "../../contract/module.ts";
import { isTable, merge, newTable, put, toToml, type TomlTable } from "../../../toml/value.ts";
import { knownSnapshotter } from "../../shared/containerd/snapshotters.ts";
import { fullRelease, RELEASE_LINES } from "../../shared/containerd/releases.ts";
import { configVersion, readVersion } from "../../shared/containerd/version.ts";
import { containerd_config } from "../containerd_config.ts";
import { placeOfFault } from "./places.ts";
import { containerd_registries } from "../containerd_registries.ts";
import { attempt } from "../../../instead-of.ts";

/** Values of variables, each valid by itself; a missing name is not known yet. */
export interface CheckedValues {
  readonly values: ReadonlyMap<string, unknown>;
  /** Those that the user has set, with their places. */
  readonly set: ReadonlyMap<string, YamlNode>;
}

/**
 * Refuses values that make no sense together. Throws InputError at the variable
 * that has to be changed.
 */
export function checkTogether(checked: CheckedValues, controller: Controller): void {
  checkRelease(checked, "containerd_url", "containerd_version");
  checkRelease(checked, "runc_url", "runc_version");
  blame(checked, "containerd_version", () => {
    const version = checked.values.get("containerd_version");
    if (version === undefined) return;
    configVersion(readVersion(String(version)));
    if (fullRelease(String(version)) === undefined)
      throw new TaskFailure(
        `no release of containerd ${String(version)} is known here`,
        `write all three numbers, or a line that is known: ${RELEASE_LINES.map(({ line }) => line).join(", ")}`,
      );
  });
  blame(checked, "containerd_snapshotter", () => checkSnapshotter(checked));
  blame(checked, "containerd_config_extra", () => checkDirectories(checked));
  blameConfig(checked, () => checkConfig(checked, controller));
  blame(checked, "containerd_registries", () => checkRegistries(checked, controller));
}

// A literal URL names one release, whatever the version says: changing only the
// version would have no effect.
function checkRelease({ values, set }: CheckedValues, url: string, version: string): void {
  const node = set.get(url);
  const [source, wanted] = [values.get(url), values.get(version)];
  if (node === undefined || typeof source !== "string" || wanted === undefined) return;
  const named = releaseIn(source);
  if (named === undefined || named === String(wanted)) return;
  // a version line leaves the release to the URL
  if (named.startsWith(`${String(wanted)}.`)) return;
  throw new InputError(
    `${url} names release ${named}, but ${version} is ${String(wanted)}`,
    node.place,
    set.has(version)
      ? `set both to the same release, or write {{ ${version} }} in ${url}`
      : `set ${version}: "${named}" as well, or write {{ ${version} }} in ${url}`,
  );
}

// The release that the path of a URL names last: .../v2.1.4/containerd-2.1.4-linux-amd64.tar.gz
function releaseIn(source: string): string | undefined {
  const path = source.replace(/^\w+:\/\/[^/]*/, "");
  return [...path.matchAll(/(?<![\d.])(\d+\.\d+\.\d+(-(?:alpha|beta|rc)\.?\d+)?)(?![\d])/g)].at(
    -1,
  )?.[1];
}

function checkSnapshotter({ values }: CheckedValues): void {
  const [name, version] = [values.get("containerd_snapshotter"), values.get("containerd_version")];
  if (name === undefined || version === undefined) return;
  const tree = merge(newTable(), treeOf(values.get("containerd_config_extra")));
  const { proxy_plugins, imports } = settingsOf(values);
  for (const proxy of (proxy_plugins ?? []) as { name: string }[])
    put(tree, ["proxy_plugins", String(field(proxy, "name"))], newTable());
  if (Array.isArray(imports)) put(tree, ["imports"], imports.map(String));
  knownSnapshotter(String(name), readVersion(String(version)), tree);
}

// A value that is not a tree is reported where the whole config is built.
function treeOf(extra: unknown): TomlTable {
  const tree = attempt(() => toToml(extra ?? {}, "containerd_config_extra"));
  return isTable(tree) ? tree : newTable();
}

function settingsOf(values: CheckedValues["values"]): { [name: string]: unknown } {
  const said = values.get("containerd_settings");
  if (said instanceof Map) return Object.fromEntries(said as Map<string, unknown>);
  return (said ?? {}) as { [name: string]: unknown };
}

function field(value: unknown, name: string): unknown {
  return value instanceof Map ? value.get(name) : (value as { [key: string]: unknown })[name];
}

// Where data and running state are is not for the config alone: preflight, readiness and
// uninstalling go by the variables.
function checkDirectories({ values }: CheckedValues): void {
  const tree = treeOf(values.get("containerd_config_extra"));
  for (const key of ["root", "state"]) {
    const [said, own] = [tree[key], values.get(`containerd_${key}`)];
    if (typeof said !== "string" || own === undefined || said === own) continue;
    throw new TaskFailure(
      `${key} is ${said} here, and ${String(own)} by containerd_${key}`,
      `set it by its own variable: containerd_${key}: ${said}`,
    );
  }
}

// Builds the config as the role will: what `extra` says wrongly, or against
// another variable, is found here.
function checkConfig({ values }: CheckedValues, controller: Controller): void {
  const of = (name: string): unknown => values.get(`containerd_${name}`);
  const settings = Object.entries({
    ...settingsOf(values),
    version: of("version"),
    root: of("root"),
    state: of("state"),
    snapshotter: of("snapshotter"),
    platform: of("snapshotter") === "overlayfs" ? undefined : "linux/amd64",
    sandbox_image: of("sandbox_image") || undefined,
    systemd_cgroup: of("systemd_cgroup"),
    opt_path: of("opt_path"),
    extra: of("config_extra"),
  }).filter(([, value]) => value !== undefined);
  if (of("version") === undefined || of("config_extra") === undefined) return;
  const { schema, name, observe } = containerd_config;
  observe(coerceArguments(schema, name, new Map(settings)) as never, controller);
}

function checkRegistries({ values }: CheckedValues, controller: Controller): void {
  const { schema, observe } = containerd_registries;
  const registries = values.get("containerd_registries");
  if (registries === undefined) return;
  observe(
    {
      registries: coerceArgument(
        schema.arguments["registries"]!,
        "containerd_registries",
        registries,
      ) as [],
      version: String(values.get("containerd_version") ?? ""),
      config_path: "/etc/containerd/certs.d",
      prune: true,
    },
    controller,
  );
}

/** Variables whose values become parts of the config. */
const OF_CONFIG = [
  "containerd_config_extra",
  "containerd_settings",
  "containerd_root",
  "containerd_state",
  "containerd_opt_path",
  "containerd_sandbox_image",
  "containerd_systemd_cgroup",
  "containerd_snapshotter",
];

// Tells what is wrong with the config at the place where the user has said it.
function blameConfig({ set }: CheckedValues, check: () => void): void {
  try {
    check();
  } catch (error) {
    if (!(error instanceof TaskFailure || error instanceof InputError)) throw error;
    const mine = OF_CONFIG.flatMap((name) => {
      const node = set.get(name);
      return node === undefined ? [] : [{ name, node }];
    });
    const found = placeOfFault(error.message, mine);
    if (found === undefined) throw error;
    throw new InputError(`${found.name}: ${error.message}`, found.place, error.hint);
  }
}

// Tells what a check finds as a mistake in a variable, if the user has set it.
function blame({ set }: CheckedValues, name: string, check: () => void): void {
  try {
    check();
  } catch (error) {
    const place = set.get(name)?.place;
    if (!(error instanceof TaskFailure) || place === undefined) throw error;
    throw new InputError(`${name}: ${error.message}`, place, error.hint);
  }
}
