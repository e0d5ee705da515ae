import { STRING_ESCAPES } from "./control-escapes.ts";
import { Fault } from "../core/fault.ts";
import { float, int, type Int } from "../core/number.ts";
import type { Float } from "../core/value.ts";

const ESCAPE =
  /\\(?:x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8})|([0-7]{1,3})|([xuUN])|([^]))/g;

// The value of a string literal, with Python's escapes; an escape that Python
// does not know stays as it is.
export function stringLiteral(text: string, plainBackslashes: boolean): string {
  const body = text.slice(1, -1);
  if (plainBackslashes)
    return body.replace(/\\(['"])/g, (whole, quote: string) => (quote === text[0] ? quote : whole));
  return body.replace(ESCAPE, (whole, ...groups: (string | undefined)[]) => {
    const [x, u, wide, octal, broken, char] = groups;
    const code = x ?? u ?? wide;
    if (code !== undefined) return codePoint(parseInt(code, 16));
    if (octal !== undefined) return String.fromCharCode(parseInt(octal, 8));
    if (broken !== undefined) throw new Fault(`the escape \\${broken} is not complete`);
    return STRING_ESCAPES[char ?? ""] ?? whole;
  });
}

// The character of a code point.
function codePoint(code: number): string {
  if (code > 0x10ffff) throw new Fault("there is no such character");
  return String.fromCodePoint(code);
}

// The value of an integer literal.
export function integerLiteral(text: string): Int {
  return int(BigInt(text.replaceAll("_", "")));
}

// The value of a float literal.
export function floatLiteral(text: string): number | Float {
  return float(Number(text.replaceAll("_", "")));
}
