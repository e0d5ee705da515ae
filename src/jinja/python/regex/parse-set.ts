import type { RegexTokens } from "./tokens.ts";
import type { Category, RegexNode, SetItem } from "./tree.ts";

// [...]
export function parseSet(tokens: RegexTokens): RegexNode {
  const negated = tokens.accept("^");
  const items: SetItem[] = [];
  for (;;) {
    const token = tokens.get();
    if (token === undefined) throw tokens.error("unterminated character set");
    if (token === "]" && items.length > 0) return { kind: "set", negated, items };
    const low = member(tokens, token);
    if (!tokens.accept("-")) {
      items.push(low);
      continue;
    }
    const end = tokens.get();
    if (end === undefined) throw tokens.error("unterminated character set");
    if (end === "]") return { kind: "set", negated, items: [...items, low, charItem("-")] };
    items.push(range(tokens, low, member(tokens, end), `${token}-${end}`));
  }
}

// One member of a set.
function member(tokens: RegexTokens, token: string): SetItem {
  if (!token.startsWith("\\")) return charItem(token);
  const code = categoryOf(token.slice(1)) ?? tokens.character(token, 2);
  return typeof code === "number" ? { kind: "range", low: code, high: code } : code;
}

// a-z
function range(tokens: RegexTokens, low: SetItem, high: SetItem, written: string): SetItem {
  if (low.kind !== "range" || high.kind !== "range" || high.low < low.low)
    throw tokens.error(`bad character range ${written}`);
  return { kind: "range", low: low.low, high: high.low };
}

function charItem(char: string): SetItem {
  const code = char.codePointAt(0)!;
  return { kind: "range", low: code, high: code };
}

// \d, \w, \s and their opposites.
export function categoryOf(letter: string): SetItem | undefined {
  return "dDwWsS".includes(letter) ? { kind: "category", category: letter as Category } : undefined;
}
