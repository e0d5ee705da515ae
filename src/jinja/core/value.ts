import { UndefinedUseError, UndefinedError, type Place } from "../../errors.ts";
import { Unknown } from "../../value.ts";
import { MissingFault } from "./fault.ts";

/**
 * A float whose value is integral: it prints as 2.0 and stays a float. Other
 * floats are plain numbers.
 */
export class Float {
  readonly value: number;

  constructor(value: number) {
    this.value = value;
  }

  toJSON(): number {
    return this.value;
  }

  valueOf(): number {
    return this.value;
  }
}

/** Python's tuple: an array that prints with round brackets; its items may have names. */
export class Tuple extends Array<unknown> {
  declare names?: readonly string[];

  // What map, filter and slice make of a tuple is a plain array.
  static override get [Symbol.species](): ArrayConstructor {
    return Array;
  }
}

// Builds a tuple from its items (the constructor of Array would take one number for a length).
export function tuple(items: Iterable<unknown>, names?: readonly string[]): Tuple {
  const made = new Tuple();
  for (const item of items) made.push(item);
  if (names) Object.defineProperty(made, "names", { value: names });
  return made;
}

/** An undefined value. default() and `is defined` accept it; any other use is an error. */
export class Undefined {
  readonly message: string;
  readonly where: () => Place | undefined;
  readonly hint: () => string | undefined;
  /** What an `if` without else gives: it may be printed and looped over, as nothing. */
  readonly soft: boolean;
  /** The variable that is missing, where it is one. */
  variable?: string;
  /** The error of the variable's own template, in which something is undefined. */
  inside?: Error;

  constructor(
    message: string,
    where: () => Place | undefined = () => undefined,
    hint: () => string | undefined = () => undefined,
    soft = false,
  ) {
    this.soft = soft;
    this.message = message;
    this.where = where;
    this.hint = hint;
  }

  // The error that any use of the missing thing is.
  error(): Error {
    if (this.inside) return this.inside;
    const place = this.where();
    if (place && this.variable !== undefined)
      return new UndefinedError(this.variable, this.message, place, this.hint());
    return place
      ? new UndefinedUseError(this.message, place, this.hint())
      : new MissingFault(this.message, this.hint());
  }
}

// A value as most uses see it: what is softly undefined is an empty text, what
// is undefined is an error.
export function soften(value: unknown): unknown {
  if (!(value instanceof Undefined)) return value;
  if (value.soft) return "";
  throw value.error();
}

/** A dict whose values are worked out when they are asked for, such as hostvars. */
export abstract class LazyDict {
  abstract get(key: unknown): unknown;
  abstract keys(): Iterable<unknown>;
}

/** What `namespace()` makes: the one thing whose attributes `set` may change. */
export class Namespace {
  readonly fields: Map<string, unknown>;

  constructor(fields: Iterable<[string, unknown]>) {
    this.fields = new Map(fields);
  }
}

/**
 * An object of the template language with attributes of its own: `loop`, `self`, a
 * cycler, an imported template.
 */
export class Record {
  readonly typeName: string;
  /** The value of an attribute; JavaScript's undefined where there is none. */
  readonly attribute: (name: string) => unknown;
  readonly text: (() => unknown) | undefined;

  constructor(typeName: string, attribute: (name: string) => unknown, text?: () => unknown) {
    this.typeName = typeName;
    this.attribute = attribute;
    this.text = text;
  }

  /** Whether another value equals this one. */
  equals(other: unknown): boolean {
    return this === other;
  }

  /** What it looks like inside of a list, where that is not its text. */
  repr(): string | undefined {
    return undefined;
  }
}

// Python's name of a value's type, as its error messages say it.
export function typeName(value: unknown): string {
  if (value === null) return "NoneType";
  if (value instanceof Tuple) return "tuple";
  if (Array.isArray(value)) return "list";
  if (value instanceof Undefined) return "AnsibleUndefined";
  if (value instanceof Record) return value.typeName;
  if (value instanceof Namespace) return "Namespace";
  switch (typeof value) {
    case "boolean":
      return "bool";
    case "string":
      return "str";
    case "bigint":
      return "int";
    case "number":
      return Number.isInteger(value) ? "int" : "float";
    default:
      if (value instanceof Float) return "float";
      return isDict(value) ? "dict" : "object";
  }
}

/** A dict: a plain object, or a Map where keys are not strings or JavaScript would reorder them. */
export type Dict = { [key: string]: unknown } | Map<unknown, unknown> | LazyDict;

// Whether a value is a dict of the template language.
export function isDict(value: unknown): value is Dict {
  if (typeof value !== "object" || value === null) return false;
  const proto: unknown = Object.getPrototypeOf(value);
  return (
    proto === Object.prototype ||
    proto === null ||
    value instanceof Map ||
    value instanceof LazyDict
  );
}

// Python truth: empty, zero, none and false are false.
export function isTruthy(value: unknown): boolean {
  if (value instanceof Unknown)
    throw new Error(`the truth of an unknown value was asked: ${value.why}`);
  if (value instanceof Undefined) return soften(value) !== "";
  if (Array.isArray(value)) return value.length > 0;
  if (value instanceof Float) return value.value !== 0;
  if (typeof value === "number") return value !== 0;
  if (isDict(value)) {
    for (const _ of value instanceof Map || value instanceof LazyDict
      ? value.keys()
      : Object.keys(value))
      return true;
    return false;
  }
  return Boolean(value);
}
