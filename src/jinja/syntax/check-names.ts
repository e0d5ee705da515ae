import type { Expr, Node } from "./ast.ts";
import type { Environment } from "../core/callable.ts";
import { ForeignFault } from "../core/fault.ts";
import { missing, type PluginKind } from "../core/foreign.ts";
import { walkNodes } from "./walk.ts";

const LOOKUPS = new Set(["lookup", "query", "q"]);
const TAKES_TEST = new Map([
  ["select", 0],
  ["reject", 0],
  ["selectattr", 1],
  ["rejectattr", 1],
]);

/** A name in a template: its kind, the name, the existing ones, and its position. */
type Named = [kind: PluginKind, name: string, names: Map<string, unknown>, at: number];

// Refuses filters, tests and lookups that do not exist, wherever they are in a template. Returns
// the first one that only Ansible has: it is an error only where it is reached.
export function checkNames(nodes: readonly Node[], env: Environment): ForeignFault | undefined {
  let foreign: ForeignFault | undefined;
  walkNodes(nodes, (expr) => {
    for (const [kind, name, names, at] of namesIn(expr, env)) {
      if (names.has(name)) continue;
      const fault = missing(kind, name, names.keys(), at);
      if (!(fault instanceof ForeignFault)) throw fault;
      foreign ??= fault;
    }
  });
  return foreign;
}

// What an expression names itself.
function namesIn(expr: Expr, env: Environment): Named[] {
  if (expr.kind === "filter") return filterNames(expr, env);
  if (expr.kind === "test") return [["test", expr.name, env.tests, expr.at]];
  return expr.kind === "call" ? lookupName(expr, env) : [];
}

// A filter, and the filter or test that it takes by name.
function filterNames(expr: Extract<Expr, { kind: "filter" }>, env: Environment): Named[] {
  const taken = expr.name === "map" ? constant("filter", expr.args.positional[0], env.filters) : [];
  const position = TAKES_TEST.get(expr.name);
  const test =
    position === undefined ? [] : constant("test", expr.args.positional[position], env.tests);
  return [["filter", expr.name, env.filters, expr.at], ...taken, ...test];
}

// lookup("name")
function lookupName({ callee, args }: Extract<Expr, { kind: "call" }>, env: Environment): Named[] {
  const isLookup =
    callee.kind === "name" && LOOKUPS.has(callee.name) && env.globals.has(callee.name);
  return isLookup ? constant("lookup", args.positional[0], env.lookups) : [];
}

// A name that is given as a constant string.
function constant(kind: PluginKind, expr: Expr | undefined, names: Map<string, unknown>): Named[] {
  return expr?.kind === "const" && typeof expr.value === "string"
    ? [[kind, shortName(expr.value), names, expr.at]]
    : [];
}

// The name without the collection that Ansible's own plugins are in.
export function shortName(name: string): string {
  return name.replace(/^ansible\.(builtin|legacy)\./, "");
}
