import { editDistance } from "../../../suggest.ts";
import { parseToml } from "../../../toml/parse.ts";
import { writeKey, writeValue } from "../../../toml/stringify.ts";
import { at, isTable, merge, newTable, type TomlTable } from "../../../toml/value.ts";
import { V1_4 } from "./config_defaults/v1_4.ts";
import { V1_6 } from "./config_defaults/v1_6.ts";
import { V1_7 } from "./config_defaults/v1_7.ts";
import { V2_1 } from "./config_defaults/v2_1.ts";
import { CRI, CRI_IMAGES, CRI_RUNTIME } from "./plugin_names.ts";
import { isSetting } from "./settings/faults.ts";
import { configVersion, type Version } from "./version.ts";

const DEFAULTS: { readonly [line: string]: string } = {
  ...{ "1.4": V1_4, "1.6": V1_6, "1.7": V1_7, "2.1": V2_1 },
};

/** Tables whose keys users choose. */
const FREE = [
  "runtimes",
  "options",
  "mirrors",
  "configs",
  "auths",
  "headers",
  "proxy_plugins",
  "stream_processors",
  "timeouts",
  "Timeouts",
];

/** Keys that containerd reads and does not print. */
const UNPRINTED = [
  "bin_dir",
  "imports",
  "temp",
  "version",
  "format",
  "runtimes",
  "runtime_platforms",
  "pinned_images",
  "registry",
  "mirrors",
  "configs",
  "auths",
  "headers",
  "pod_annotations",
  "container_annotations",
  "unpack_config",
  "tracing",
  "otlp",
  "privileged_without_host_devices",
  "options",
  "enable_tar_index",
  "env",
];

/** How many letters may be wrong for a key to count as a misspelled one. */
const WRONG_LETTERS = 2;

// What containerd has where a file says nothing; undefined: the version's
// defaults are not known here.
export function defaultsOf({ major, minor }: Version): TomlTable | undefined {
  const text = DEFAULTS[`${major}.${minor}`];
  return text === undefined ? undefined : parseToml(text);
}

// The defaults of all versions that are known here.
export function allDefaults(): TomlTable[] {
  return (parsedDefaults ??= Object.values(DEFAULTS).map((text) => parseToml(text)));
}

let parsedDefaults: TomlTable[] | undefined;

// Keys that this containerd does not know: 1.x would drop them without a word. Of lines of
// releases whose own table is not here, a key counts as unknown where it resembles one
// that their neighbours have.
export function unknownKeys(tree: TomlTable, version: Version): string[] {
  const own = defaultsOf(version);
  const known = own ?? neighbours(version);
  return [
    ...misplaced(tree, known),
    ...unknown(tree, { known, isOwn: own !== undefined, version }, []),
  ];
}

// What the known lines of the same generation have, together.
function neighbours({ major }: Version): TomlTable {
  return Object.keys(DEFAULTS)
    .filter((line) => Number(line.split(".")[0]) === major)
    .map((line) => parseToml(DEFAULTS[line]!))
    .reduce((all, one) => merge(all, one), newTable());
}

interface Known {
  known: TomlTable;
  /** Whether it is the table of this very line. */
  isOwn: boolean;
  version: Version;
}

function unknown(tree: TomlTable, about: Known, above: readonly string[]): string[] {
  return Object.entries(tree).flatMap(([key, value]): string[] => {
    const path = [...above, key];
    const place = path.map(writeKey).join(".");
    const there = about.known[key];
    if (there !== undefined) {
      if (FREE.includes(key)) return [];
      if (isTable(there) && !isTable(value))
        return [`${place} takes a table, but is ${writeValue(value)}`];
      return isTable(value) && isTable(there)
        ? unknown(value, { ...about, known: there }, path)
        : [];
    }
    if (UNPRINTED.includes(key) || isSetting(path, configVersion(about.version))) return [];
    const names = Object.keys(about.known);
    const meant = resembling(key, names);
    if (meant !== undefined)
      return [`${place} is not known: did you mean ${[...above, meant].map(writeKey).join(".")}?`];
    return about.isOwn && isContainerds(path) ? [notKnown(path, about)] : [];
  });
}

// A key above all tables, or one of a plugin that is part of containerd; other
// plugins have names of their own.
function isContainerds([first, name, ...rest]: readonly string[]): boolean {
  if (first !== "plugins") return name === undefined || rest.length === 0;
  return name !== undefined && /^io\.containerd\./.test(name);
}

function notKnown(path: readonly string[], { known, version }: Known): string {
  const line = `${version.major}.${version.minor}`;
  const place = path.map(writeKey).join(".");
  if (path.length === 2 && path[0] === "plugins")
    return `${place} is not a plugin of containerd ${line}`;
  const few = Object.keys(known).slice(0, 12).join(", ");
  return `${place} is not known to containerd ${line}, which would ignore it: there are ${few} ...`;
}

// The key that is meant; a short one may have one wrong letter.
function resembling(key: string, known: readonly string[]): string | undefined {
  const allowed = key.length < 8 ? 1 : WRONG_LETTERS;
  return known.find((one) => editDistance(key.toLowerCase(), one.toLowerCase()) <= allowed);
}

// A key of the CRI plugin that is above all tables, where containerd does not look for it.
function misplaced(tree: TomlTable, known: TomlTable): string[] {
  return Object.keys(tree)
    .filter((key) => known[key] === undefined && !UNPRINTED.includes(key))
    .flatMap((key) => {
      const home = [CRI, CRI_IMAGES, CRI_RUNTIME].find(
        (plugin) => at(known, "plugins", plugin, key) !== undefined,
      );
      return home === undefined
        ? []
        : [`${key} is not known above all tables: it belongs below plugins."${home}"`];
    });
}
