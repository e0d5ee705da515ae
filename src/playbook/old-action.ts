import { InputError } from "../errors.ts";
import { scalarPart } from "./arguments.ts";
import { wrapScalar } from "../yaml/data.ts";
import { kindName, mapGet, type MapEntry, type MapNode } from "../yaml/node.ts";

// Rewrites the old way to name a module, `action: copy src=a dest=b` or `action: {module: copy, ...}`, to the usual one.
export function modernAction(map: MapNode): MapNode {
  const at = map.entries.findIndex(({ key }) => key.value === "action");
  if (at < 0) return map;
  return { ...map, entries: map.entries.toSpliced(at, 1, entryOf(map.entries[at]!)) };
}

// The module's name as a key, with what is left as its value.
function entryOf({ value }: MapEntry): MapEntry {
  if (value.kind === "map") {
    const name = mapGet(value, "module");
    if (name?.kind !== "scalar") throw new InputError('this action does not say which "module"', value.place, "write the module's name as the key of the task");
    return { key: name, value: { ...value, entries: value.entries.filter(({ key }) => key.value !== "module") } };
  }
  const match = value.kind === "scalar" ? /^\s*(\S+)\s*([\s\S]*)$/.exec(String(value.value)) : null;
  if (value.kind !== "scalar" || !match) throw new InputError(`action names a module with its parameters, but here it is ${kindName(value)}`, value.place, "write the module's name as the key of the task");
  const [, name = "", rest = ""] = match;
  const start = String(value.value).length - rest.length;
  return { key: wrapScalar(name, value.place), value: rest === "" ? wrapScalar(null, value.place) : scalarPart(value, rest, start) };
}
