import type { Args, Expr } from "./ast.ts";
import { Fault } from "../core/fault.ts";
import { floatLiteral, integerLiteral, stringLiteral } from "./literal.ts";
import type { TokenStream } from "./tokens.ts";

const CONSTANTS = new Map<string, unknown>([
  ["true", true],
  ["True", true],
  ["false", false],
  ["False", false],
  ["none", null],
  ["None", null],
]);

// A name, a literal, or something in brackets.
export function parsePrimary(tokens: TokenStream): Expr {
  const token = tokens.current;
  const { at, text } = token;
  if (token.kind === "name") return parseName(tokens);
  if (token.kind === "string") return parseString(tokens);
  if (token.kind === "integer")
    return (tokens.next(), { kind: "const", at, value: integerLiteral(text) });
  if (token.kind === "float")
    return (tokens.next(), { kind: "const", at, value: floatLiteral(text) });
  if (tokens.skipOperator("(")) return parseParens(tokens, at);
  if (tokens.skipOperator("[")) return { kind: "list", at, items: parseItems(tokens, "]") };
  if (tokens.skipOperator("{")) return parseDict(tokens, at);
  throw tokens.unexpected("a value");
}

// A variable, or true, false, none.
function parseName(tokens: TokenStream): Expr {
  const { at, text } = tokens.next();
  if (/^[\p{N}]/u.test(text)) throw new Fault(`"${text}" is not a name`, undefined, at);
  tokens.namesSeen.add(text);
  return CONSTANTS.has(text)
    ? { kind: "const", at, value: CONSTANTS.get(text) }
    : { kind: "name", at, name: text };
}

// A string; strings that follow each other are one.
function parseString(tokens: TokenStream): Expr {
  const at = tokens.current.at;
  let value = "";
  while (tokens.current.kind === "string")
    value += stringLiteral(tokens.next().text, tokens.keepsBackslashes);
  return { kind: "const", at, value };
}

// The inside of round brackets: a value, or a tuple.
function parseParens(tokens: TokenStream, at: number): Expr {
  if (tokens.skipOperator(")")) return { kind: "tuple", at, items: [] };
  const expr = parseTuple(tokens);
  tokens.expectOperator(")");
  return expr;
}

// One value, or several with commas, which are a tuple.
export function parseTuple(
  tokens: TokenStream,
  element: (tokens: TokenStream) => Expr = tokens.grammar.expression,
): Expr {
  const at = tokens.current.at;
  const items = [element(tokens)];
  let isTuple = false;
  while (tokens.skipOperator(",")) {
    isTuple = true;
    if (endsTuple(tokens)) break;
    items.push(element(tokens));
  }
  return isTuple ? { kind: "tuple", at, items } : items[0]!;
}

// Whether a tuple ends after its comma.
function endsTuple(tokens: TokenStream): boolean {
  const { kind } = tokens.current;
  return (
    kind === "variable_end" ||
    kind === "block_end" ||
    kind === "end" ||
    tokens.isOperator(")") ||
    tokens.isName("in")
  );
}

// Values with commas up to a closing bracket.
function parseItems(tokens: TokenStream, close: string): Expr[] {
  const items: Expr[] = [];
  while (!tokens.skipOperator(close)) {
    if (items.length > 0) tokens.expectOperator(",");
    if (tokens.skipOperator(close)) break;
    items.push(tokens.grammar.expression(tokens));
  }
  return items;
}

// The inside of curly brackets.
function parseDict(tokens: TokenStream, at: number): Expr {
  const pairs: [Expr, Expr][] = [];
  while (!tokens.skipOperator("}")) {
    if (pairs.length > 0) tokens.expectOperator(",");
    if (tokens.skipOperator("}")) break;
    const key = tokens.grammar.expression(tokens);
    tokens.expectOperator(":");
    pairs.push([key, tokens.grammar.expression(tokens)]);
  }
  return { kind: "dict", at, pairs };
}

// Attributes, items and calls after a value.
export function parsePostfix(tokens: TokenStream, value: Expr): Expr {
  let expr = value;
  for (;;) {
    const at = tokens.current.at;
    if (tokens.skipOperator(".")) expr = parseAttribute(tokens, expr);
    else if (tokens.skipOperator("[")) expr = parseSubscript(tokens, expr, at);
    else if (tokens.skipOperator("("))
      expr = { kind: "call", at: expr.at, callee: expr, args: parseArguments(tokens) };
    else return expr;
  }
}

// x.name, or x.0
function parseAttribute(tokens: TokenStream, object: Expr): Expr {
  const token = tokens.next();
  if (token.kind === "name") return { kind: "attr", at: token.at, object, name: token.text };
  if (token.kind !== "integer")
    throw new Fault("expected a name or a number after the dot", undefined, token.at);
  return {
    kind: "item",
    at: token.at,
    object,
    key: { kind: "const", at: token.at, value: integerLiteral(token.text) },
  };
}

// x[key], x[a:b:c], x[a, b]
function parseSubscript(tokens: TokenStream, object: Expr, at: number): Expr {
  const keys: Expr[] = [];
  do {
    if (keys.length > 0 && tokens.isOperator("]")) break;
    keys.push(parseKey(tokens));
  } while (tokens.skipOperator(","));
  tokens.expectOperator("]");
  const key: Expr = keys.length === 1 ? keys[0]! : { kind: "tuple", at, items: keys };
  return { kind: "item", at, object, key };
}

// One key of a subscript: a value or a slice.
function parseKey(tokens: TokenStream): Expr {
  const at = tokens.current.at;
  const start = tokens.isOperator(":") ? undefined : tokens.grammar.expression(tokens);
  if (start && !tokens.isOperator(":")) return start;
  tokens.expectOperator(":");
  const part = (): Expr | undefined =>
    tokens.isOperator(":") || tokens.isOperator("]") || tokens.isOperator(",")
      ? undefined
      : tokens.grammar.expression(tokens);
  const stop = part();
  const step = tokens.skipOperator(":") ? part() : undefined;
  return { kind: "slice", at, start, stop, step };
}

// The arguments of a call, after its opening bracket.
export function parseArguments(tokens: TokenStream): Args {
  const args: Args = { positional: [], named: [], spread: undefined, spreadNamed: undefined };
  let first = true;
  while (!tokens.skipOperator(")")) {
    if (!first) tokens.expectOperator(",");
    if (!first && tokens.skipOperator(")")) break;
    first = false;
    parseArgument(tokens, args);
  }
  return args;
}

// One argument of a call.
function parseArgument(tokens: TokenStream, args: Args): void {
  if (tokens.skipOperator("**")) args.spreadNamed = tokens.grammar.expression(tokens);
  else if (tokens.skipOperator("*")) args.spread = tokens.grammar.expression(tokens);
  else if (
    tokens.current.kind === "name" &&
    tokens.following.kind === "operator" &&
    tokens.following.text === "="
  ) {
    const name = tokens.next().text;
    tokens.next();
    args.named.push([name, tokens.grammar.expression(tokens)]);
  } else {
    if (args.named.length > 0 || args.spreadNamed)
      throw new Fault(
        "an argument without a name comes after one with a name",
        undefined,
        tokens.current.at,
      );
    args.positional.push(tokens.grammar.expression(tokens));
  }
}
