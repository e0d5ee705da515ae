import { InputError, type Place } from "../../errors.ts";
import { scalarPart } from "../keywords/arguments.ts";
import { wrapScalar } from "../../yaml/data.ts";
import { kindName, mapGet, type MapEntry, type MapNode } from "../../yaml/node.ts";

// Rewrites the old ways to name a module, `action: copy src=a dest=b` or `action: {module: copy,
// ...}`, to the usual one; local_action also says where.
export function modernAction(map: MapNode): MapNode {
  const [old, second] = map.entries.filter(
    ({ key }) => key.value === "action" || key.value === "local_action",
  );
  if (!old) return map;
  if (second)
    throw new InputError(
      '"action" and "local_action" both name a module',
      second.key.place,
      "remove one of them",
    );
  const entries = map.entries.map((entry) => (entry === old ? entryOf(old) : entry));
  return {
    ...map,
    entries:
      old.key.value === "action"
        ? entries
        : [...entries.filter(({ key }) => key.value !== "delegate_to"), delegation(old.key.place)],
  };
}

// The keyword that has a task done on this machine.
function delegation(place: Place): MapEntry {
  return { key: wrapScalar("delegate_to", place), value: wrapScalar("localhost", place) };
}

// The module's name as a key, with what is left as its value.
function entryOf({ key, value }: MapEntry): MapEntry {
  if (value.kind === "map") {
    const name = mapGet(value, "module");
    if (name?.kind !== "scalar")
      throw new InputError(
        `this ${String(key.value)} does not say which "module"`,
        value.place,
        "write the module's name as the key of the task",
      );
    return {
      key: name,
      value: { ...value, entries: value.entries.filter(({ key }) => key.value !== "module") },
    };
  }
  const match = value.kind === "scalar" ? /^\s*(\S+)\s*([\s\S]*)$/.exec(String(value.value)) : null;
  if (value.kind !== "scalar" || !match)
    throw new InputError(
      `${String(key.value)} names a module with its parameters, but here it is ${kindName(value)}`,
      value.place,
      "write the module's name as the key of the task",
    );
  const [, name = "", rest = ""] = match;
  const start = String(value.value).length - rest.length;
  return {
    key: wrapScalar(name, value.place),
    value: rest === "" ? wrapScalar(null, value.place) : scalarPart(value, rest, start),
  };
}
