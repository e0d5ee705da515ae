import { didYouMean } from "../suggest.ts";
import type { Expr, Node } from "./ast.ts";
import type { Environment } from "./callable.ts";
import { Fault } from "./fault.ts";
import { walkNodes } from "./walk.ts";

const LOOKUPS = new Set(["lookup", "query", "q"]);
const TAKES_TEST = new Map([["select", 0], ["reject", 0], ["selectattr", 1], ["rejectattr", 1]]);

// Refuses filters, tests and lookups that do not exist, wherever they stand in a template.
export function checkNames(nodes: readonly Node[], env: Environment): void {
  walkNodes(nodes, (expr) => {
    if (expr.kind === "filter") checkFilter(expr, env);
    else if (expr.kind === "test") known("test", expr.name, env.tests, expr.at);
    else if (expr.kind === "call") checkLookup(expr, env);
  });
}

// A filter, and the filter or test that it takes by name.
function checkFilter(expr: Extract<Expr, { kind: "filter" }>, env: Environment): void {
  known("filter", expr.name, env.filters, expr.at);
  if (expr.name === "map") checkConstant("filter", expr.args.positional[0], env.filters);
  const position = TAKES_TEST.get(expr.name);
  if (position !== undefined) checkConstant("test", expr.args.positional[position], env.tests);
}

// lookup("name")
function checkLookup({ callee, args }: Extract<Expr, { kind: "call" }>, env: Environment): void {
  if (callee.kind === "name" && LOOKUPS.has(callee.name) && env.globals.has(callee.name)) checkConstant("lookup", args.positional[0], env.lookups);
}

// A name that is given as a constant string.
function checkConstant(kind: string, expr: Expr | undefined, names: Map<string, unknown>): void {
  if (expr?.kind === "const" && typeof expr.value === "string") known(kind, shortName(expr.value), names, expr.at);
}

// The name without the collection that Ansible's own plugins are in.
export function shortName(name: string): string {
  return name.replace(/^ansible\.(builtin|legacy)\./, "");
}

// Refuses a name that is not known.
function known(kind: string, name: string, names: Map<string, unknown>, at: number): void {
  if (!names.has(name)) throw new Fault(`there is no ${kind} "${name}"`, didYouMean(name, names.keys()), at);
}
