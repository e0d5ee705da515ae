import { InputError, type Place } from "../errors.ts";
import { isTable, type TomlTable } from "../toml/value.ts";
import { parseToml, TomlError } from "../toml/parse.ts";
import { nodeAt, wrapScalar } from "../yaml/data.ts";
import type { MapEntry, MapNode } from "../yaml/node.ts";
import type { Inventory } from "./model.ts";
import { readGroups } from "./read-yaml.ts";

// Reads an inventory in TOML: a table for each group, in it the tables hosts and
// vars, and the list children.
export function readTomlInventory(inventory: Inventory, text: string, file: string): void {
  const place = { file, line: 1, column: 1, text };
  try {
    readGroups(inventory, groupsOf(parseToml(text), place));
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    throw new InputError(`this TOML cannot be read: ${error.message}`, place);
  }
}

// The groups as YAML would have them: children are keys there.
function groupsOf(root: TomlTable, place: Place): MapNode {
  const entries = Object.entries(root).map(([name, body]): MapEntry => {
    if (!isTable(body))
      throw new InputError(`the group "${name}" must be a table`, place, `write [${name}.hosts]`);
    const { children, ...rest } = body;
    const value = nodeAt(rest, place) as MapNode;
    if (children !== undefined) {
      const names = Array.isArray(children) ? children : Object.keys(children as TomlTable);
      const keys = names.map((child): MapEntry => ({
        key: wrapScalar(String(child as string), place),
        value: wrapScalar(null, place),
      }));
      const own: MapNode = { kind: "map", entries: keys, place };
      value.entries.push({ key: wrapScalar("children", place), value: own });
    }
    return { key: wrapScalar(name, place), value };
  });
  return { kind: "map", entries, place };
}
