import { Fault } from "./fault.ts";
import { asInt, isInt } from "./number.ts";
import { toText } from "./text.ts";
import { isDict, typeName, type Dict } from "./value.ts";

// An argument that must be a string.
export function wantText(value: unknown, what = "a string"): string {
  if (typeof value === "string") return value;
  throw new Fault(`expected ${what}, not ${typeName(value)}`);
}

// An argument that must be an int, as a JavaScript number.
export function wantInt(value: unknown, what = "an integer"): number {
  if (isInt(value)) return Number(asInt(value));
  throw new Fault(`expected ${what}, not ${typeName(value)}`);
}

// An argument that must be a list (a tuple is one).
export function wantList(value: unknown, what = "a list"): unknown[] {
  if (Array.isArray(value)) return value;
  throw new Fault(`expected ${what}, not ${typeName(value)}`);
}

// An argument that must be a dict.
export function wantDict(value: unknown, what = "a dict"): Dict {
  if (isDict(value)) return value;
  throw new Fault(`expected ${what}, not ${typeName(value)}`);
}

// Any value as the text that printing would give; None is "None".
export function text(value: unknown): string {
  return toText(value);
}
