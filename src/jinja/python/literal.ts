import { makeDict } from "../core/dict.ts";
import { Fault } from "../core/fault.ts";
import { Float } from "../core/value.ts";
import { floatLiteral, integerLiteral, stringLiteral } from "../syntax/literal.ts";
import { insteadOf } from "../../instead-of.ts";

/** The reader's position in a text. */
interface Cursor {
  text: string;
  next: number;
  /** What words mean. */
  words: ReadonlyMap<string, unknown>;
}

// Thrown and caught only within this file: the text is not a literal.
class NoLiteral extends Error {}

/** One for all, as most values are none, and where that was found does not matter. */
const NO_LITERAL = new NoLiteral();

/** The words of Python. */
const PYTHON = new Map<string, unknown>([
  ["True", true],
  ["False", false],
  ["None", null],
]);

/** Those of JSON too. */
const PYTHON_AND_JSON = new Map<string, unknown>([
  ...PYTHON,
  ["true", true],
  ["false", false],
  ["null", null],
]);

const NUMBER = new RegExp(
  String.raw`[-+]?\s*(?:(0[xX][0-9a-fA-F]+(?:_[0-9a-fA-F]+)*)|(0[oO][0-7]+(?:_[0-7]+)*)|(0[bB][01]+(?:_[01]+)*)` +
    String.raw`|((?:\d+(?:_\d+)*)?\.\d+(?:_\d+)*(?:[eE][-+]?\d+)?|\d+(?:_\d+)*\.(?:[eE][-+]?\d+)?|\d+(?:_\d+)*[eE][-+]?\d+)` +
    String.raw`|(0+(?:_0+)*|[1-9]\d*(?:_\d+)*))(?![\w.])`,
  "y",
);
const TEXT =
  /([uUrR]?)(?:'''((?:[^\\]|\\[\s\S])*?)'''|"""((?:[^\\]|\\[\s\S])*?)"""|'((?:[^'\\\n]|\\[\s\S])*)'|"((?:[^"\\\n]|\\[\s\S])*)")/y;

// Reads a Python literal (number, string, True, None, list, tuple, dict), which is how
// Ansible reads the values in an INI inventory. Returns undefined if the text is not one;
// such a value is a plain string.
export function pythonLiteral(text: string): { value: unknown } | undefined {
  return read({ text, next: 0, words: PYTHON });
}

// What Ansible makes of a text that a template has put together: one that looks like a list, a dict
// or a boolean becomes such, whether Python or JSON wrote it.
export function dataOfText(text: string): unknown {
  if (!/^[{[]/.test(text) && text !== "True" && text !== "False") return text;
  const literal = read({ text, next: 0, words: PYTHON_AND_JSON });
  return literal ? literal.value : text;
}

// The literal that a text is as a whole.
function read(cursor: Cursor): { value: unknown } | undefined {
  return insteadOf([NoLiteral, Fault], undefined, () => {
    const value = readTop(cursor);
    return /^\s*(?:#.*)?$/.test(cursor.text.slice(cursor.next)) ? { value } : undefined;
  });
}

// Outside brackets, a comma alone makes a tuple.
function readTop(cursor: Cursor): unknown {
  const items = [readValue(cursor)];
  if (!matchAfterBlanks(cursor, /,/y)) return items[0];
  while (!/^\s*(?:#.*)?$/.test(cursor.text.slice(cursor.next))) {
    items.push(readValue(cursor));
    if (!matchAfterBlanks(cursor, /,/y)) break;
  }
  return items;
}

function readValue(cursor: Cursor): unknown {
  const word = matchAfterBlanks(cursor, /(?:True|False|None|true|false|null)\b/y)?.[0];
  if (word !== undefined) {
    if (!cursor.words.has(word)) throw NO_LITERAL;
    return cursor.words.get(word);
  }
  const number = matchAfterBlanks(cursor, NUMBER);
  if (number) return numberOf(number);
  const text = readTexts(cursor);
  if (text !== undefined) return text;
  if (matchAfterBlanks(cursor, /\[/y)) return readItems(cursor, "]").items;
  if (matchAfterBlanks(cursor, /\{/y)) return readDict(cursor);
  if (!matchAfterBlanks(cursor, /\(/y)) throw NO_LITERAL;
  const { items, commas } = readItems(cursor, ")");
  return items.length === 1 && commas === 0 ? items[0] : items;
}

// Texts that follow one another are one.
function readTexts(cursor: Cursor): string | undefined {
  let whole: string | undefined;
  for (let text = matchAfterBlanks(cursor, TEXT); text; text = matchAfterBlanks(cursor, TEXT))
    whole = (whole ?? "") + textOf(text);
  return whole;
}

// Matches at the cursor, after blanks, and moves past the match.
function matchAfterBlanks(cursor: Cursor, pattern: RegExp): RegExpExecArray | undefined {
  const blanks = /\s*/y;
  blanks.lastIndex = cursor.next;
  blanks.exec(cursor.text);
  pattern.lastIndex = blanks.lastIndex;
  const match = pattern.exec(cursor.text);
  if (match) cursor.next = pattern.lastIndex;
  return match ?? undefined;
}

function readItems(cursor: Cursor, close: string): { items: unknown[]; commas: number } {
  const end = new RegExp(`\\${close}`, "y");
  const items: unknown[] = [];
  for (let commas = 0; ; commas++) {
    if (matchAfterBlanks(cursor, end)) return { items, commas };
    items.push(readValue(cursor));
    if (matchAfterBlanks(cursor, end)) return { items, commas };
    if (!matchAfterBlanks(cursor, /,/y)) throw NO_LITERAL;
  }
}

function readDict(cursor: Cursor): unknown {
  const entries: [unknown, unknown][] = [];
  while (!matchAfterBlanks(cursor, /\}/y)) {
    const key = readValue(cursor);
    if (typeof key === "object" && key !== null) throw NO_LITERAL;
    if (!matchAfterBlanks(cursor, /:/y)) throw NO_LITERAL;
    entries.push([key, readValue(cursor)]);
    if (!matchAfterBlanks(cursor, /,|(?=\})/y)) throw NO_LITERAL;
  }
  return makeDict(entries);
}

function numberOf([whole, hex, octal, binary, float, decimal]: RegExpExecArray): unknown {
  const number =
    float === undefined
      ? integerLiteral((hex ?? octal ?? binary ?? decimal!).toLowerCase())
      : floatLiteral(float);
  if (!whole.startsWith("-")) return number;
  return number instanceof Float ? new Float(-number.value) : -number;
}

function textOf([, prefix = "", ...contents]: RegExpExecArray): string {
  const content = contents.find((each) => each !== undefined) ?? "";
  return /r/i.test(prefix) ? content : stringLiteral(`'${content}'`, false);
}
