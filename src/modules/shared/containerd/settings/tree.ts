import { TaskFailure } from "../../../../errors.ts";
import { Float } from "../../../../jinja/core/value.ts";
import { newTable, put, toToml, type Toml, type TomlTable } from "../../../../toml/value.ts";
import { atLeast, configVersion, type Version } from "../version.ts";
import { pathOf, SETTINGS } from "./index.ts";
import type { Line, ConfigSetting } from "./setting.ts";

/** What the user has said, by the settings' names. */
export interface Said {
  readonly [name: string]: unknown;
}

// Lays what is said out as config.toml has it. Refuses what this version does not have.
export function settingsTree(said: Said, version: Version): TomlTable {
  const tree = newTable();
  layOut(tree, said, { settings: SETTINGS, above: [], name: "", version });
  return tree;
}

interface Level {
  settings: { readonly [name: string]: ConfigSetting };
  above: readonly string[];
  name: string;
  version: Version;
}

function layOut(tree: TomlTable, said: Said, level: Level): void {
  const { settings, above, version } = level;
  const file = configVersion(version);
  for (const [key, setting] of Object.entries(settings)) {
    const value = said[key];
    if (value === undefined || value === null) continue;
    const name = level.name + key;
    refuseMissing(name, setting, version);
    const path = pathOf(above, key, setting, file)!;
    const inside = { settings: setting.options ?? {}, version };
    if (setting.named) {
      const names = new Set<string>();
      for (const item of value as { [key: string]: unknown }[]) {
        const { name: own, ...rest } = item;
        const here = [...path.slice(0, -1), String(own)];
        if (names.has(String(own)))
          throw new TaskFailure(`${name} has ${String(own)} twice`, "describe it once");
        names.add(String(own));
        put(tree, here, newTable());
        layOut(tree, rest, { ...inside, above: here, name: `${name}.${String(own)}.` });
      }
    } else if (setting.options)
      layOut(tree, value as Said, { ...inside, above: path, name: `${name}.` });
    else putValue(tree, { name, path, setting, version }, value);
  }
}

// Puts one value in its place.
function putValue(
  tree: TomlTable,
  {
    name,
    path,
    setting,
    version,
  }: { name: string; path: readonly string[]; setting: ConfigSetting; version: Version },
  value: unknown,
): void {
  if (name === "cni.bin_dirs" && !atLeast(version, 2, 1)) {
    const [only, ...more] = value as string[];
    if (more.length > 0)
      throw new TaskFailure(
        `cni.bin_dirs has ${more.length + 1} directories, and containerd ${lineOf(version)} takes one`,
        "several are known from containerd 2.1 on",
      );
    put(tree, [...path.slice(0, -1), "bin_dir"], only);
  } else if (setting.type === "dict")
    for (const [key, item] of entriesOf(value))
      put(tree, [...path, key], read(item, `${name}.${key}`));
  else if (setting.type === "float") put(tree, path, new Float(Number(value)));
  else put(tree, path, read(value, name));
}

function entriesOf(value: unknown): [string, unknown][] {
  if (value instanceof Map)
    return [...(value as Map<unknown, unknown>)].map(([key, item]) => [String(key), item]);
  return Object.entries(value as object);
}

function read(value: unknown, name: string): Toml {
  try {
    return toToml(value, name);
  } catch (error) {
    throw error instanceof TypeError ? new TaskFailure(error.message) : error;
  }
}

// Refuses a setting of other versions.
function refuseMissing(name: string, setting: ConfigSetting, version: Version): void {
  const why = whyMissing(setting, version);
  if (why !== undefined)
    throw new TaskFailure(
      `${name} ${why}: containerd ${lineOf(version)} has no such setting`,
      "leave it out, or use another containerd",
    );
}

// Says since when a version has a setting, or has it no more; undefined: it has it.
export function whyMissing(
  { from, until }: { from?: Line | undefined; until?: Line | undefined },
  version: Version,
): string | undefined {
  if (from !== undefined && !atLeast(version, ...numbersOf(from)))
    return `is known from containerd ${from} on`;
  if (until !== undefined && atLeast(version, ...numbersOf(until)))
    return `is gone since containerd ${until}`;
  return undefined;
}

function numbersOf(line: Line): [number, number] {
  const [major, minor] = line.split(".").map(Number);
  return [major!, minor!];
}

function lineOf({ major, minor }: Version): string {
  return `${major}.${minor}`;
}
