import { dictEntries, makeDict } from "../core/dict.ts";
import { compare } from "../core/compare.ts";
import { Fault } from "../core/fault.ts";
import { float, floatText, int } from "../core/number.ts";
import { toText } from "../core/text.ts";
import { Float, isDict, typeName } from "../core/value.ts";

/** How JSON is written: as Python's json.dumps takes it. */
export interface JsonStyle {
  indent: string | undefined;
  sortKeys: boolean;
  ensureAscii: boolean;
  itemSeparator: string;
  keySeparator: string;
}

// A value as JSON, the way Python writes it.
export function writeJson(value: unknown, style: JsonStyle, depth = 0): string {
  if (value === null) return "null";
  if (typeof value === "string") return writeString(value, style.ensureAscii);
  if (typeof value === "boolean") return String(value);
  if (Array.isArray(value))
    return writeAll(
      value.map((item) => writeJson(item, style, depth + 1)),
      "[",
      "]",
      style,
      depth,
    );
  if (isDict(value)) return writeDict(value, style, depth);
  if (typeof value === "number" || typeof value === "bigint" || value instanceof Float)
    return writeNumber(value);
  throw new Fault(`Object of type ${typeName(value)} is not JSON serializable`);
}

// Python writes NaN and Infinity as JavaScript would.
function writeNumber(value: number | bigint | Float): string {
  const plain = value instanceof Float ? value.value : value;
  if (Number.isNaN(plain)) return "NaN";
  if (plain === Infinity || plain === -Infinity) return plain < 0 ? "-Infinity" : "Infinity";
  return value instanceof Float || (!Number.isInteger(plain) && typeof plain === "number")
    ? floatText(plain as number)
    : toText(plain);
}

// A string, with everything beyond ASCII escaped where that is asked for.
function writeString(text: string, ensureAscii: boolean): string {
  const plain = JSON.stringify(text);
  return ensureAscii
    ? plain.replace(
        /[^\0-\x7f]/g,
        (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
      )
    : plain;
}

// A dict; keys that are no strings become ones.
function writeDict(
  dict: Parameters<typeof dictEntries>[0],
  style: JsonStyle,
  depth: number,
): string {
  const entries = dictEntries(dict);
  if (style.sortKeys) entries.sort(([a], [b]) => compare(a, b));
  const parts = entries.map(
    ([key, value]) =>
      writeString(keyText(key), style.ensureAscii) +
      style.keySeparator +
      writeJson(value, style, depth + 1),
  );
  return writeAll(parts, "{", "}", style, depth);
}

// The text of a key.
function keyText(key: unknown): string {
  if (key === null) return "null";
  return typeof key === "boolean" ? String(key) : toText(key);
}

// Items between brackets, on lines of their own where there is an indent.
function writeAll(
  parts: string[],
  open: string,
  close: string,
  { indent, itemSeparator }: JsonStyle,
  depth: number,
): string {
  if (indent === undefined || parts.length === 0) return open + parts.join(itemSeparator) + close;
  const before = `\n${indent.repeat(depth + 1)}`;
  return (
    open +
    before +
    parts.join(itemSeparator.trimEnd() + before) +
    `\n${indent.repeat(depth)}` +
    close
  );
}

const TOKEN =
  /\s*(?:([{}[\],:])|"((?:[^"\\\x00-\x1f]|\\[^\x00-\x1f])*)"|(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|(true|false|null|NaN|-?Infinity))/y;
const WORDS: { [word: string]: unknown } = {
  true: true,
  false: false,
  null: null,
  NaN: NaN,
  Infinity: Infinity,
  "-Infinity": -Infinity,
};

/** Reads JSON so that 1.0 stays a float, large ints stay exact and keys keep their order. */
export class JsonReader {
  private readonly source: string;
  private at = 0;

  constructor(source: string) {
    this.source = source;
  }

  // The whole text as one value.
  read(): unknown {
    const value = this.value(this.token());
    if (this.source.slice(this.at).trim() !== "") throw this.wrong();
    return value;
  }

  // The next token.
  private token(): RegExpExecArray {
    TOKEN.lastIndex = this.at;
    const found = TOKEN.exec(this.source);
    if (!found) throw this.wrong();
    this.at = TOKEN.lastIndex;
    return found;
  }

  // The error, with the line in the JSON text.
  private wrong(): Fault {
    const before = this.source.slice(0, this.at).split("\n");
    return new Fault(
      `the text is not JSON: line ${before.length} column ${(before.at(-1)?.length ?? 0) + 1}`,
    );
  }

  // One value, from its first token on.
  private value([, mark, text, number, word]: RegExpExecArray): unknown {
    if (text !== undefined)
      return JSON.parse(
        `"${text.replace(/[\n\r\t]/g, (char) => JSON.stringify(char).slice(1, -1))}"`,
      ) as string;
    if (number !== undefined)
      return /[.eE]/.test(number) ? float(Number(number)) : int(BigInt(number));
    if (word !== undefined) return WORDS[word];
    if (mark === "[") return this.list();
    if (mark === "{") return this.dict();
    throw this.wrong();
  }

  // A list, after its bracket.
  private list(): unknown[] {
    const items: unknown[] = [];
    for (let token = this.token(); token[1] !== "]"; token = this.token()) {
      items.push(this.value(items.length > 0 ? this.after(token, ",") : token));
    }
    return items;
  }

  // A dict, after its bracket.
  private dict(): unknown {
    const pairs: [unknown, unknown][] = [];
    for (let token = this.token(); token[1] !== "}"; token = this.token()) {
      const key = pairs.length > 0 ? this.after(token, ",") : token;
      if (key[2] === undefined) throw this.wrong();
      pairs.push([this.value(key), this.value(this.after(this.token(), ":"))]);
    }
    return makeDict(pairs);
  }

  // The token after one that must be this mark.
  private after(token: RegExpExecArray, mark: string): RegExpExecArray {
    if (token[1] !== mark) throw this.wrong();
    return this.token();
  }
}
