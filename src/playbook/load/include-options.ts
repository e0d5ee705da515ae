import { InputError, UnsupportedError } from "../../errors.ts";
import { whyMissing } from "../../modules/catalogue/foreign-parameters.ts";
import { didYouMean } from "../../suggest.ts";
import { readPair } from "../../jinja/formats/key-values.ts";
import { wrapScalar } from "../../yaml/data.ts";
import {
  kindName,
  mapGet,
  type MapEntry,
  type MapNode,
  type ScalarNode,
  type YamlNode,
} from "../../yaml/node.ts";
import { scalarPart, splitText } from "../keywords/arguments.ts";
import { keywordBool } from "../nodes.ts";
import type { Common } from "../play.ts";

/** What each takes besides its target. */
const TASKS_KEYS = ["file", "apply"];
const ROLE_KEYS = [
  "name",
  "role",
  "tasks_from",
  "vars_from",
  "defaults_from",
  "handlers_from",
  "public",
  "allow_duplicates",
  "apply",
  "rolespec_validate",
];
/** Keys that an import, which is but a block, does not have. */
const INCLUDE_ONLY = ["apply", "public"];
/** An include as written. */
export interface WrittenInclude {
  word: string;
  what: "tasks" | "role";
  target: ScalarNode;
  /** The files of a role that are named: `tasks` -> the value of tasks_from. */
  from: ReadonlyMap<string, ScalarNode>;
  /** The parameters besides the target. */
  options: MapNode;
  common: Common;
}

// The file or role that is named, as a string or under its key, and the options next to it.
export function writtenOf({ key, value }: MapEntry, common: Common): WrittenInclude {
  const word = String(key.value).replace(/^ansible\.(builtin|legacy)\./, "");
  const what = word.endsWith("_role") ? "role" : "tasks";
  const args = common.keywords.get("args");
  const extra = args?.kind === "map" ? args.entries : [];
  const pairs = pairsOf(value, what);
  if (!pairs && value.kind === "scalar" && typeof value.value === "string" && what === "tasks")
    return {
      word,
      what,
      common,
      target: value,
      from: new Map(),
      options: { kind: "map", entries: extra, place: value.place },
    };
  const own = pairs ?? value;
  if (own.kind !== "map")
    throw new InputError(
      `${word} takes ${what === "tasks" ? "a file" : "name: ROLE"}, but this is ${kindName(value)}`,
      value.place,
    );
  const options = { ...own, entries: [...own.entries, ...extra] };
  checkOptions(word, options, what === "tasks" ? TASKS_KEYS : ROLE_KEYS);
  const target =
    what === "tasks"
      ? mapGet(options, "file")
      : (mapGet(options, "name") ?? mapGet(options, "role"));
  if (target?.kind !== "scalar")
    throw new InputError(
      `"${word}" needs the parameter "${what === "tasks" ? "file" : "name"}"`,
      key.place,
    );
  return { word, what, target, from: fromOf(options), options, common };
}

// `name=ROLE tasks_from=FILE` as a mapping; undefined: the value is no text of pairs.
function pairsOf(value: YamlNode, what: "tasks" | "role"): MapNode | undefined {
  if (value.kind !== "scalar" || typeof value.value !== "string") return undefined;
  const words = splitText(value.value).map(({ word, start }) => ({ start, pair: readPair(word) }));
  const [first] = words;
  const known = what === "role" ? ROLE_KEYS : TASKS_KEYS;
  if (!first?.pair || !known.includes(first.pair.name)) return undefined;
  const entries = words.flatMap(({ start, pair }) => {
    if (!pair) return [];
    const behind = start + pair.name.length + 1;
    return [
      { key: wrapScalar(pair.name, value.at(start)), value: scalarPart(value, pair.value, behind) },
    ];
  });
  return { kind: "map", entries, place: value.place };
}

// The files of a role that an include names.
function fromOf(options: MapNode): ReadonlyMap<string, ScalarNode> {
  return new Map(
    ["tasks", "vars", "defaults", "handlers"].flatMap((part) => {
      const node = mapGet(options, `${part}_from`);
      if (node && node.kind !== "scalar")
        throw new InputError(
          `"${part}_from" names a file, but here it is ${kindName(node)}`,
          node.place,
        );
      return node ? [[part, node] as const] : [];
    }),
  );
}

// Refuses parameters that this include does not have.
function checkOptions(word: string, options: MapNode, keys: readonly string[]): void {
  const known = word.startsWith("import_")
    ? keys.filter((name) => !INCLUDE_ONLY.includes(name))
    : keys;
  for (const { key } of options.entries) {
    const name = String(key.value);
    const why = whyMissing(word, name);
    if (why !== undefined)
      throw new UnsupportedError(`"${word}" has no parameter "${name}"`, key.place, why);
    if (keys.includes(name) && !known.includes(name))
      throw new InputError(
        `"${word}" has no parameter "${name}"`,
        key.place,
        `an import passes on all of its keywords; or use ${word.replace("import", "include")}`,
      );
    if (!known.includes(name))
      throw new InputError(
        `"${word}" has no parameter "${name}"`,
        key.place,
        didYouMean(name, known),
      );
  }
}

// A parameter that is true or false; undefined: it is not given.
export function flagOf(options: MapNode, name: string): boolean | undefined {
  const node = mapGet(options, name);
  const value = keywordBool(node);
  if (node && value === undefined)
    throw new InputError(
      `"${name}" takes true or false, but here it is ${kindName(node)}`,
      node.place,
      "it is needed when the playbook is read, so it cannot contain a template",
    );
  return value;
}
