import { TaskFailure } from "../../../errors.ts";
import { didYouMean } from "../../../suggest.ts";
import { at, isTable, type TomlTable } from "../../../toml/value.ts";
import { atLeast, type Version } from "./version.ts";

/**
 * The snapshotters that containerd itself brings, with the versions that have them: from,
 * and up to but not including.
 */
const SNAPSHOTTERS: {
  readonly [name: string]: { from?: readonly [number, number]; until?: readonly [number, number] };
} = {
  overlayfs: {},
  native: {},
  btrfs: {},
  zfs: {},
  devmapper: {},
  aufs: { until: [2, 0] },
  blockfile: { from: [1, 7] },
  erofs: { from: [2, 1] },
};

// The names that others have for some of them.
const ALIASES: { readonly [name: string]: string } = {
  overlay: "overlayfs",
  overlay2: "overlayfs",
  vfs: "native",
};

/** The names of all snapshotters that containerd itself brings, in any version. */
export const BUILT_IN: readonly string[] = Object.keys(SNAPSHOTTERS);

// Says what is wrong with a snapshotter that this version has not, unless the config, or a file
// that it imports, describes it as a proxy plugin.
export function snapshotterFault(
  name: string,
  version: Version,
  tree: TomlTable,
): { what: string; hint: string } | undefined {
  const imports = at(tree, "imports");
  if (Array.isArray(imports) && imports.length > 0) return undefined; // it may be described there
  const proxies = at(tree, "proxy_plugins");
  const known = Object.entries(SNAPSHOTTERS)
    .filter(
      ([, { from, until }]) =>
        (from === undefined || atLeast(version, ...from)) &&
        (until === undefined || !atLeast(version, ...until)),
    )
    .map(([one]) => one);
  const described = isTable(proxies) ? Object.keys(proxies) : [];
  if ([...known, ...described].includes(name)) return undefined;
  const alias = ALIASES[name];
  const hint =
    alias === undefined ? didYouMean(name, [...known, ...described]) : `did you mean "${alias}"?`;
  const others = `containerd ${version.major}.${version.minor} has ${known.join(", ")}; any other has to be described under proxy_plugins in containerd_settings`;
  return {
    what: `there is no snapshotter "${name}"`,
    hint: hint === undefined ? others : `${hint} ${others}`,
  };
}

// Refuses a snapshotter that does not exist.
export function knownSnapshotter(name: string, version: Version, tree: TomlTable): void {
  const fault = snapshotterFault(name, version, tree);
  if (fault) throw new TaskFailure(fault.what, fault.hint);
}
