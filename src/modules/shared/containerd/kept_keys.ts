import { equalToml } from "../../../toml/compare.ts";
import { parseToml } from "../../../toml/parse.ts";
import { writeKey } from "../../../toml/stringify.ts";
import {
  at,
  isTable,
  leafValues,
  newTable,
  put,
  type Toml,
  type TomlTable,
} from "../../../toml/value.ts";
import { CRI, CRI_IMAGES, CRI_RUNTIME } from "./plugin_names.ts";
import { allDefaults } from "./known_keys.ts";
import { OUR_TITLE } from "../../../probes/containerd/registries.ts";
import { attempt } from "../../../instead-of.ts";

/** What is kept of a foreign file when it is taken over. */
export interface Kept {
  /** The keys, at the places where the new file has them. */
  paths: string[][];
  tree: TomlTable;
  /** What people must know of it. */
  notes: string[];
}

/** Said above our file of the keys that are not ours: an array of paths. */
const KEPT = "# Kept from the file that was here before: ";

/** Keys that are decided again, with their meaning: registries become hosts.toml. */
const DECIDED = ["version", "root", "state", "disabled_plugins", "required_plugins"];

/**
 * Keys of the CRI plugin that 2.x has in its plugin for images; all others are
 * those of the runtime.
 */
const OF_IMAGES = [
  "max_concurrent_downloads",
  "image_pull_progress_timeout",
  "image_pull_with_sync_fs",
  "stats_collect_period",
  "image_decryption",
];

// The line that says which keys are kept.
export function keptLine({ paths }: Kept): string[] {
  return paths.length === 0 ? [] : [`${KEPT}${JSON.stringify(paths)}`];
}

// Finds what is kept: of our own file what its line lists, of a foreign file what differs
// from containerd's defaults.
export function keptKeys(
  text: string | undefined,
  wanted: TomlTable,
  faultsOf: (tree: TomlTable) => readonly string[],
): Kept {
  const none: Kept = { paths: [], tree: newTable(), notes: [] };
  const old = text === undefined ? undefined : parsed(text);
  if (text === undefined || old === undefined) return none;
  if (text.startsWith(`# ${OUR_TITLE}`)) {
    const paths = ownPaths(text).filter((path) => isFree(wanted, path));
    return {
      ...none,
      paths,
      tree: taken(
        old,
        paths.map((path) => ({ from: path, to: path })),
      ),
    };
  }
  const version = at(old, "version");
  if (version === undefined || version === 1)
    return isTable(old["plugins"])
      ? {
          ...none,
          notes: [
            "the present file has no `version` line, so containerd has read it as version 1, and ignored the settings of its plugins",
          ],
        }
      : none;
  const isNew = at(wanted, "version") === 3;
  const found = leafValues(old)
    .filter(({ path }) => !DECIDED.includes(path[0]!) && !path.includes("registry"))
    .filter(({ path, value }) => !allDefaults().some((table) => same(at(table, ...path), value)))
    .flatMap(({ path }) => {
      const to = moved(path, isNew);
      return to === undefined || !isFree(wanted, to) ? [] : [{ from: path, to }];
    });
  const { sound, dropped } = soundOnes(old, found, faultsOf);
  return {
    paths: sound.map(({ to }) => to),
    tree: taken(old, sound),
    notes: dropped.map(
      ({ from, why }) => `${shownPath(from)} of the present file is not kept: ${why}`,
    ),
  };
}

interface Move {
  from: string[];
  to: string[];
}

// Leaves out what makes the file unsound, one key after another: keys of one
// table may need each other.
function soundOnes(
  old: TomlTable,
  moves: readonly Move[],
  faultsOf: (tree: TomlTable) => readonly string[],
): { sound: Move[]; dropped: { from: string[]; why: string }[] } {
  const anyway = faultsOf(newTable());
  const found = (tree: TomlTable): string[] =>
    faultsOf(tree).filter((fault) => !anyway.includes(fault));
  let sound = [...moves];
  const dropped: { from: string[]; why: string }[] = [];
  for (let faults = found(taken(old, sound)); faults.length > 0 && sound.length > 0;) {
    const least = sound
      .map((one) => ({
        one,
        left: found(
          taken(
            old,
            sound.filter((other) => other !== one),
          ),
        ),
      }))
      .sort((a, b) => a.left.length - b.left.length)[0]!;
    dropped.push({
      from: least.one.from,
      why: faults.find((one) => !least.left.includes(one)) ?? faults[0]!,
    });
    sound = sound.filter((one) => one !== least.one);
    faults = least.left;
  }
  return { sound, dropped };
}

function parsed(text: string): TomlTable | undefined {
  return attempt(() => parseToml(text));
}

function ownPaths(text: string): string[][] {
  const line = text.split("\n", 3).find((one) => one.startsWith(KEPT));
  if (line === undefined) return [];
  return attempt(() => JSON.parse(line.slice(KEPT.length)) as string[][]) ?? [];
}

// Whether nothing of ours is at a path, above it or below it.
function isFree(wanted: TomlTable, path: readonly string[]): boolean {
  return path.every((_key, i) => {
    const value = at(wanted, ...path.slice(0, i + 1));
    return value === undefined || (isTable(value) && i < path.length - 1);
  });
}

// Where 2.x has a key of 1.x; undefined: nowhere.
function moved(path: string[], isNew: boolean): string[] | undefined {
  const [first, plugin, ...rest] = path;
  if (first !== "plugins") return path;
  if (!isNew) return plugin === CRI_IMAGES || plugin === CRI_RUNTIME ? undefined : path;
  if (plugin !== CRI) return path;
  if (rest[0] === "sandbox_image") return [first, CRI_IMAGES, "pinned_images", "sandbox"];
  if (rest[0] === "containerd" && rest[1] === "snapshotter")
    return [first, CRI_IMAGES, "snapshotter"];
  return [first, OF_IMAGES.includes(rest[0] ?? "") ? CRI_IMAGES : CRI_RUNTIME, ...rest];
}

// The values of keys, at their new places.
function taken(old: TomlTable, keys: readonly { from: string[]; to: string[] }[]): TomlTable {
  const tree = newTable();
  for (const { from, to } of keys) put(tree, to, at(old, ...from));
  return tree;
}

function same(one: Toml | undefined, other: Toml): boolean {
  return one !== undefined && equalToml(one, other);
}

// How a path is shown.
export function shownPath(path: readonly string[]): string {
  return path.map(writeKey).join(".");
}
