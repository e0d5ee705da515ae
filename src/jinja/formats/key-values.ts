import { CONTROL_ESCAPES } from "../syntax/control-escapes.ts";
import { Fault } from "../core/fault.ts";

/** The content of a text such as `some words length=15 chars="a b"`. */
export interface KeyValues {
  /** The words that are no option; undefined: there are none. */
  free: string | undefined;
  options: Map<string, string>;
}

/** Ansible's set: without octal ones, so that \\1 stays a reference to a group. */
const ESCAPE = /\\(?:U(00[01][\da-fA-F]{5})|u([\da-fA-F]{4})|x([\da-fA-F]{2})|([\\'"abfnrtv]))/g;

// Reads options out of a text, as Ansible does for the terms of lookups.
export function parseKeyValues(text: string): KeyValues {
  const free: string[] = [];
  const options = new Map<string, string>();
  for (const { word } of splitArguments(text)) {
    const pair = readPair(word);
    if (pair) options.set(pair.name, pair.value);
    else free.push(plainWord(word));
  }
  return { free: free.length === 0 ? undefined : joinArguments(free), options };
}

/** A word of a text, with the blanks and line ends after it, and its offset. */
export interface WordAt {
  word: string;
  start: number;
}

/** What opens and closes the blocks of a template. */
const BLOCKS = [
  ["{{", "}}"],
  ["{%", "%}"],
  ["{#", "#}"],
] as const;

// Splits as Ansible does: at blanks outside of quotes and templates; further blanks and line ends
// stay with the word before them.
export function splitArguments(text: string): WordAt[] {
  const words: WordAt[] = [];
  let quote = "";
  let depths: readonly number[] = [0, 0, 0];
  let start = 0;
  const lines = text.split("\n");
  for (const [number, line] of lines.entries()) {
    let goesOn = false;
    for (const [index, token] of line.split(" ").entries()) {
      const wasOpen = quote !== "";
      const inBlock = depths.some((depth) => depth > 0);
      if (token === "" && index > 0) extendLast(words, " ", text);
      else if (token === "\\" && !wasOpen) goesOn = true;
      else {
        quote = quoteAfter(token, quote);
        depths = depthsAfter(token, depths);
        if (wasOpen || (inBlock && words.length > 0))
          extendLast(words, (index > 0 ? " " : "") + token, text);
        else if (token !== "") words.push({ word: token, start });
      }
      start += token.length + 1;
    }
    if (number < lines.length - 1 && !goesOn) extendLast(words, "\n", text);
  }
  if (quote !== "" || depths.some((depth) => depth > 0)) unbalanced(text);
  return words;
}

// Appends more text to the last word.
function extendLast(words: WordAt[], more: string, text: string): void {
  const last = words.at(-1) ?? unbalanced(text);
  last.word += more;
}

// How many blocks of each kind are open after a token.
function depthsAfter(token: string, depths: readonly number[]): readonly number[] {
  return BLOCKS.map(([open, close], kind) =>
    Math.max(0, depths[kind]! + token.split(open).length - token.split(close).length),
  );
}

// Joins words again: those that end a line need no blank after them.
export function joinArguments(words: readonly string[]): string {
  return words.reduce(
    (all, word) => all + (all === "" || all.endsWith("\n") ? "" : " ") + word,
    "",
  );
}

// A word as `name=value`, its escapes decoded; undefined: it is none.
export function readPair(word: string): { name: string; value: string } | undefined {
  const plain = decodeEscapes(word);
  const at = plain.search(/(?<=[^\\])=/);
  if (at < 0) return undefined;
  return { name: plain.slice(0, at).trim(), value: unquote(plain.slice(at + 1).trim()) };
}

// A word that is no pair, as it counts then: \\= is an equals sign.
export function plainWord(word: string): string {
  const plain = decodeEscapes(word);
  return plain.includes("=") ? plain.replaceAll("\\=", "=") : word;
}

// The quote that is open after a token, or an empty text.
function quoteAfter(token: string, open: string): string {
  let quote = open;
  for (const [index, char] of [...token].entries()) {
    if ((char !== '"' && char !== "'") || token[index - 1] === "\\") continue;
    if (quote === "") quote = char;
    else if (quote === char) quote = "";
  }
  return quote;
}

// Escapes as Python writes them.
function decodeEscapes(text: string): string {
  return text.replace(
    ESCAPE,
    (whole, long?: string, short?: string, hex?: string, letter?: string) => {
      if (letter !== undefined) return CONTROL_ESCAPES[letter] ?? letter;
      const code = parseInt((long ?? short ?? hex)!, 16);
      return code > 0x10ffff ? whole : String.fromCodePoint(code);
    },
  );
}

// Takes one pair of quotes off.
export function unquote(text: string): string {
  return /^(["'])[^]*\1$/.test(text) && text.length > 1 && text.at(-2) !== "\\"
    ? text.slice(1, -1)
    : text;
}

function unbalanced(text: string): never {
  throw new Fault(`the options in ${JSON.stringify(text)} are ambiguous`, "are its quotes closed?");
}
