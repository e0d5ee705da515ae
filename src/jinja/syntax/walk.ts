import type { Args, Expr, Node } from "./ast.ts";
import { bodies } from "../runtime/inherit.ts";

// Visits every expression of a template, the outer ones first.
export function walkNodes(nodes: readonly Node[], visit: (expr: Expr) => void): void {
  for (const node of nodes) {
    for (const expr of expressionsOf(node)) walk(expr, visit);
    for (const body of bodies(node)) walkNodes(body, visit);
  }
}

// Visits an expression and all inside it.
export function walk(expr: Expr, visit: (expr: Expr) => void): void {
  visit(expr);
  for (const child of children(expr)) if (child) walk(child, visit);
}

// The expressions directly in a statement.
function expressionsOf(node: Node): Expr[] {
  switch (node.kind) {
    case "print":
    case "set":
      return [node.value];
    case "if":
      return node.branches.map(({ test }) => test);
    case "for":
      return node.filter ? [node.list, node.filter] : [node.list];
    case "set_block":
      return node.filters ? [node.filters] : [];
    case "with":
      return node.bindings.map(([, value]) => value);
    case "filter_block":
      return [node.filters];
    case "macro":
      return node.macro.params.flatMap(({ fallback }) => fallback ?? []);
    case "call_block":
      return [node.call, ...node.caller.params.flatMap(({ fallback }) => fallback ?? [])];
    case "include":
    case "import":
    case "from_import":
    case "extends":
      return [node.name];
    default:
      return [];
  }
}

// The expressions directly inside an expression.
function children(expr: Expr): (Expr | undefined)[] {
  switch (expr.kind) {
    case "list":
    case "tuple":
      return expr.items;
    case "dict":
      return expr.pairs.flat();
    case "attr":
      return [expr.object];
    case "item":
      return [expr.object, expr.key];
    case "slice":
      return [expr.start, expr.stop, expr.step];
    case "call":
      return [expr.callee, ...inArgs(expr.args)];
    case "filter":
    case "test":
      return [expr.value, ...inArgs(expr.args)];
    case "unary":
    case "not":
      return [expr.value];
    case "binary":
    case "and":
    case "or":
      return [expr.left, expr.right];
    case "compare":
      return [expr.first, ...expr.rest.map(({ value }) => value)];
    case "concat":
      return expr.parts;
    case "cond":
      return [expr.test, expr.then, expr.otherwise];
    default:
      return [];
  }
}

// The expressions of arguments.
function inArgs(args: Args): (Expr | undefined)[] {
  return [
    ...args.positional,
    ...args.named.map(([, value]) => value),
    args.spread,
    args.spreadNamed,
  ];
}
