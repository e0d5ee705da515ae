import type { Expr, MacroDef, Node, Target } from "./ast.ts";
import { Fault } from "./fault.ts";
import { parseExpression, parseFilterChain, parseOr, parseTuple } from "./parse-expression.ts";
import { didYouMean } from "../suggest.ts";
import type { TokenStream } from "./tokens.ts";
import { own } from "./own.ts";

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

// Statements up to one of the closing words; a template without them ends at its end.
function parseUntil(tokens: TokenStream, ends: string[], opened?: { name: string; at: number }): { body: Node[]; end: string } {
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
      body.push(parseStatement(tokens, ends));
    }
  }
}

// {{ value }}
function parsePrint(tokens: TokenStream, at: number): Node {
  const value = parseTuple(tokens);
  tokens.expect("variable_end");
  return { kind: "print", at, value };
}

// One statement, after its {%.
function parseStatement(tokens: TokenStream, ends: string[]): Node {
  const { text: name, at, kind } = tokens.current;
  if (kind !== "name") throw tokens.unexpected("the name of a statement");
  const parse = own(STATEMENTS, name);
  if (!parse) throw unknownStatement(name, at, ends);
  tokens.next();
  const node = parse(tokens, at);
  tokens.expect("block_end");
  return node;
}

// The error for a word that starts no statement.
function unknownStatement(name: string, at: number, ends: string[]): Fault {
  if (name === "do") return new Fault('there is no statement "do"', "write {% set _ = ... %}", at);
  const hint = ends.length > 0 && /^(end|el)/.test(name) ? `expected {% ${ends.join(" %} or {% ")} %}` : didYouMean(name, [...Object.keys(STATEMENTS), ...ends]);
  return new Fault(`there is no statement "${name}"${/^end/.test(name) ? " to close here" : ""}`, hint, at);
}

// The body of a statement up to its closing word, which it takes.
function parseBody(tokens: TokenStream, name: string, at: number): Node[] {
  tokens.expect("block_end");
  return parseUntil(tokens, [`end${name}`], { name, at }).body;
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
  return { kind: "for", at, target, list, filter, recursive, body, otherwise: end === "else" ? parseBody(tokens, "for", at) : [] };
}

// What a for or set fills: a name, names with commas, or namespace.field.
function parseTarget(tokens: TokenStream, withField = false): Target {
  const at = tokens.current.at;
  const targets = [parseOneTarget(tokens, withField)];
  let several = false;
  while (tokens.skipOperator(",")) {
    several = true;
    if (tokens.current.kind === "name" && !tokens.isName("in") || tokens.isOperator("(")) targets.push(parseOneTarget(tokens, withField));
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
  if (/^(true|false|none|True|False|None)$/.test(name)) throw new Fault(`${name} cannot be assigned to`, undefined, at);
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

// {% macro name(a, b=1) %}...{% endmacro %}
function parseMacro(tokens: TokenStream, at: number): MacroDef {
  const name = tokens.expect("name").text;
  return finishMacro(tokens, name, "macro", at, () => parseParams(tokens));
}

// Parameters, body and end of a macro or a call block.
function finishMacro(tokens: TokenStream, name: string, word: string, at: number, head: () => MacroDef["params"]): MacroDef {
  const params = head();
  const outer = tokens.namesSeen;
  tokens.namesSeen = new Set();
  const body = parseBody(tokens, word, at);
  const seen = tokens.namesSeen;
  tokens.namesSeen = new Set([...outer, ...seen]);
  const uses = { varargs: seen.has("varargs"), kwargs: seen.has("kwargs"), caller: seen.has("caller") };
  return { name, at, params, body, uses };
}

// (a, b=1)
function parseParams(tokens: TokenStream): MacroDef["params"] {
  const params: MacroDef["params"] = [];
  tokens.expectOperator("(");
  while (!tokens.skipOperator(")")) {
    if (params.length > 0) tokens.expectOperator(",");
    const { text: name, at } = tokens.expect("name");
    const fallback = tokens.skipOperator("=") ? parseExpression(tokens) : undefined;
    if (!fallback && params.at(-1)?.fallback) throw new Fault(`the parameter "${name}" needs a default, as the one before it has one`, undefined, at);
    params.push({ name, fallback });
  }
  return params;
}

// {% call(x) macro() %}...{% endcall %}
function parseCall(tokens: TokenStream, at: number): Node {
  const params = tokens.isOperator("(") ? parseParams(tokens) : [];
  const call = parseExpression(tokens);
  if (call.kind !== "call") throw new Fault("{% call %} needs a call of a macro", undefined, call.at);
  return { kind: "call_block", at, call, caller: finishMacro(tokens, "caller", "call", at, () => params) };
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

// "with context", "without context"
function parseContext(tokens: TokenStream, fallback: boolean): boolean {
  const word = tokens.current.text;
  if (!tokens.isName("with", "without") || tokens.following.text !== "context") return fallback;
  tokens.next();
  tokens.next();
  return word === "with";
}

// {% include name ignore missing with context %}
function parseInclude(tokens: TokenStream, at: number): Node {
  const name = parseExpression(tokens);
  const ignoreMissing = tokens.isName("ignore") && tokens.following.text === "missing";
  if (ignoreMissing) {
    tokens.next();
    tokens.next();
  }
  return { kind: "include", at, name, ignoreMissing, withContext: parseContext(tokens, true) };
}

// {% import name as x %}
function parseImport(tokens: TokenStream, at: number): Node {
  const name = parseExpression(tokens);
  tokens.expectName("as");
  const target = tokens.expect("name").text;
  return { kind: "import", at, name, target, withContext: parseContext(tokens, false) };
}

// {% from name import a, b as c %}
function parseFrom(tokens: TokenStream, at: number): Node {
  const name = parseExpression(tokens);
  tokens.expectName("import");
  const names: [string, string][] = [];
  while (tokens.current.kind === "name" && !(tokens.isName("with", "without") && tokens.following.text === "context")) {
    const { text, at: nameAt } = tokens.next();
    if (text.startsWith("_")) throw new Fault("names that start with an underscore cannot be imported", undefined, nameAt);
    names.push([text, tokens.skipName("as") ? tokens.expect("name").text : text]);
    if (!tokens.skipOperator(",")) break;
  }
  if (names.length === 0) throw tokens.unexpected("a name to import");
  return { kind: "from_import", at, name, names, withContext: parseContext(tokens, false) };
}

// {% block name scoped required %}...{% endblock name %}
function parseBlock(tokens: TokenStream, at: number): Node {
  const name = tokens.expect("name").text;
  if (tokens.isOperator("-")) throw new Fault("a block's name may not hold a hyphen", undefined, tokens.current.at);
  const scoped = tokens.skipName("scoped");
  const required = tokens.skipName("required");
  const body = parseBody(tokens, "block", at);
  if (tokens.current.kind === "name" && tokens.next().text !== name) throw new Fault(`this endblock closes the block "${name}"`, undefined, tokens.current.at);
  return { kind: "block", at, name, scoped, required, body };
}

