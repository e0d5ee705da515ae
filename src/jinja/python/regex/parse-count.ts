import { DIGIT, type RegexTokens } from "./tokens.ts";
import type { Width } from "./tree.ts";

const COUNTS: { readonly [sign: string]: Width } = {
  "*": [0, Infinity],
  "+": [1, Infinity],
  "?": [0, 1],
};

// How often an item is repeated: *, +, ?, {2,3}; undefined: a brace that is no count.
export function parseCount(tokens: RegexTokens, sign: string): Width | undefined {
  return sign === "{" ? braces(tokens) : COUNTS[sign];
}

// The content of {2,3}; undefined: it is not a count.
function braces(tokens: RegexTokens): Width | undefined {
  if (tokens.next === "}") return undefined;
  const begin = tokens.tell();
  const low = tokens.getWhile(Infinity, DIGIT);
  const comma = tokens.accept(",");
  const high = comma ? tokens.getWhile(Infinity, DIGIT) : low;
  if (!tokens.accept("}")) {
    tokens.seek(begin);
    return undefined;
  }
  const [least, most] = [Number(low || "0"), high === "" ? Infinity : Number(high)];
  if (least >= 2 ** 32 - 1 || (most !== Infinity && most >= 2 ** 32 - 1))
    throw tokens.error("the repetition number is too large");
  if (most < least) throw tokens.error("min repeat greater than max repeat");
  return [least, most];
}
