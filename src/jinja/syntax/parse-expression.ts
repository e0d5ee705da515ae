import type { Expr } from "./ast.ts";
import { parseFilters } from "./parse-filter.ts";
import { parsePostfix, parsePrimary } from "./parse-value.ts";
import type { TokenStream } from "./tokens.ts";

const COMPARISONS = new Set(["==", "!=", "<", "<=", ">", ">="]);

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
  while (tokens.isName("or"))
    left = { kind: "or", at: tokens.next().at, left, right: parseAnd(tokens) };
  return left;
}

// a and b
function parseAnd(tokens: TokenStream): Expr {
  let left = parseNot(tokens);
  while (tokens.isName("and"))
    left = { kind: "and", at: tokens.next().at, left, right: parseNot(tokens) };
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
  if (tokens.current.kind === "operator" && COMPARISONS.has(tokens.current.text))
    return tokens.next().text;
  if (tokens.skipName("in")) return "in";
  if (!tokens.isName("not") || tokens.following.kind !== "name" || tokens.following.text !== "in")
    return undefined;
  tokens.next();
  tokens.next();
  return "not in";
}

// A chain of operators of one rank, from left to right.
function chain(
  tokens: TokenStream,
  operators: string[],
  operand: (tokens: TokenStream) => Expr,
): Expr {
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
    expr = {
      kind: "unary",
      at,
      operator: text === "-" ? "-" : "+",
      value: parseUnary(tokens, false),
    };
  } else expr = parsePrimary(tokens);
  expr = parsePostfix(tokens, expr);
  return withFilters ? parseFilters(tokens, expr) : expr;
}
