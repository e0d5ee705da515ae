import { mapValues } from "../records.ts";
const MASK = "********";
/** Shorter texts hide nothing, and would riddle the output. */
const SHORTEST = 4;

/** A longer text is noted in pieces, as a regular expression can be too large. */
const LONGEST = 1000;

/** Keys of reports whose values are words of ours, which mean something to readers. */
const WORDS = new Set(["kind", "module", "status"]);

/** Knows what was decrypted, and takes it out of whatever is shown. */
export class Mask {
  private readonly secrets = new Set<string>();
  private pattern: RegExp | undefined;

  /**
   * Notes a text that must not be shown, and each longer line of it, as reports are made of lines.
   */
  learn(text: string): void {
    const lines = text.split(/\r?\n/).map((line) => line.trim());
    for (const part of [text, text.trim(), ...lines].flatMap(piecesOf)) {
      if (part.length < SHORTEST || this.secrets.has(part)) continue;
      this.secrets.add(part);
      this.pattern = undefined;
    }
  }

  /** Whether there is anything that must not be shown. */
  get hidesAnything(): boolean {
    return this.secrets.size > 0;
  }

  /** The text with every secret in it masked, in whatever form, the longest first. */
  hide(text: string): string {
    if (this.secrets.size === 0) return text;
    this.pattern ??= new RegExp(
      [...this.secrets]
        .sort((a, b) => b.length - a.length)
        .flatMap(patternsOf)
        .join("|"),
      "g",
    );
    return text.replace(this.pattern, MASK);
  }

  /** The same for every text inside of plain data; keys stay, and so do the words under WORDS. */
  hideIn<T>(value: T): T {
    if (this.secrets.size === 0) return value;
    if (typeof value === "string") return this.hide(value) as T;
    if (Array.isArray(value)) return value.map((item: unknown) => this.hideIn(item)) as T;
    if (
      typeof value !== "object" ||
      value === null ||
      Object.getPrototypeOf(value) !== Object.prototype
    )
      return value;
    return mapValues(value as { readonly [key: string]: unknown }, (item, key) =>
      WORDS.has(key) ? item : this.hideIn(item),
    ) as T;
  }
}

function piecesOf(text: string): string[] {
  const count = Math.ceil(text.length / LONGEST);
  return Array.from({ length: count }, (_, at) => text.slice(at * LONGEST, (at + 1) * LONGEST));
}

// How a secret looks as it is and escaped, and in base64.
function patternsOf(secret: string): string[] {
  const json = JSON.stringify(secret).slice(1, -1);
  const plain = secret.replace(/\\+|[^]/gu, (character) => characterPattern(character));
  const encoded = new Set(
    [secret, json].flatMap((text) => [0, 1, 2].map((at) => base64(text, at))),
  );
  return [plain, ...[...encoded].filter((form) => form !== "").map(base64Pattern)];
}

/**
 * How characters are written by JSON, HTML and the shell, where these have
 * words of their own for them.
 */
const WORDS_FOR: Readonly<Record<string, string>> = {
  "'": String.raw`['"\\]{0,12}'['"\\]{0,12}|&#0?39;`,
  '"': "&quot;|&#34;",
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  " ": "\\+",
  "\n": String.raw`\r\n|\\+n`,
  "\r": String.raw`\\+r`,
  "\t": String.raw`\\+t`,
};

// A character, or a row of backslashes, as JSON, URLs, HTML and quoted words of the shell may write
// it, also one inside of the other.
function characterPattern(character: string): string {
  if (/^[\w~-]$/.test(character)) return character;
  if (character.startsWith("\\")) return String.raw`(?:\\{${character.length},}|(?:%5[cC])+)`;
  const bytes = [...Buffer.from(character)];
  const units = Array.from({ length: character.length }, (_, at) => character.charCodeAt(at));
  const forms = [
    WORDS_FOR[character],
    String.raw`\\{0,9}${escapePattern(character)}`,
    bytes.map((byte) => `%(?:25)?${hexPattern(byte, 2)}`).join(""),
    units.map((unit) => String.raw`\\+u${hexPattern(unit, 4)}`).join(""),
  ];
  return `(?:${forms.filter((form) => form !== undefined).join("|")})`;
}

// A number in hexadecimal digits, small or capital.
function hexPattern(value: number, digits: number): string {
  return value
    .toString(16)
    .padStart(digits, "0")
    .replace(/[a-f]/g, (letter) => `[${letter}${letter.toUpperCase()}]`);
}

/** Shorter pieces of base64 encode too little to be distinctive. */
const SHORTEST_BASE64 = 6;

// The part of a secret's base64 form that is the same whatever surrounds the secret, if it begins
// the given number of bytes after a whole group of three.
function base64(secret: string, offset: number): string {
  const bytes = Buffer.concat([Buffer.alloc(offset), Buffer.from(secret)]);
  const sure = bytes
    .toString("base64")
    .slice(Math.ceil((offset * 8) / 6), Math.floor((bytes.length * 8) / 6));
  return sure.length < SHORTEST_BASE64 ? "" : sure;
}

// Base64 as it is, in the alphabet of URLs, and escaped.
function base64Pattern(form: string): string {
  return form
    .replaceAll("+", String.raw`(?:[+-]|%2[bB])`)
    .replaceAll("/", String.raw`(?:\\*/|_|%2[fF])`);
}

function escapePattern(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/-]/g, "\\$&");
}
