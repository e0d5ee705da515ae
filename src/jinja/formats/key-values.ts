import { Fault } from "../core/fault.ts";

/** What stands in a text such as `some words length=15 chars="a b"`. */
export interface KeyValues {
  /** The words that are no option; undefined: there are none. */
  free: string | undefined;
  options: Map<string, string>;
}

const ESCAPE =
  /\\(?:U([\da-fA-F]{8})|u([\da-fA-F]{4})|x([\da-fA-F]{2})|([0-7]{1,3})|([\\'"abfnrtv]))/g;
const NAMED: { readonly [letter: string]: string } = {
  a: "\x07",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
};

// Reads options out of a text, as Ansible does for the terms of lookups.
export function parseKeyValues(text: string): KeyValues {
  const free: string[] = [];
  const options = new Map<string, string>();
  for (const word of splitArguments(text)) {
    const plain = decodeEscapes(word);
    const at =
      /(?<=[^\\])=/.exec(plain.slice(1))?.index ?? (plain.length > 1 && plain[1] === "=" ? 0 : -1);
    if (at >= 0) options.set(plain.slice(0, at + 1).trim(), unquote(plain.slice(at + 2).trim()));
    else free.push(plain.includes("=") ? plain.replaceAll("\\=", "=") : word);
  }
  return {
    free:
      free.length === 0
        ? undefined
        : free.reduce(
            (all, word) => all + (all === "" || all.endsWith("\n") ? "" : " ") + word,
            "",
          ),
    options,
  };
}

// Splits at blanks outside of quotes; further blanks stay at the end of the word before them.
function splitArguments(text: string): string[] {
  const words: string[] = [];
  let quote = "";
  const lines = text.split("\n");
  for (const [number, line] of lines.entries()) {
    let goesOn = false;
    for (const [index, token] of line.split(" ").entries()) {
      const wasOpen = quote !== "";
      if (token === "" && index > 0) words.push(`${words.pop() ?? unbalanced(text)} `);
      else if (token === "\\" && !wasOpen) goesOn = true;
      else {
        quote = quoteAfter(token, quote);
        if (wasOpen) words.push(words.pop()! + (index > 0 ? " " : "") + token);
        else if (token !== "" || quote !== "") words.push(token);
      }
    }
    if (number < lines.length - 1 && !goesOn) words.push(`${words.pop() ?? unbalanced(text)}\n`);
  }
  if (quote !== "") unbalanced(text);
  return words;
}

// The quote that is open behind a token, or an empty text.
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
    (_, long?: string, short?: string, hex?: string, octal?: string, letter?: string) => {
      if (letter !== undefined) return NAMED[letter] ?? letter;
      return String.fromCodePoint(
        octal === undefined ? parseInt((long ?? short ?? hex)!, 16) : parseInt(octal, 8),
      );
    },
  );
}

// Takes one pair of quotes off.
function unquote(text: string): string {
  return /^(["'])[^]*\1$/.test(text) && text.length > 1 && text.at(-2) !== "\\"
    ? text.slice(1, -1)
    : text;
}

function unbalanced(text: string): never {
  throw new Fault(
    `the options in ${JSON.stringify(text)} cannot be told apart`,
    "are its quotes closed?",
  );
}
