import TOMLParser from "@iarna/toml/lib/toml-parser.js";
import { Float } from "../jinja/core/value.ts";
import { remembering } from "../remember.ts";
import { isTable, newTable, type Toml, type TomlTable } from "./value.ts";

/** A text is not TOML. Line and column count from 1. */
export class TomlError extends Error {
  readonly line: number;
  readonly column: number;

  constructor(message: string, line: number, column: number) {
    super(`line ${line}, column ${column}: ${message}`);
    this.name = "TomlError";
    this.line = line;
    this.column = column;
  }
}

type State = Parameters<TOMLParser["callNow"]>[0];

/**
 * The parser of @iarna/toml with two faults corrected: whole floats stay floats (its own result
 * makes 1.0 an integer, which containerd 1.x refuses), and keys such as `constructor` cannot reach
 * the prototype of JavaScript's objects.
 */
class Parser extends TOMLParser {
  override callNow(state: State, then?: State): unknown {
    return super.callNow(state, then && state === this.parseKeyword ? refusePrototype(then) : then);
  }

  // Its boxed integers have an own `isNaN`, its boxed floats have none.
  override returnNow(value?: unknown): unknown {
    const isFloat = value instanceof Number && !Object.hasOwn(value, "isNaN");
    return super.returnNow(
      isFloat && Number.isInteger(value.valueOf()) ? new Float(value.valueOf()) : value,
    );
  }
}

// Wraps the state that gets a key, so that names that every object has are refused.
function refusePrototype(then: State): State {
  return function (key) {
    if (typeof key === "string" && key in Object.prototype)
      throw this.error(new Error(`the key "${key}" is not supported`));
    return then.call(this, key);
  };
}

const once = remembering<TomlTable>(32);

// Reads TOML; throws TomlError. What it answers is the same for all who ask, and cannot be changed.
export function parseToml(text: string): TomlTable {
  return once(text, () => parsed(text));
}

function parsed(text: string): TomlTable {
  const parser = new Parser();
  try {
    parser.parse(text.replace(/^\uFEFF/, ""));
    return copy(parser.finish() as TomlTable) as TomlTable;
  } catch (error) {
    const { message, line = 0, col = 0 } = error as Error & { line?: number; col?: number };
    throw new TomlError(message, line + 1, col + 1);
  }
}

// The parser's tables carry marks of its own and a prototype; what leaves here has neither.
function copy(value: Toml): Toml {
  if (Array.isArray(value)) return Object.freeze(value.map(copy)) as Toml[];
  if (!isTable(value)) return value;
  const table = newTable();
  for (const key of Object.keys(value)) table[key] = copy(value[key]!);
  return Object.freeze(table);
}
