import { join } from "node:path";
import { InputError, UnsupportedError, type Place } from "../../../errors.ts";
import { didYouMean } from "../../../suggest.ts";
import { nodeAt, wrapScalar } from "../../../yaml/data.ts";
import { loadYaml } from "../../../yaml/load.ts";
import { kindName, mapGet, type MapNode, type YamlNode } from "../../../yaml/node.ts";
import { checkCollections } from "../../keywords/collections.ts";
import type { Loading } from "../loading.ts";

/** A role's directory, who named it, and which of its files are used. */
export interface RoleFiles {
  name: string;
  path: string;
  place: Place;
  /** `tasks` -> the file that tasks_from names. */
  files: { readonly [part: string]: string };
  /** Ansible reads it only where a host reaches the include. */
  isIncluded: boolean;
}

/** The keys that are allowed in a role's meta/main.yml. */
const META_KEYS = [
  "dependencies",
  "allow_duplicates",
  "galaxy_info",
  "argument_specs",
  "collections",
];

// One part of a role: the file that was asked for, or main; undefined: it has none.
export function readPart(role: RoleFiles, part: string, loading: Loading): YamlNode | undefined {
  const path = pathOfPart(role, part, loading);
  return path === undefined
    ? undefined
    : loadYaml(loading.files.read(path, role.place), path, loading.warn);
}

// The path of a part.
function pathOfPart(role: RoleFiles, part: string, { files }: Loading): string | undefined {
  const name = role.files[part] ?? "main";
  const endings =
    part in role.files ? ["", ".yml", ".yaml", ".json"] : [".yml", ".yaml", ".json", ""];
  const path = endings
    .map((ending) => files.find(join(role.path, part, `${name}${ending}`), "tasks", []))
    .find((found) => found !== undefined);
  if (path === undefined && part in role.files)
    throw new (role.isIncluded ? UnsupportedError : InputError)(
      `the role "${role.name}" has no ${part}/${/\.(ya?ml|json)$/.test(name) ? name : `${name}.yml`}`,
      role.place,
      `looked in ${join(role.path, part)}`,
    );
  return path;
}

// A role's variables: of one file, or of all files of a directory in the order of their
// names, of which the later win.
export function readVars(
  role: RoleFiles,
  part: "vars" | "defaults",
  loading: Loading,
): ReadonlyMap<string, YamlNode> {
  const { files, warn } = loading;
  const path = pathOfPart(role, part, loading);
  const read = (path === undefined ? [] : (files.list?.(path) ?? [path])).map((file) =>
    loadYaml(files.read(file, role.place), file, warn),
  );
  return new Map(read.flatMap(namedVars));
}

// The variables of a file of a role.
function namedVars(node: YamlNode | undefined): (readonly [name: string, value: YamlNode])[] {
  if (!node || (node.kind === "scalar" && node.value === null)) return [];
  if (node.kind === "map")
    return node.entries.map(({ key, value }) => [String(key.value), value] as const);
  throw new InputError(
    `a role's variables are a mapping, but this is ${kindName(node)}`,
    node.place,
  );
}

// What a role says of itself. Throws InputError for what meta/main.yml does not have.
export function readMeta(role: RoleFiles, loading: Loading): MapNode | undefined {
  const meta = readPart({ ...role, files: {} }, "meta", loading);
  if (!meta || (meta.kind === "scalar" && meta.value === null)) return undefined;
  if (meta.kind !== "map")
    throw new InputError(`a role's meta is a mapping, but this is ${kindName(meta)}`, meta.place);
  for (const { key } of meta.entries) {
    if (!META_KEYS.includes(String(key.value)))
      throw new InputError(
        `a role's meta has no "${String(key.value)}"`,
        key.place,
        didYouMean(String(key.value), META_KEYS) ?? `it takes ${META_KEYS.join(", ")}`,
      );
  }
  checkCollections(mapGet(meta, "collections"));
  return meta;
}

// The task that checks a role's variables before all others, where the role has a
// specification for this entry.
export function validation(
  role: RoleFiles,
  meta: MapNode | undefined,
  params: ReadonlyMap<string, YamlNode>,
  loading: Loading,
): MapNode | undefined {
  const entry = role.files["tasks"] ?? "main";
  const all = specsOf(role, meta, loading);
  const spec = all?.kind === "map" ? mapGet(all, entry) : undefined;
  if (spec?.kind !== "map" || spec.entries.length === 0) return undefined;
  const about = mapGet(spec, "short_description");
  const name = `Validating arguments against arg spec '${entry}'${about?.kind === "scalar" ? ` - ${String(about.value)}` : ""}`;
  const { place } = spec;
  const map = (entries: readonly (readonly [string, YamlNode])[]): MapNode => ({
    kind: "map",
    place,
    entries: entries.map(([key, value]) => ({ key: wrapScalar(key, place), value })),
  });
  const context = nodeAt(
    { type: "role", name: role.name, argument_spec_name: entry, path: role.path },
    place,
  );
  const args = map([
    ["argument_spec", mapGet(spec, "options") ?? map([])],
    ["provided_arguments", map([...params])],
    ["validate_args_context", context],
  ]);
  return map([
    ["name", wrapScalar(name, place)],
    ["ansible.builtin.validate_argument_spec", args],
    ["tags", nodeAt(["always"], place)],
  ]);
}

// The specifications by entry: a file of their own, or a part of the role's meta.
function specsOf(
  role: RoleFiles,
  meta: MapNode | undefined,
  loading: Loading,
): YamlNode | undefined {
  const own = ["yml", "yaml", "json"]
    .map((ending) =>
      loading.files.find(join(role.path, "meta", `argument_specs.${ending}`), "tasks", []),
    )
    .find((path) => path !== undefined);
  if (own === undefined) return meta && mapGet(meta, "argument_specs");
  const file = loadYaml(loading.files.read(own, role.place), own, loading.warn);
  return file?.kind === "map" ? mapGet(file, "argument_specs") : undefined;
}
