import type { Args, Expr } from "./ast.ts";
import { Fault } from "../core/fault.ts";
import { parseArguments, parsePostfix, parsePrimary } from "./parse-value.ts";
import type { TokenStream } from "./tokens.ts";

const LITERALS = new Set(["name", "string", "integer", "float"]);
const NO_ARGS: Args = { positional: [], named: [], spread: undefined, spreadNamed: undefined };

// Filters, tests and calls after a value.
export function parseFilters(tokens: TokenStream, value: Expr): Expr {
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
    if (tokens.isName("is"))
      throw new Fault(
        'tests cannot be chained with "is"',
        'join them with "and"',
        tokens.current.at,
      );
    return NO_ARGS;
  }
  return { ...NO_ARGS, positional: [parsePostfix(tokens, parsePrimary(tokens))] };
}
