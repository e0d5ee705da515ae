import type { Args, Expr } from "./ast.ts";
import { Fault } from "./fault.ts";
import { floatLiteral, integerLiteral, stringLiteral } from "./literal.ts";
import type { TokenStream } from "./tokens.ts";

const COMPARISONS = new Set(["==", "!=", "<", "<=", ">", ">="]);
const CONSTANTS = new Map<string, unknown>([["true", true], ["True", true], ["false", false], ["False", false], ["none", null], ["None", null]]);
const LITERALS = new Set(["name", "string", "integer", "float"]);

// expression: a value, with `x if y else z` around it.
export function parseExpression(tokens: TokenStream): Expr {
  let expr = parseOr(tokens);
  while (tokens.isName("if")) {
    const at = tokens.next().at;
    const test = parseOr(tokens);
    const otherwise = tokens.skipName("else") ? parseExpression(tokens) : undefined;
    expr = { kind: "cond", at, test, then: expr, otherwise };
  }
  return expr;
}

// An expression without `if` around it, as the list of a for loop is.
export function parseOr(tokens: TokenStream): Expr {
  let left = parseAnd(tokens);
  while (tokens.isName("or")) left = { kind: "or", at: tokens.next().at, left, right: parseAnd(tokens) };
  return left;
}

// a and b
function parseAnd(tokens: TokenStream): Expr {
  let left = parseNot(tokens);
  while (tokens.isName("and")) left = { kind: "and", at: tokens.next().at, left, right: parseNot(tokens) };
  return left;
}

// not a
function parseNot(tokens: TokenStream): Expr {
  if (tokens.isName("not")) return { kind: "not", at: tokens.next().at, value: parseNot(tokens) };
  return parseCompare(tokens);
}

// a < b <= c, a in b, a not in b
function parseCompare(tokens: TokenStream): Expr {
  const first = parseSum(tokens);
  const rest: { operator: string; value: Expr; at: number }[] = [];
  for (let operator = comparison(tokens); operator; operator = comparison(tokens)) {
    const at = tokens.current.at;
    rest.push({ operator, at, value: parseSum(tokens) });
  }
  return rest.length === 0 ? first : { kind: "compare", at: first.at, first, rest };
}

// Takes a comparison operator if one comes next.
function comparison(tokens: TokenStream): string | undefined {
  if (tokens.current.kind === "operator" && COMPARISONS.has(tokens.current.text)) return tokens.next().text;
  if (tokens.skipName("in")) return "in";
  if (!tokens.isName("not") || tokens.following.kind !== "name" || tokens.following.text !== "in") return undefined;
  tokens.next();
  tokens.next();
  return "not in";
}

// A chain of operators of one rank, from left to right.
function chain(tokens: TokenStream, operators: string[], operand: (tokens: TokenStream) => Expr): Expr {
  let left = operand(tokens);
  while (tokens.current.kind === "operator" && operators.includes(tokens.current.text)) {
    const { at, text } = tokens.next();
    left = { kind: "binary", at, operator: text, left, right: operand(tokens) };
  }
  return left;
}

// a + b - c
function parseSum(tokens: TokenStream): Expr {
  return chain(tokens, ["+", "-"], parseConcat);
}

// a ~ b
function parseConcat(tokens: TokenStream): Expr {
  const parts = [parseProduct(tokens)];
  while (tokens.skipOperator("~")) parts.push(parseProduct(tokens));
  return parts.length === 1 ? parts[0]! : { kind: "concat", at: parts[0]!.at, parts };
}

// a * b / c // d % e
function parseProduct(tokens: TokenStream): Expr {
  return chain(tokens, ["*", "/", "//", "%"], parsePower);
}

// a ** b, from left to right as in Jinja2
function parsePower(tokens: TokenStream): Expr {
  return chain(tokens, ["**"], (stream) => parseUnary(stream, true));
}

// -a, with its filters
function parseUnary(tokens: TokenStream, withFilters: boolean): Expr {
  let expr: Expr;
  if (tokens.isOperator("-") || tokens.isOperator("+")) {
    const { at, text } = tokens.next();
    expr = { kind: "unary", at, operator: text === "-" ? "-" : "+", value: parseUnary(tokens, false) };
  } else expr = parsePrimary(tokens);
  expr = parsePostfix(tokens, expr);
  return withFilters ? parseFilters(tokens, expr) : expr;
}

// A name, a literal, or something in brackets.
function parsePrimary(tokens: TokenStream): Expr {
  const token = tokens.current;
  const { at, text } = token;
  if (token.kind === "name") return parseName(tokens);
  if (token.kind === "string") return parseString(tokens);
  if (token.kind === "integer") return tokens.next(), { kind: "const", at, value: integerLiteral(text) };
  if (token.kind === "float") return tokens.next(), { kind: "const", at, value: floatLiteral(text) };
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
  return CONSTANTS.has(text) ? { kind: "const", at, value: CONSTANTS.get(text) } : { kind: "name", at, name: text };
}

