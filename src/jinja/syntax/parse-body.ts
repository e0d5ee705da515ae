import type { Node } from "./ast.ts";
import { Fault } from "../core/fault.ts";
import { parseTuple } from "./parse-value.ts";
import type { TokenStream } from "./tokens.ts";

// Statements up to one of the closing words; a template without them ends at its end.
export function parseUntil(
  tokens: TokenStream,
  ends: string[],
  opened?: { name: string; at: number },
): { body: Node[]; end: string } {
  const body: Node[] = [];
  for (;;) {
    const { kind, at, text } = tokens.current;
    if (kind === "end") {
      if (!opened) return { body, end: "" };
      throw new Fault(`{% ${opened.name} %} is not closed`, `add {% ${ends.at(-1)} %}`, opened.at);
    }
    tokens.next();
    if (kind === "data") body.push({ kind: "text", at, text });
    else if (kind === "variable_begin") body.push(parsePrint(tokens, at));
    else {
      if (tokens.isName(...ends)) return { body, end: tokens.next().text };
      body.push(tokens.grammar.statement(tokens, ends));
    }
  }
}

// {{ value }}
function parsePrint(tokens: TokenStream, at: number): Node {
  const value = parseTuple(tokens);
  tokens.expect("variable_end");
  return { kind: "print", at, value };
}

// The body of a statement up to its closing word, which it takes.
export function parseBody(tokens: TokenStream, name: string, at: number): Node[] {
  tokens.expect("block_end");
  return parseUntil(tokens, [`end${name}`], { name, at }).body;
}
