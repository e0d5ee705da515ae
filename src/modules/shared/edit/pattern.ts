import { TaskFailure } from "../../../errors.ts";
import { Fault } from "../../../jinja/core/fault.ts";
import {
  compileRegex,
  expandReplacement,
  type PythonMatch,
  type PythonRegex,
  type RegexFlags,
} from "../../../jinja/python/regex.ts";

/**
 * The bytes of a file, each as one character: Python's patterns over bytes see
 * no more of a text either.
 */
export type Bytes = string;

// Text as the bytes that it is in a file.
export function toBytes(text: string): Bytes {
  return Buffer.from(text, "utf8").toString("latin1");
}

// Bytes as people read them.
export function fromBytes(bytes: Bytes): string {
  return Buffer.from(bytes, "latin1").toString("utf8");
}

// A pattern of Python's re for text.
export function textPattern(pattern: string, flags: Partial<RegexFlags> = {}): PythonRegex {
  return orFailure(() => compileRegex(pattern, flags));
}

// A pattern of Python's re for bytes.
export function bytePattern(pattern: string): PythonRegex {
  return textPattern(toBytes(pattern), { ascii: true });
}

// The first match in a text.
export function search(pattern: PythonRegex, text: string): PythonMatch | undefined {
  return orFailure(() => pattern.search(text));
}

// Python's re.subn: the new text, and how many matches were replaced.
export function replaceAll(
  pattern: PythonRegex,
  replacement: string,
  text: string,
): { text: string; count: number } {
  return orFailure(() => pattern.replace(text, replacement));
}

// What a replacement with \1 and \g<name> gives for one match.
export function expand(replacement: string, match: PythonMatch): string {
  return orFailure(() => expandReplacement(replacement, match));
}

// A pattern that is wrong fails the task.
function orFailure<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw error instanceof Fault ? new TaskFailure(error.message, error.hint) : error;
  }
}

/** Python's names of the encodings that we know, as Node calls them. */
const ENCODINGS: { readonly [name: string]: "utf8" | "latin1" | "utf16le" } = {
  utf8: "utf8",
  ascii: "utf8",
  usascii: "utf8",
  latin1: "latin1",
  iso88591: "latin1",
  l1: "latin1",
  utf16le: "utf16le",
};

// The text that bytes are in an encoding. Bytes that are no UTF-8 become lone surrogates, as in
// Python, and so come out unharmed.
export function decode(bytes: Bytes, encoding: string, path: string): string {
  const name = encodingOf(encoding);
  const text =
    name === "utf8"
      ? bytes.replace(/[\x80-\xff]+/g, decodePart)
      : Buffer.from(bytes, "latin1").toString(name);
  if (encode(text, encoding) !== bytes)
    throw new TaskFailure(
      `${path} is not ${encoding} text`,
      "name its encoding: latin-1, utf-16-le ...",
    );
  return text;
}

const SEQUENCE = /[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}|[^]/g;

// Bytes beyond ASCII, one character after the other.
function decodePart(bytes: Bytes): string {
  return bytes.replace(SEQUENCE, (sequence) => {
    const text = fromBytes(sequence);
    return toBytes(text) === sequence
      ? text
      : Array.from(sequence, (byte) => String.fromCharCode(0xdc00 + byte.charCodeAt(0))).join("");
  });
}

// Text as bytes in an encoding.
export function encode(text: string, encoding: string): Bytes {
  const name = encodingOf(encoding);
  const plain = (part: string): Bytes => Buffer.from(part, name).toString("latin1");
  return name === "utf8"
    ? text
        .split(/(\p{Surrogate})/u)
        .map((part) =>
          /^[\udc80-\udcff]$/.test(part)
            ? String.fromCharCode(part.charCodeAt(0) - 0xdc00)
            : plain(part),
        )
        .join("")
    : plain(text);
}

function encodingOf(encoding: string): "utf8" | "latin1" | "utf16le" {
  const found = ENCODINGS[encoding.toLowerCase().replaceAll(/[-_ ]/g, "")];
  if (!found)
    throw new TaskFailure(
      `the encoding ${encoding} is not supported`,
      "it can be utf-8, latin-1 or utf-16-le",
    );
  return found;
}
