import { editDistance } from "../../../suggest.ts";
import { parseToml } from "../../../toml/parse.ts";
import { writeKey } from "../../../toml/stringify.ts";
import { at, isTable, type TomlTable } from "../../../toml/value.ts";
import { V1_4 } from "./config_defaults/v1_4.ts";
import { V1_6 } from "./config_defaults/v1_6.ts";
import { V1_7 } from "./config_defaults/v1_7.ts";
import { V2_1 } from "./config_defaults/v2_1.ts";
import { CRI, CRI_IMAGES, CRI_RUNTIME } from "./config_tree.ts";
import type { Version } from "./version.ts";

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

/** Keys that containerd reads and does not print, and that resemble others. */
const UNPRINTED = ["bin_dir", "imports", "temp", "version"];

/** How many letters may be wrong for a key to count as a misspelled one. */
const WRONG_LETTERS = 2;

// What containerd has where a file says nothing; undefined: the version's defaults are not known here.
export function defaultsOf({ major, minor }: Version): TomlTable | undefined {
  const text = DEFAULTS[`${major}.${minor}`];
  return text === undefined ? undefined : parseToml(text);
}

// The defaults of all versions that are known here.
export function allDefaults(): TomlTable[] {
  return (parsedDefaults ??= Object.values(DEFAULTS).map((text) => parseToml(text)));
}

let parsedDefaults: TomlTable[] | undefined;

// Keys that this containerd does not know and that resemble one that it knows, or stand in the wrong place. 1.x would drop them
// without a word. What resembles nothing may be a key that it does not print, or one of a plugin of others.
export function misspelledKeys(tree: TomlTable, version: Version): string[] {
  const known = defaultsOf(version);
  if (known === undefined) return [];
  return [...misplaced(tree, known), ...misspelled(tree, known, "")];
}

function misspelled(tree: TomlTable, known: TomlTable, prefix: string): string[] {
  return Object.entries(tree).flatMap(([key, value]): string[] => {
    const place = prefix + writeKey(key);
    const there = known[key];
    if (there !== undefined) {
      if (!isTable(value) || !isTable(there) || FREE.includes(key)) return [];
      return misspelled(value, there, `${place}.`);
    }
    const meant = UNPRINTED.includes(key) ? undefined : resembling(key, Object.keys(known));
    return meant === undefined
      ? []
      : [`${place} is not known: did you mean ${prefix}${writeKey(meant)}?`];
  });
}

// The key that is meant; a short one may have one wrong letter.
function resembling(key: string, known: readonly string[]): string | undefined {
  const allowed = key.length < 8 ? 1 : WRONG_LETTERS;
  return known.find((one) => editDistance(key.toLowerCase(), one.toLowerCase()) <= allowed);
}

// A key of the CRI plugin that stands above all tables, where containerd does not look for it.
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