// A string; strings that follow each other are one.
function parseString(tokens: TokenStream): Expr {
  const at = tokens.current.at;
  let value = "";
  while (tokens.current.kind === "string") value += stringLiteral(tokens.next().text, tokens.keepsBackslashes);
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
export function parseTuple(tokens: TokenStream, element: (tokens: TokenStream) => Expr = parseExpression): Expr {
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

// Tells whether a tuple ends after its comma.
function endsTuple(tokens: TokenStream): boolean {
  const { kind } = tokens.current;
  return kind === "variable_end" || kind === "block_end" || kind === "end" || tokens.isOperator(")") || tokens.isName("in");
}

// Values with commas up to a closing bracket.
function parseItems(tokens: TokenStream, close: string): Expr[] {
  const items: Expr[] = [];
  while (!tokens.skipOperator(close)) {
    if (items.length > 0) tokens.expectOperator(",");
    if (tokens.skipOperator(close)) break;
    items.push(parseExpression(tokens));
  }
  return items;
}

// The inside of curly brackets.
function parseDict(tokens: TokenStream, at: number): Expr {
  const pairs: [Expr, Expr][] = [];
  while (!tokens.skipOperator("}")) {
    if (pairs.length > 0) tokens.expectOperator(",");
    if (tokens.skipOperator("}")) break;
    const key = parseExpression(tokens);
    tokens.expectOperator(":");
    pairs.push([key, parseExpression(tokens)]);
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
    else if (tokens.skipOperator("(")) expr = { kind: "call", at: expr.at, callee: expr, args: parseArguments(tokens) };
    else return expr;
  }
}

// x.name, or x.0
function parseAttribute(tokens: TokenStream, object: Expr): Expr {
  const token = tokens.next();
  if (token.kind === "name") return { kind: "attr", at: token.at, object, name: token.text };
  if (token.kind !== "integer") throw new Fault("expected a name or a number after the dot", undefined, token.at);
  return { kind: "item", at: token.at, object, key: { kind: "const", at: token.at, value: integerLiteral(token.text) } };
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
  const start = tokens.isOperator(":") ? undefined : parseExpression(tokens);
  if (start && !tokens.isOperator(":")) return start;
  tokens.expectOperator(":");
  const part = (): Expr | undefined => (tokens.isOperator(":") || tokens.isOperator("]") || tokens.isOperator(",") ? undefined : parseExpression(tokens));
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
  if (tokens.skipOperator("**")) args.spreadNamed = parseExpression(tokens);
  else if (tokens.skipOperator("*")) args.spread = parseExpression(tokens);
  else if (tokens.current.kind === "name" && tokens.following.kind === "operator" && tokens.following.text === "=") {
    const name = tokens.next().text;
    tokens.next();
    args.named.push([name, parseExpression(tokens)]);
  } else {
    if (args.named.length > 0 || args.spreadNamed) throw new Fault("an argument without a name stands after one with a name", undefined, tokens.current.at);
    args.positional.push(parseExpression(tokens));
  }
}

// Filters, tests and calls after a value.
function parseFilters(tokens: TokenStream, value: Expr): Expr {
  let expr = value;
  for (;;) {
    if (tokens.isOperator("|")) expr = parseFilter(tokens, expr);
    else if (tokens.isName("is")) expr = parseTest(tokens, expr);
    else if (tokens.isOperator("(")) expr = parsePostfix(tokens, expr);
    else return expr;
  }
}

// One filter with its arguments, after its bar.
function parseFilter(tokens: TokenStream, value: Expr | undefined): Expr {
  tokens.expectOperator("|");
  return parseFilterName(tokens, value);
}

// The filters of a filter block or a set block: the first has no value of its own.
export function parseFilterChain(tokens: TokenStream): Expr {
  let expr = parseFilterName(tokens, undefined);
  while (tokens.isOperator("|")) expr = parseFilter(tokens, expr);
  return expr;
}

// The name of a filter, with its arguments.
function parseFilterName(tokens: TokenStream, value: Expr | undefined): Expr {
  const at = tokens.current.at;
  const name = parseDotted(tokens);
  const args = tokens.skipOperator("(") ? parseArguments(tokens) : NO_ARGS;
  return { kind: "filter", at, name, value, args };
}

const NO_ARGS: Args = { positional: [], named: [], spread: undefined, spreadNamed: undefined };

// A name with dots, as collections name their filters; ours are all in ansible.builtin.
function parseDotted(tokens: TokenStream): string {
  let name = tokens.expect("name").text;
  while (tokens.skipOperator(".")) name += `.${tokens.expect("name").text}`;
  return name.replace(/^ansible\.(builtin|legacy)\./, "");
}

// x is test, x is not test(1), x is test 1
function parseTest(tokens: TokenStream, value: Expr): Expr {
  tokens.expectName("is");
  const negated = tokens.skipName("not");
  const at = tokens.current.at;
  const name = parseDotted(tokens);
  const test: Expr = { kind: "test", at, name, value, args: testArguments(tokens) };
  return negated ? { kind: "not", at, value: test } : test;
}

// The arguments of a test: in brackets, or one value right after it.
function testArguments(tokens: TokenStream): Args {
  if (tokens.skipOperator("(")) return parseArguments(tokens);
  const { kind } = tokens.current;
  const starts = LITERALS.has(kind) || tokens.isOperator("[") || tokens.isOperator("{");
  if (!starts || tokens.isName("else", "or", "and", "if", "in", "not", "is")) {
    if (tokens.isName("is")) throw new Fault('tests cannot be chained with "is"', 'join them with "and"', tokens.current.at);
    return NO_ARGS;
  }
  return { ...NO_ARGS, positional: [parsePostfix(tokens, parsePrimary(tokens))] };
}
