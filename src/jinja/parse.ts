import type { Expr, Node } from "./ast.ts";
import type { Environment } from "./callable.ts";
import { checkNames } from "./check-names.ts";
import { Fault, located, type Origin } from "./fault.ts";
import { Lexer, type LexOptions } from "./lexer.ts";
import { parseExpression } from "./parse-expression.ts";
import { parseNodes } from "./parse-statement.ts";
import { TokenStream } from "./tokens.ts";

/** A parsed text: offsets only, so that equal texts in different places share it. */
export interface Parsed {
  nodes: readonly Node[];
}

const CACHE_SIZE = 20_000;
const caches = new WeakMap<Environment, Map<string, Parsed | Expr>>();

// Parses a template, once for equal texts; errors come with their place.
export function parseSource(source: string, origin: Origin, env: Environment, options: LexOptions): Parsed {
  const key = `${Number(options.trimBlocks)}${Number(options.lstripBlocks)}${Number(options.plainBackslashes)}${source}`;
  return cached(env, key, origin, () => {
    const { start, options: effective } = header(source, options);
    const nodes = parseNodes(new TokenStream(new Lexer(source.replace(/\r?\n$/, ""), effective, start).template(), options.plainBackslashes));
    checkNames(nodes, env);
    return { nodes };
  }) as Parsed;
}

// Parses a bare expression, once for equal texts.
export function parseBare(source: string, origin: Origin, env: Environment): Expr {
  return cached(env, `=${source}`, origin, () => {
    const tokens = new TokenStream(new Lexer(source, { trimBlocks: true, lstripBlocks: false, plainBackslashes: false }).expression(), false);
    const expr = parseExpression(tokens);
    tokens.expect("end");
    checkNames([{ kind: "print", at: 0, value: expr }], env);
    return expr;
  }) as Expr;
}

// Looks a text up, or parses it; a cache that has grown too large starts anew.
function cached(env: Environment, key: string, origin: Origin, parse: () => Parsed | Expr): Parsed | Expr {
  let cache = caches.get(env);
  if (!cache || cache.size >= CACHE_SIZE) caches.set(env, (cache = new Map()));
  const known = cache.get(key);
  if (known) return known;
  const parsed = located(origin, 0, parse);
  cache.set(key, parsed);
  return parsed;
}

const HEADER = /^#jinja2:([^\n]*)(?:\n|$)/;
const SETTINGS: { [name: string]: "trimBlocks" | "lstripBlocks" } = { trim_blocks: "trimBlocks", lstrip_blocks: "lstripBlocks" };

// Reads the line `#jinja2: trim_blocks: False` that a template may begin with.
function header(source: string, options: LexOptions): { start: number; options: LexOptions } {
  const match = HEADER.exec(source);
  if (!match) return { start: 0, options };
  const effective = { ...options };
  for (const pair of (match[1] ?? "").split(",")) {
    const [name = "", value = ""] = pair.split(":").map((part) => part.trim());
    const setting = Object.hasOwn(SETTINGS, name) ? SETTINGS[name] : undefined;
    if (!setting || !/^(True|False)$/.test(value)) throw new Fault(`the setting "${pair.trim()}" is not supported`, "trim_blocks and lstrip_blocks can be True or False");
    effective[setting] = value === "True";
  }
  return { start: match[0].length, options: effective };
}
