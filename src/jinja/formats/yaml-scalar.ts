import { resolvePlain } from "../../yaml/scalar.ts";
import { floatText } from "../core/number.ts";
import { toText } from "../core/text.ts";
import { Fault } from "../core/fault.ts";
import { Float, typeName } from "../core/value.ts";

/** A scalar as YAML writes it: its characters, and whether they may be written without quotes. */
export interface YamlScalar {
  text: string;
  /** The text is a number, boolean or null, which must not be quoted. */
  bare: boolean;
}

/** In which ways a text can be written. */
export interface TextShape {
  multiline: boolean;
  plainInBlock: boolean;
  plainInFlow: boolean;
  single: boolean;
}

// The scalar of a value.
export function yamlScalar(value: unknown): YamlScalar {
  if (typeof value === "string") return { text: value, bare: false };
  if (value === null) return { text: "null", bare: true };
  if (typeof value === "boolean") return { text: String(value), bare: true };
  if (typeof value === "bigint") return { text: value.toString(), bare: true };
  if (value instanceof Float) return { text: yamlFloat(value.value), bare: true };
  if (typeof value === "number")
    return { text: Number.isInteger(value) ? toText(value) : yamlFloat(value), bare: true };
  throw new Fault(`a value of type ${typeName(value)} cannot be written as YAML`);
}

// A float with the point that YAML 1.1 needs.
function yamlFloat(value: number): string {
  if (Number.isNaN(value)) return ".nan";
  if (!Number.isFinite(value)) return value < 0 ? "-.inf" : ".inf";
  return floatText(value).replace(/^(-?\d+)e/, "$1.0e");
}

const BREAK = /[\r\n\x85\u2028\u2029]/;
const UNPRINTABLE = /[^\n\x20-\x7e\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd]/u;

// Finds out how a text can be written, as libyaml does; one that reads as a number is quoted.
export function shapeOf(text: string): TextShape {
  if (text === "")
    return { multiline: false, plainInBlock: false, plainInFlow: false, single: true };
  const multiline = BREAK.test(text);
  const edges = /^[ \n\x85\u2028\u2029]|[ \n\x85\u2028\u2029]$/.test(text);
  const special = UNPRINTABLE.test(text) || / [\n\x85\u2028\u2029]/.test(text);
  const spaceAfterBreak = /[\n\x85\u2028\u2029] /.test(text);
  const plain = !multiline && !edges && !special && !isTyped(text);
  return {
    multiline,
    plainInBlock: plain && !hasBlockIndicator(text),
    plainInFlow: plain && !hasBlockIndicator(text) && !/^[?:]|(?!^)[,?[\]{}:]/.test(text),
    single: !special && !spaceAfterBreak,
  };
}

// Whether a text would mean something else than itself in a block.
function hasBlockIndicator(text: string): boolean {
  return /^(?:---|\.\.\.)|^[#,[\]{}&*!|>'"%@`]|^[?:-](?:[\0 \t\r\n\x85\u2028\u2029]|$)|(?!^):(?:[\0 \t\r\n\x85\u2028\u2029]|$)|[\0 \t\r\n\x85\u2028\u2029]#/.test(
    text,
  );
}

// Whether a plain text would be read as something other than text.
function isTyped(text: string): boolean {
  if (text === "=" || text === "<<") return true;
  try {
    const { value, float } = resolvePlain(text);
    return (
      typeof value !== "string" ||
      float === true ||
      value !== text ||
      /^\d{4}-\d\d-\d\d$/.test(text) ||
      /^\d{4}-\d\d?-\d\d?(?:[Tt]|[ \t]+)\d\d?:/.test(text)
    );
  } catch (error) {
    if (error instanceof RangeError) return true;
    throw error;
  }
}
