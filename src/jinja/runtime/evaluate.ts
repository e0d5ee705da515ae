import { Unknown } from "../../value.ts";
import type { Args, Expr } from "../syntax/ast.ts";
import { getAttribute, getItem, slice } from "./attribute.ts";
import { Callable, type Arguments } from "../core/callable.ts";
import { makeDict } from "../core/dict.ts";
import { Fault, placed } from "../core/fault.ts";
import { missing } from "../core/foreign.ts";
import type { Frame } from "./frame.ts";
import { iterate } from "./iterate.ts";
import { pairsOf } from "../library/methods-dict.ts";
import { binary, comparison, negate } from "./operators.ts";
import { toText } from "../core/text.ts";
import { findUnknownIn } from "../core/unknown.ts";
import { Undefined, isTruthy, soften, tuple, typeName } from "../core/value.ts";

type Of<K extends Expr["kind"]> = Extract<Expr, { kind: K }>;

/** What a filter block gives to its first filter. */
export interface Piped {
  value: unknown;
}

// The value of an expression; errors get the place of the innermost expression that they arise in.
export function evaluate(expr: Expr, frame: Frame, piped?: Piped): unknown {
  try {
    return evaluateBare(expr, frame, piped);
  } catch (error) {
    throw placed(error, frame.context.origin, expr.at);
  }
}

// One case for every kind of expression.
function evaluateBare(expr: Expr, frame: Frame, piped?: Piped): unknown {
  switch (expr.kind) {
    case "const":
      return expr.value;
    case "name":
      return frame.lookup(expr.name, expr.at);
    case "attr":
      return getAttribute(evaluate(expr.object, frame), expr.name, () =>
        frame.context.origin.at(expr.at),
      );
    case "item":
      return evaluateItem(expr, frame);
    case "slice":
      throw new Fault("a slice is outside [ ]");
    case "list":
      return expr.items.map((item) => evaluate(item, frame));
    case "tuple":
      return tuple(expr.items.map((item) => evaluate(item, frame)));
    case "dict":
      return evaluateDict(expr, frame);
    case "filter":
    case "test":
      return evaluateFilter(expr, frame, piped);
    case "call":
      return evaluateCall(expr, frame);
    default:
      return evaluateOperator(expr, frame);
  }
}

// One case for every operator.
function evaluateOperator(
  expr: Of<"unary" | "not" | "binary" | "and" | "or" | "compare" | "concat" | "cond">,
  frame: Frame,
): unknown {
  switch (expr.kind) {
    case "unary":
      return onKnown([evaluate(expr.value, frame)], ([value]) => negate(expr.operator, value));
    case "not":
      return onKnown([evaluate(expr.value, frame)], ([value]) => !isTruthy(value));
    case "binary":
      return onKnown([evaluate(expr.left, frame), evaluate(expr.right, frame)], ([left, right]) =>
        binary(expr.operator, left, right),
      );
    case "concat":
      return evaluateConcat(expr, frame);
    case "compare":
      return evaluateCompare(expr, frame);
    case "cond":
      return evaluateCond(expr, frame);
    default:
      return evaluateLogic(expr, frame);
  }
}

// Works on operands that are all there; an Unknown one makes the result Unknown.
function onKnown(operands: unknown[], work: (operands: unknown[]) => unknown): unknown {
  return firstUnknown(operands) ?? work(operands);
}

// The first Unknown among values that must all be defined.
function firstUnknown(values: unknown[]): Unknown | undefined {
  let found: Unknown | undefined;
  for (const value of values) {
    if (value instanceof Undefined) throw value.error();
    if (value instanceof Unknown) found ??= value;
  }
  return found;
}

// and, or: the right side is looked at only where the left one does not decide.
function evaluateLogic(expr: Of<"and" | "or">, frame: Frame): unknown {
  const left = evaluate(expr.left, frame);
  if (left instanceof Unknown) return left;
  return isTruthy(left) === (expr.kind === "and") ? evaluate(expr.right, frame) : left;
}

// x if y else z
function evaluateCond(expr: Of<"cond">, frame: Frame): unknown {
  const test = evaluate(expr.test, frame);
  if (test instanceof Unknown) return test;
  if (isTruthy(test)) return evaluate(expr.then, frame);
  if (expr.otherwise) return evaluate(expr.otherwise, frame);
  return new Undefined(
    "the condition of this `if` is false, and it has no else",
    () => frame.context.origin.at(expr.at),
    () => undefined,
    true,
  );
}

