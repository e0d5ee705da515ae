import { ownProperty } from "../../core/own-property.ts";
import { LETTER, type RegexTokens } from "./tokens.ts";
import type { RegexFlags } from "./tree.ts";

const FLAGS: { readonly [letter: string]: keyof RegexFlags | "" } = {
  i: "ignoreCase",
  m: "multiline",
  s: "dotAll",
  x: "verbose",
  a: "ascii",
  u: "",
};

/** The flags of a group, or of the whole pattern. */
export interface FlagGroup {
  readonly on: Partial<RegexFlags>;
  readonly off: Partial<RegexFlags>;
  /** It has no colon: the flags are the whole pattern's. */
  readonly isGlobal: boolean;
  /** Which of the letters a and u it has. */
  readonly types: string;
}

// (?i), for the whole pattern, or (?i-s:...), for a group.
export function parseFlags(tokens: RegexTokens, char: string): FlagGroup {
  const on: Partial<RegexFlags> = {};
  const off: Partial<RegexFlags> = {};
  let letter: string | undefined = char;
  let types = "";
  if (letter !== "-") {
    do {
      types += "au".includes(letter) && !types.includes(letter) ? letter : "";
      if (types.length > 1)
        throw tokens.error("bad inline flags: flags 'a', 'u' and 'L' are incompatible");
      setFlag(tokens, on, letter);
      letter = tokens.get();
      if (letter === undefined) throw tokens.error("missing -, : or )");
    } while (!")-:".includes(letter));
  }
  if (letter === ")") return { on, off, types, isGlobal: true };
  if (letter === "-") flagsOff(tokens, off);
  const both = Object.keys(on).some((flag) => Object.hasOwn(off, flag));
  if (both) throw tokens.error("bad inline flags: flag turned on and off");
  return { on, off, types, isGlobal: false };
}

// The flags after the hyphen, with the colon.
function flagsOff(tokens: RegexTokens, off: Partial<RegexFlags>): void {
  let letter = tokens.get();
  if (letter === undefined) throw tokens.error("missing flag");
  do {
    if ("auL".includes(letter))
      throw tokens.error("bad inline flags: cannot turn off flags 'a', 'u' and 'L'");
    setFlag(tokens, off, letter);
    letter = tokens.get();
    if (letter === undefined) throw tokens.error("missing :");
  } while (letter !== ":");
}

// Notes one flag.
function setFlag(tokens: RegexTokens, flags: Partial<RegexFlags>, letter: string): void {
  if (letter === "L")
    throw tokens.error("bad inline flags: cannot use 'L' flag with a str pattern");
  const flag = ownProperty(FLAGS, letter);
  if (flag === undefined)
    throw tokens.error(LETTER.test(letter) ? "unknown flag" : "missing -, : or )");
  if (flag !== "") flags[flag] = true;
}
