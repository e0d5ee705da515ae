import type { Expr, Node, Target } from "./ast.ts";
import { bodies } from "../runtime/inherit.ts";
import { walkNodes } from "./walk.ts";

/** A name in a template, and its position. */
export interface NamedAt {
  name: string;
  at: number;
}

/** Filters and tests that may be given what is undefined: what is asked so may be missing. */
const ASKS = new Set(["default", "d", "defined", "undefined", "none", "type_debug"]);
/**
 * Tests that look into a value, so that what is undefined fails them. All others only ask
 * what kind of value it is.
 */
const LOOKS_INTO = new Set(
  "failed failure succeeded success successful changed change skipped skip match search regex version in contains subset superset even odd divisibleby".split(
    " ",
  ),
);

/**
 * The names without which a template cannot be rendered, whatever else is known. This leaves out
 * what may not be reached (the right side of `or`, branches, bodies of loops), what the template
 * sets itself, and what it tests anywhere (`default`, `is defined`).
 */
export function neededNames(nodes: readonly Node[]): NamedAt[] {
  const asked = namesAskedFor(nodes);
  const own = new Set<string>();
  const found: NamedAt[] = [];
  const need = (expr: Expr | undefined): void => {
    if (expr) found.push(...namesIn(expr).filter(({ name }) => !asked.has(name) && !own.has(name)));
  };
  for (const node of nodes) {
    if (node.kind === "print") need(node.value);
    else if (node.kind === "if") need(node.branches[0]?.test);
    else if (node.kind === "for") need(node.list);
    for (const name of namesSetWithin(node)) own.add(name);
  }
  return found;
}

// The names that a statement, or one inside it, may give to what comes after it.
function namesSetWithin(node: Node): string[] {
  return [...namesSetBy(node), ...bodies(node).flatMap((body) => body.flatMap(namesSetWithin))];
}

// The names that a template uses, with everything that surrounds them.
function namesAskedFor(nodes: readonly Node[]): Set<string> {
  const names = new Set<string>();
  walkNodes(nodes, (expr) => {
    if ((expr.kind === "filter" || expr.kind === "test") && ASKS.has(expr.name) && expr.value)
      for (const { name } of allNames(expr.value)) names.add(name);
  });
  return names;
}

function allNames(expr: Expr): NamedAt[] {
  const names: NamedAt[] = [];
  walkNodes([{ kind: "print", at: expr.at, value: expr }], (part) => {
    if (part.kind === "name") names.push(part);
  });
  return names;
}

// The names that an expression cannot do without.
function namesIn(expr: Expr): NamedAt[] {
  switch (expr.kind) {
    case "name":
      return [expr];
    case "attr":
      return namesIn(expr.object);
    case "item":
      return [...namesIn(expr.object), ...namesIn(expr.key)];
    case "slice":
      return [expr.start, expr.stop, expr.step].flatMap((part) => (part ? namesIn(part) : []));
    case "call":
      return expr.callee.kind === "attr" ? namesIn(expr.callee.object) : [];
    case "filter":
      return expr.value && !ASKS.has(expr.name) ? namesIn(expr.value) : [];
    case "test":
      return LOOKS_INTO.has(expr.name) ? namesIn(expr.value) : [];
    case "unary":
    case "not":
      return namesIn(expr.value);
    case "binary":
    case "and":
      return [...namesIn(expr.left), ...namesIn(expr.right)];
    case "or":
      return namesIn(expr.left);
    case "compare":
      return [...namesIn(expr.first), ...namesIn(expr.rest[0]!.value)];
    case "concat":
      return expr.parts.flatMap(namesIn);
    case "cond":
      return namesIn(expr.test);
    default:
      return [];
  }
}

// The names that a statement gives to what comes after it.
function namesSetBy(node: Node): string[] {
  switch (node.kind) {
    case "set":
    case "set_block":
      return namesOfTarget(node.target);
    case "macro":
      return [node.macro.name];
    case "import":
      return [node.target];
    case "from_import":
      return node.names.map(([, alias]) => alias);
    default:
      return [];
  }
}

function namesOfTarget(target: Target): string[] {
  return target.kind === "names" ? target.targets.flatMap(namesOfTarget) : [target.name];
}
