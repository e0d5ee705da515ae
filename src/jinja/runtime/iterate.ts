import { dictKeys } from "../core/dict.ts";
import { Fault } from "../core/fault.ts";
import { characters } from "../core/text.ts";
import { Undefined, isDict, soften, typeName } from "../core/value.ts";

// The items that a loop over a value sees: of a list, the keys of a dict, the
// characters of a string.
export function iterate(value: unknown): unknown[] {
  if (Array.isArray(value)) return value;
  if (typeof value === "string") return characters(value);
  if (isDict(value)) return dictKeys(value);
  if (value instanceof Undefined && soften(value) === "") return [];
  throw new Fault(`'${typeName(value)}' object is not iterable`);
}
