import { Fault } from "../../core/fault.ts";
import { ownProperty } from "../../core/own-property.ts";
import { quoteText } from "../../core/text.ts";

const ESCAPES: { readonly [escape: string]: string } = {
  "\\a": "\x07",
  "\\b": "\b",
  "\\f": "\f",
  "\\n": "\n",
  "\\r": "\r",
  "\\t": "\t",
  "\\v": "\v",
  "\\\\": "\\",
};
export const DIGIT = /^[0-9]$/;
export const OCTAL = /^[0-7]$/;
export const LETTER = /^[A-Za-z]$/;
const HEX = /^[0-9a-fA-F]$/;

/** The tokens of a pattern, one after the other, and the escapes that mean a single character. */
export class RegexTokens {
  readonly pattern: string;
  private readonly characters: readonly string[];
  private index = 0;
  /** The token that comes next: a character, or an escape of two; undefined at the end. */
  next: string | undefined;

  constructor(pattern: string) {
    this.pattern = pattern;
    this.characters = [...pattern];
    this.advance();
  }

  // The error of a pattern that is wrong.
  error(what: string): Fault {
    return new Fault(`the pattern ${quoteText(this.pattern)} is not a regular expression: ${what}`);
  }

  // Goes on by one token.
  private advance(): void {
    const char = this.characters[this.index];
    if (char === "\\" && this.index + 1 >= this.characters.length)
      throw this.error("bad escape (end of pattern)");
    this.next = char === "\\" ? `\\${this.characters[this.index + 1]}` : char;
    this.index += char === "\\" ? 2 : 1;
  }

  // Takes the next token.
  get(): string | undefined {
    const token = this.next;
    this.advance();
    return token;
  }

  // Takes the next token if it is this one.
  accept(token: string): boolean {
    if (this.next !== token) return false;
    this.advance();
    return true;
  }

  // Where the next token begins; `seek` goes back to it.
  tell(): number {
    return (
      this.index - (this.next === undefined || this.next.length === 1 ? 1 : [...this.next].length)
    );
  }

  seek(index: number): void {
    this.index = index;
    this.advance();
  }

  // At most the given number of characters of a kind.
  getWhile(most: number, kind: RegExp): string {
    let taken = "";
    while (taken.length < most && this.next !== undefined && kind.test(this.next))
      taken += this.get();
    return taken;
  }

  // The text up to a character that ends it.
  getUntil(end: string, what: string): string {
    let taken = "";
    for (;;) {
      const token = this.get();
      if (token === undefined)
        throw this.error(taken === "" ? `missing ${what}` : `missing ${end}, unterminated name`);
      if (token !== end) taken += token;
      else if (taken === "") throw this.error(`missing ${what}`);
      else return taken;
    }
  }

  // Three octal digits.
  octal(digits: string): number {
    const code = parseInt(digits, 8);
    if (code > 0o377) throw this.error(`octal escape value \\${digits} outside of range 0-0o377`);
    return code;
  }

  // An escape that means a single character; `zeroDigits`: how many digits may
  // follow a first octal one.
  character(token: string, zeroDigits: number): number {
    const known = ownProperty(ESCAPES, token);
    if (known !== undefined) return known.codePointAt(0)!;
    const letter = token.slice(1);
    const width = ownProperty({ x: 2, u: 4, U: 8 }, letter);
    if (width !== undefined) return this.hexadecimal(token, width);
    if (OCTAL.test(letter)) return this.octal(letter + this.getWhile(zeroDigits, OCTAL));
    if (letter === "N")
      throw this.error("there is a character by name (\\N), which is not supported,");
    if (LETTER.test(letter) || DIGIT.test(letter)) throw this.error(`bad escape ${token}`);
    return letter.codePointAt(0)!;
  }

  // \x41, \u0041, \U00000041
  private hexadecimal(token: string, width: number): number {
    const digits = this.getWhile(width, HEX);
    const code = parseInt(digits, 16);
    if (digits.length !== width) throw this.error(`incomplete escape ${token}${digits}`);
    if (code > 0x10ffff) throw this.error(`bad escape ${token}${digits}`);
    return code;
  }
}
