import { didYouMean } from "../../suggest.ts";
import type { Expr, Node, Target } from "./ast.ts";
import { Fault } from "../core/fault.ts";
import { ownProperty } from "../core/own-property.ts";
import { parseBody, parseUntil } from "./parse-body.ts";
import { parseExpression, parseOr } from "./parse-expression.ts";
import { parseFilterChain } from "./parse-filter.ts";
import { parseCall, parseMacro } from "./parse-macro.ts";
import { parseFrom, parseImport, parseInclude } from "./parse-reference.ts";
import { parseTuple } from "./parse-value.ts";
import type { TokenStream } from "./tokens.ts";

const STATEMENTS: { [name: string]: (tokens: TokenStream, at: number) => Node } = {
  if: parseIf,
  for: parseFor,
  set: parseSet,
  with: parseWith,
  macro: (tokens, at) => ({ kind: "macro", at, macro: parseMacro(tokens, at) }),
  call: parseCall,
  filter: parseFilterBlock,
  include: parseInclude,
  import: parseImport,
  from: parseFrom,
  extends: (tokens, at) => ({ kind: "extends", at, name: parseExpression(tokens) }),
  block: parseBlock,
  autoescape: parseAutoescape,
};

// A whole template.
export function parseNodes(tokens: TokenStream): Node[] {
  return parseUntil(tokens, []).body;
}

// One statement, after its {%.
export function parseStatement(tokens: TokenStream, ends: string[]): Node {
  const { text: name, at, kind } = tokens.current;
  if (kind !== "name") throw tokens.unexpected("the name of a statement");
  const parse = ownProperty(STATEMENTS, name);
  if (!parse) throw unknownStatement(name, at, ends);
  tokens.next();
  const node = parse(tokens, at);
  tokens.expect("block_end");
  return node;
}

// The error for a word that starts no statement.
function unknownStatement(name: string, at: number, ends: string[]): Fault {
  if (name === "do") return new Fault('there is no statement "do"', "write {% set _ = ... %}", at);
  const hint =
    ends.length > 0 && /^(end|el)/.test(name)
      ? `expected {% ${ends.join(" %} or {% ")} %}`
      : didYouMean(name, [...Object.keys(STATEMENTS), ...ends]);
  return new Fault(
    `there is no statement "${name}"${/^end/.test(name) ? " to close here" : ""}`,
    hint,
    at,
  );
}

// {% if %} {% elif %} {% else %} {% endif %}
function parseIf(tokens: TokenStream, at: number): Node {
  const branches: { test: Expr; body: Node[] }[] = [];
  let end = "elif";
  while (end === "elif") {
    const test = parseTuple(tokens);
    tokens.expect("block_end");
    const part = parseUntil(tokens, ["elif", "else", "endif"], { name: "if", at });
    branches.push({ test, body: part.body });
    end = part.end;
  }
  return { kind: "if", at, branches, otherwise: end === "else" ? parseBody(tokens, "if", at) : [] };
}

// {% for x in list if filter recursive %} {% else %} {% endfor %}
function parseFor(tokens: TokenStream, at: number): Node {
  const target = parseTarget(tokens);
  tokens.expectName("in");
  const list = parseTuple(tokens, parseOr);
  const filter = tokens.skipName("if") ? parseExpression(tokens) : undefined;
  const recursive = tokens.skipName("recursive");
  tokens.expect("block_end");
  const { body, end } = parseUntil(tokens, ["else", "endfor"], { name: "for", at });
  return {
    kind: "for",
    at,
    target,
    list,
    filter,
    recursive,
    body,
    otherwise: end === "else" ? parseBody(tokens, "for", at) : [],
  };
}

// What a for or set fills: a name, names with commas, or namespace.field.
function parseTarget(tokens: TokenStream, withField = false): Target {
  const at = tokens.current.at;
  const targets = [parseOneTarget(tokens, withField)];
  let several = false;
  while (tokens.skipOperator(",")) {
    several = true;
    if ((tokens.current.kind === "name" && !tokens.isName("in")) || tokens.isOperator("("))
      targets.push(parseOneTarget(tokens, withField));
    else break;
  }
  return several ? { kind: "names", at, targets } : targets[0]!;
}

// One target.
function parseOneTarget(tokens: TokenStream, withField: boolean): Target {
  if (tokens.skipOperator("(")) {
    const inner = parseTarget(tokens);
    tokens.expectOperator(")");
    return inner;
  }
  const { at, text: name } = tokens.expect("name");
  if (/^(true|false|none|True|False|None)$/.test(name))
    throw new Fault(`${name} cannot be assigned to`, undefined, at);
  if (!withField || !tokens.skipOperator(".")) return { kind: "name", at, name };
  return { kind: "field", at, name, field: tokens.expect("name").text };
}

// {% set x = value %}, {% set x %}...{% endset %}
function parseSet(tokens: TokenStream, at: number): Node {
  const target = parseTarget(tokens, true);
  if (tokens.skipOperator("=")) return { kind: "set", at, target, value: parseTuple(tokens) };
  const filters = tokens.skipOperator("|") ? parseFilterChain(tokens) : undefined;
  return { kind: "set_block", at, target, filters, body: parseBody(tokens, "set", at) };
}

// {% with x = 1, y = 2 %}...{% endwith %}
function parseWith(tokens: TokenStream, at: number): Node {
  const bindings: [Target, Expr][] = [];
  while (tokens.current.kind !== "block_end") {
    if (bindings.length > 0) tokens.expectOperator(",");
    const target = parseOneTarget(tokens, false);
    tokens.expectOperator("=");
    bindings.push([target, parseExpression(tokens)]);
  }
  return { kind: "with", at, bindings, body: parseBody(tokens, "with", at) };
}

// {% filter upper %}...{% endfilter %}
function parseFilterBlock(tokens: TokenStream, at: number): Node {
  const filters = parseFilterChain(tokens);
  return { kind: "filter_block", at, filters, body: parseBody(tokens, "filter", at) };
}

// {% autoescape x %}...{% endautoescape %}: nothing is escaped here, it is a scope of its own.
function parseAutoescape(tokens: TokenStream, at: number): Node {
  parseExpression(tokens);
  return { kind: "scope", at, body: parseBody(tokens, "autoescape", at) };
}

// {% block name scoped required %}...{% endblock name %}
function parseBlock(tokens: TokenStream, at: number): Node {
  const name = tokens.expect("name").text;
  if (tokens.isOperator("-"))
    throw new Fault("a block's name may not hold a hyphen", undefined, tokens.current.at);
  const scoped = tokens.skipName("scoped");
  const required = tokens.skipName("required");
  const body = parseBody(tokens, "block", at);
  if (tokens.current.kind === "name" && tokens.next().text !== name)
    throw new Fault(`this endblock closes the block "${name}"`, undefined, tokens.current.at);
  return { kind: "block", at, name, scoped, required, body };
}