// a < b < c: stops at the first comparison that is false.
function evaluateCompare(expr: Of<"compare">, frame: Frame): unknown {
  let left = evaluate(expr.first, frame);
  let result: boolean | Unknown = true;
  for (const { operator, value, at } of expr.rest) {
    const right = evaluate(value, frame);
    try {
      result = firstUnknown([left, right]) ?? comparison(operator, left, right);
    } catch (error) {
      throw placed(error, frame.context.origin, at);
    }
    if (result !== true) return result;
    left = right;
  }
  return result;
}

// a ~ b
function evaluateConcat(expr: Of<"concat">, frame: Frame): unknown {
  const parts = expr.parts.map((part) => soften(evaluate(part, frame)));
  return firstUnknown(parts) ?? findUnknownIn(parts) ?? parts.map(toText).join("");
}

// x[key] and x[a:b]
function evaluateItem(expr: Of<"item">, frame: Frame): unknown {
  const object = evaluate(expr.object, frame);
  const { key } = expr;
  if (key.kind !== "slice")
    return getItem(object, evaluate(key, frame), () => frame.context.origin.at(expr.at));
  if (object instanceof Undefined) return object;
  const bounds = [key.start, key.stop, key.step].map((bound) =>
    bound ? evaluate(bound, frame) : null,
  );
  return onKnown([object, ...bounds], ([known, ...rest]) =>
    slice(known, rest[0], rest[1], rest[2]),
  );
}

// {key: value}: the values may be Unknown, a key may not.
function evaluateDict(expr: Of<"dict">, frame: Frame): unknown {
  const pairs = expr.pairs.map(
    ([key, value]) => [evaluate(key, frame), evaluate(value, frame)] as const,
  );
  return firstUnknown(pairs.map(([key]) => key)) ?? makeDict(pairs);
}

// Runs a filter or a test.
function evaluateFilter(expr: Of<"filter" | "test">, frame: Frame, piped?: Piped): unknown {
  const { env } = frame.context;
  const found = (expr.kind === "filter" ? env.filters : env.tests).get(expr.name);
  if (!found) throw missing(expr.kind, expr.name, [], expr.at);
  const value = expr.value ? evaluate(expr.value, frame, piped) : piped?.value;
  const args = evaluateArgs(expr.args, frame);
  if (args instanceof Unknown) return args;
  args.positional.unshift(value);
  return found.call(args, frame.call(expr.at));
}

// Calls a function, method or macro.
function evaluateCall(expr: Of<"call">, frame: Frame): unknown {
  const callee = evaluate(expr.callee, frame);
  return callValue(callee, evaluateArgs(expr.args, frame), frame, expr.at);
}

// Calls a value with arguments that are worked out already.
export function callValue(
  callee: unknown,
  args: Arguments | Unknown,
  frame: Frame,
  at: number,
): unknown {
  if (callee instanceof Undefined) throw callee.error();
  if (callee instanceof Unknown) return callee;
  if (args instanceof Unknown) return args;
  const target = callee instanceof Callable ? callee : asCallable(callee);
  if (!target) throw new Fault(`'${typeName(callee)}' object is not callable`);
  return target.call(args, frame.call(at));
}

// The function inside an object that can be called, such as `loop` of a recursive for.
function asCallable(value: unknown): Callable | undefined {
  const inside = value instanceof Object && "callee" in value ? value.callee : undefined;
  return inside instanceof Callable ? inside : undefined;
}

// The arguments of a call; Unknown where it is not known which they are.
export function evaluateArgs(args: Args, frame: Frame): Arguments | Unknown {
  const positional = args.positional.map((arg) => evaluate(arg, frame));
  const named = new Map<string, unknown>();
  for (const [name, value] of args.named) named.set(name, evaluate(value, frame));
  const spread = args.spread ? evaluate(args.spread, frame) : [];
  const spreadNamed = args.spreadNamed ? evaluate(args.spreadNamed, frame) : {};
  const unknown = firstUnknown([spread, spreadNamed]);
  if (unknown) return unknown;
  for (const [name, value] of pairsOf(spreadNamed)) named.set(toText(name), value);
  return { positional: [...positional, ...iterate(spread)], named };
}
