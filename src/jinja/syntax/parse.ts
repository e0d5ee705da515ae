import type { Expr, Node } from "./ast.ts";
import type { Environment } from "../core/callable.ts";
import { checkNames } from "./check-names.ts";
import { STANDARD_EDGES, type Edges } from "./delimiters.ts";
import { Fault, located, type ForeignFault, type Origin } from "../core/fault.ts";
import { Lexer, type LexOptions } from "./lexer.ts";
import { parseExpression } from "./parse-expression.ts";
import { parseNodes, parseStatement } from "./parse-statement.ts";
import { TokenStream, type Grammar } from "./tokens.ts";
import { walk, walkNodes } from "./walk.ts";
import { ownProperty } from "../core/own-property.ts";

/** A parsed text: offsets only, so that equal texts in different places share it. */
export interface Parsed {
  nodes: readonly Node[];
  /** It may change lists or dicts in place, so it gets copies of the variables. */
  mutates: boolean;
  /** A filter, test or lookup in it that Ansible has and we do not. */
  foreign: ForeignFault | undefined;
}

const GRAMMAR: Grammar = { expression: parseExpression, statement: parseStatement };
const CACHE_SIZE = 20_000;
/**
 * Parsed texts by how they are read: no key is put together for a text, which may be long and is
 * asked for again and again.
 */
const caches = new WeakMap<Environment, Map<string, Map<string, Parsed>>>();

// Parses a template, once for equal texts; errors come with their place.
export function parseSource(
  source: string,
  origin: Origin,
  env: Environment,
  options: LexOptions,
): Parsed {
  return cached(env, wayOf(options), source, origin, () => {
    const { start, options: effective } = header(source, options);
    return parseNodes(
      new TokenStream(
        new Lexer(source.replace(/\r?\n$/, ""), effective, start).template(),
        GRAMMAR,
        options.plainBackslashes,
      ),
    );
  });
}

// How a template is read, as a text to find it by.
function wayOf({ trimBlocks, lstripBlocks, plainBackslashes, edges }: LexOptions): string {
  const way =
    (trimBlocks ? "t" : "") + (lstripBlocks ? "l" : "") + (plainBackslashes === true ? "b" : "");
  return edges ? way + JSON.stringify(edges) : way;
}

// Parses a bare expression, once for equal texts, as a template that prints it.
export function parseBare(source: string, origin: Origin, env: Environment): Parsed {
  return cached(env, "bare", source, origin, () => {
    const tokens = new TokenStream(
      new Lexer(source, {
        trimBlocks: true,
        lstripBlocks: false,
        plainBackslashes: false,
      }).expression(),
      GRAMMAR,
      false,
    );
    const value = parseExpression(tokens);
    tokens.expect("end");
    walk(value, refuseNested);
    return [{ kind: "print", at: 0, value }];
  });
}

// A template inside a condition would be compared as text, which nobody means.
function refuseNested(expr: Expr): void {
  if (expr.kind !== "const" || typeof expr.value !== "string" || !expr.value.includes("{{")) return;
  throw new Fault(
    "an expression may not hold {{ }} in its texts",
    "write the name of the variable without quotes and braces",
    expr.at,
  );
}

// Looks a text up, or parses it; a cache that has grown too large is emptied.
function cached(
  env: Environment,
  way: string,
  source: string,
  origin: Origin,
  parse: () => Node[],
): Parsed {
  let ways = caches.get(env);
  if (!ways) caches.set(env, (ways = new Map()));
  let cache = ways.get(way);
  if (!cache || cache.size >= CACHE_SIZE) ways.set(way, (cache = new Map()));
  const known = cache.get(source);
  if (known) return known;
  const parsed = located(origin, 0, () => {
    const nodes = parse();
    return { nodes, mutates: mutates(nodes), foreign: checkNames(nodes, env) };
  });
  cache.set(source, parsed);
  return parsed;
}

const MUTATING = new Set([
  "append",
  "extend",
  "insert",
  "pop",
  "remove",
  "clear",
  "reverse",
  "sort",
  "update",
  "setdefault",
]);

// Whether a template names a method that changes a list or a dict.
function mutates(nodes: readonly Node[]): boolean {
  let found = false;
  walkNodes(nodes, (expr) => {
    const name = memberName(expr);
    found ||= typeof name === "string" && MUTATING.has(name);
  });
  return found;
}

// What an expression takes of its object: by its name, or by a key that is written out.
function memberName(expr: Expr): unknown {
  if (expr.kind === "attr") return expr.name;
  return expr.kind === "item" && expr.key.kind === "const" ? expr.key.value : undefined;
}

const HEADER = /^#jinja2:([^\n]*)(?:\n|$)/;
const FLAGS: { [name: string]: "trimBlocks" | "lstripBlocks" } = {
  trim_blocks: "trimBlocks",
  lstrip_blocks: "lstripBlocks",
};
const EDGE = /^(block|variable|comment)_(start|end)_string$/;

// Reads the line `#jinja2: trim_blocks: False` that a template may begin with.
function header(source: string, options: LexOptions): { start: number; options: LexOptions } {
  const match = HEADER.exec(source);
  if (!match) return { start: 0, options };
  let effective = { ...options };
  for (const pair of (match[1] ?? "").split(",")) {
    const [name = "", ...rest] = pair.split(":");
    effective = withSetting(effective, name.trim(), rest.join(":").trim());
  }
  return { start: match[0].length, options: effective };
}

// Whether a word names a kind of tags.
function isEdge(kind: string | undefined): kind is keyof Edges {
  return kind === "block" || kind === "variable" || kind === "comment";
}

// The options with one setting of a header, whose value is a literal of Python: a text that is not
// empty counts as True, as it does there.
function withSetting(options: LexOptions, name: string, written: string): LexOptions {
  const text = /^(["'])((?:(?!\1)[^\\])*)\1$/.exec(written)?.[2];
  const flag = ownProperty(FLAGS, name);
  if (flag && text !== undefined) return { ...options, [flag]: text !== "" };
  if (flag && /^(True|False|None|\d+)$/.test(written))
    return { ...options, [flag]: !/^(False|None|0+)$/.test(written) };
  const [, kind, side] = EDGE.exec(name) ?? [];
  if (isEdge(kind) && text) {
    const edges = options.edges ?? STANDARD_EDGES;
    const [begin, end] = edges[kind];
    const pair = side === "start" ? ([text, end] as const) : ([begin, text] as const);
    return { ...options, edges: { ...edges, [kind]: pair } };
  }
  throw new Fault(
    `the setting "${name}: ${written}" is not supported`,
    "trim_blocks and lstrip_blocks can be True or False, variable_start_string and its like a quoted text",
  );
}
