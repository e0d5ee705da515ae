import { Fault } from "../core/fault.ts";
import { ownProperty } from "../core/own-property.ts";
import { quoteText } from "../core/text.ts";

/** Flags of Python's re that matter here. */
export interface RegexFlags {
  ignoreCase: boolean;
  multiline: boolean;
  dotAll?: boolean;
  verbose?: boolean;
  ascii?: boolean;
}

const ANCHOR = { start: "(?<![^])", end: "(?![^])" };
const QUANTIFIER = /^\{(\d*)(,?)(\d*)\}/;
const SIMPLE: { [char: string]: string } = {
  n: "\\n",
  t: "\\t",
  r: "\\r",
  f: "\\f",
  v: "\\v",
  a: "\\x07",
};
const SYNTAX = /[()[\]{}/\\|^$*+?.]/;
const SET_SYNTAX = /[()[\]{}/\-\\|&!#%,:;<=>@`~^$*+?.]/;

/** Rewrites a pattern of Python's re as one of JavaScript. */
export class Translator {
  private rest: string;
  private readonly flags: Required<RegexFlags>;
  private readonly whole: string;
  /** What each open group needs after its bracket: JavaScript repeats no bare look-around, so these stand in a group. */
  private readonly closers: string[] = [];
  /** The piece before this one is an anchor such as ^, which cannot be repeated. */
  private anchored = false;

  constructor(pattern: string, flags: Required<RegexFlags>) {
    this.rest = pattern;
    this.whole = pattern;
    this.flags = flags;
  }

  // The whole pattern.
  translate(): string {
    let source = "";
    while (this.rest !== "") {
      const repeats = /^(?:[*+?]|\{\d*,?\d*\})/.test(this.rest) && !/^\{,?\}/.test(this.rest);
      if (repeats && this.anchored)
        throw new Fault(`nothing to repeat in the pattern ${quoteText(this.whole)}`);
      this.anchored = /^(?:[$^]|\\[AZbB])/.test(this.rest);
      source += this.piece();
    }
    return source;
  }

  // Takes a number of characters off the rest.
  private take(count: number): string {
    const taken = this.rest.slice(0, count);
    this.rest = this.rest.slice(count);
    return taken;
  }

  // The error for what has no counterpart.
  private refuse(what: string): Fault {
    return new Fault(`${what} in the pattern ${quoteText(this.whole)} is not supported`);
  }

  // One piece of the pattern.
  private piece(): string {
    const char = this.rest[0]!;
    if (char === "\\") return this.escape();
    if (char === "[") return this.set();
    if (char === "(") return this.group();
    if (char === ")") return this.take(1) + (this.closers.pop() ?? "");
    if (char === "{" || char === "}") return this.brace();
    if (this.flags.verbose && /[\s#]/.test(char)) return this.skipVerbose();
    if ("*+?".includes(char)) return this.quantifier();
    const [one = ""] = this.rest;
    this.take(one.length);
    return this.plain(one);
  }

  // A character that stands for itself, or ^ $ . |
  private plain(char: string): string {
    if (char === ".") return this.flags.dotAll ? "[\\s\\S]" : "[^\\n]"; // Node 20 lets [^]* match nothing.
    if (char === "^") return this.flags.multiline ? `(?<=\\n|${ANCHOR.start})` : ANCHOR.start;
    if (char === "$")
      return this.flags.multiline ? `(?=\\n|${ANCHOR.end})` : `(?=\\n?${ANCHOR.end})`;
    return char === "]" || char === "/" ? `\\${char}` : char;
  }

  // *, + and ?, also lazy.
  private quantifier(): string {
    if (/^[*+?]\+/.test(this.rest)) throw this.refuse("a possessive quantifier");
    return this.take(/^[*+?]\?/.test(this.rest) ? 2 : 1);
  }

  // {2,3} is a quantifier, any other brace is itself.
  private brace(): string {
    const found = QUANTIFIER.exec(this.rest);
    if (!found || (found[1] === "" && found[2] === "") || found[0] === "{}")
      return `\\${this.take(1)}`;
    this.take(found[0].length);
    return `{${found[1] || "0"}${found[2]}${found[3]}}`;
  }

  // White space and comments of a verbose pattern.
  private skipVerbose(): string {
    this.take(/^(?:\s+|#[^\n]*)/.exec(this.rest)?.[0].length ?? 1);
    return "";
  }

  // The opening of a group.
  private group(): string {
    const comment = /^\(\?#[^)]*\)/.exec(this.rest);
    if (comment) return this.take(comment[0].length).slice(0, 0);
    const back = /^\(\?P=(\w+)\)/.exec(this.rest);
    if (back) return this.take(back[0].length) && `\\k<${back[1]}>`;
    const look = /^\(\?(?:[=!]|<[=!])/.exec(this.rest);
    this.closers.push(look ? ")" : "");
    if (look) return `(?:${this.take(look[0].length)}`;
    const named = /^\(\?P<(\w+)>/.exec(this.rest);
    if (named) return this.take(named[0].length) && `(?<${named[1]}>`;
    if (this.rest.startsWith("(?:")) return this.take(3);
    if (this.rest.startsWith("(?"))
      throw this.refuse(`the group ${quoteText(this.rest.slice(0, 4))}`);
    return this.take(1);
  }

  // An escape outside of a set.
  private escape(): string {
    const char = this.rest[1] ?? "";
    if (char === "A") return this.take(2) && ANCHOR.start;
    if (char === "Z") return this.take(2) && ANCHOR.end;
    if (char === "b" || char === "B") return this.boundary(char);
    const reference = /^\\([1-9]\d?)/.exec(this.rest);
    if (reference && !/^\\[0-3][0-7]{2}/.test(this.rest))
      return this.take(reference[0].length) && `(?:\\${reference[1]})`;
    const classes = this.shorthand(char);
    return classes === undefined ? this.character(SYNTAX) : `[${classes}]`;
  }

  // \b and \B between letters of any script.
  private boundary(char: string): string {
    this.take(2);
    const word = this.flags.ascii ? "[A-Za-z0-9_]" : "[\\p{L}\\p{N}_]";
    return char === "b"
      ? `(?:(?<=${word})(?!${word})|(?<!${word})(?=${word}))`
      : `(?:(?<=${word})(?=${word})|(?<!${word})(?!${word}))`;
  }

  // \d, \w, \s and their opposites, as the inside of a set.
  private shorthand(char: string): string | undefined {
    const { ascii } = this.flags;
    const sets: { [char: string]: string } = {
      d: ascii ? "0-9" : "\\p{Nd}",
      w: ascii ? "A-Za-z0-9_" : "\\p{L}\\p{N}_",
      s: ascii ? " \\t\\n\\r\\f\\v" : "\\s\\x1c-\\x1f\\x85",
    };
    const found = ownProperty(sets, char.toLowerCase());
    if (found === undefined) return undefined;
    this.take(2);
    return char === char.toLowerCase() ? found : `[^${found}]`;
  }

  // An escape that stands for one character.
  private character(syntax: RegExp): string {
    const code =
      /^\\(?:x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8})|(0[0-7]{0,2}|[1-3][0-7]{2}))/.exec(
        this.rest,
      );
    if (code) {
      this.take(code[0].length);
      const value =
        code[4] !== undefined
          ? parseInt(code[4], 8)
          : parseInt(code[1] ?? code[2] ?? code[3] ?? "0", 16);
      return `\\u{${value.toString(16)}}`;
    }
    const [, char = ""] = this.take(1 + ([...this.rest.slice(1, 3)][0]?.length ?? 0)).split(/^\\/u);
    const simple = ownProperty(SIMPLE, char);
    if (simple !== undefined) return simple;
    if (char === "" || /[A-Za-z]/.test(char))
      throw new Fault(`bad escape \\${char} in the pattern ${quoteText(this.whole)}`);
    return syntax.test(char) ? `\\${char}` : char;
  }

  // [...]
  private set(): string {
    let source = this.take(this.rest.startsWith("[^") ? 2 : 1);
    for (let first = true; first || !this.rest.startsWith("]"); first = false) {
      if (this.rest === "")
        throw new Fault(`a set [ in the pattern ${quoteText(this.whole)} is not closed`);
      source += this.member(first);
    }
    return source + this.take(1);
  }

  // One member of a set; a hyphen is a range only between two characters.
  private member(first: boolean): string {
    const char = this.rest[0]!;
    if (char === "-") {
      this.take(1);
      return first || this.rest.startsWith("]") ? "\\-" : "-";
    }
    if (char === "\\") {
      if (this.rest[1] === "b") return this.take(2) && "\\x08";
      return this.shorthand(this.rest[1] ?? "") ?? this.character(SET_SYNTAX);
    }
    const [one = ""] = this.rest;
    this.take(one.length);
    return SET_SYNTAX.test(one) ? `\\${one}` : one;
  }
}
