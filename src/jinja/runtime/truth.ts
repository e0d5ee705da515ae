import { InputError } from "../../errors.ts";
import { Unasked, Unknown } from "../../value.ts";
import { Fault, StoppedByUnknown } from "../core/fault.ts";
import { Undefined, isTruthy } from "../core/value.ts";
import type { Expr } from "../syntax/ast.ts";
import { evaluate } from "./evaluate.ts";
import type { Frame } from "./frame.ts";

/**
 * The value of an expression of which only the truth matters, as of a `when`. Where the left side
 * of `and` or `or` is not known, the right one may decide by itself, whatever the left one will be.
 */
export function evaluateTruth(expr: Expr, frame: Frame): unknown {
  if (expr.kind !== "and" && expr.kind !== "or") return evaluate(expr, frame);
  const isAnd = expr.kind === "and";
  const left = evaluateTruth(expr.left, frame);
  if (!(left instanceof Unknown))
    return isTruthy(left) === isAnd ? evaluateTruth(expr.right, frame) : left;
  const right = behindUnknown(left, () => evaluateTruth(expr.right, frame));
  if (right instanceof Unasked) return right;
  if (right instanceof Unknown || right instanceof Undefined) return left;
  return isTruthy(right) === isAnd ? left : right;
}

// What comes of something that is perhaps not reached: an error there is none yet.
function behindUnknown(left: Unknown, run: () => unknown): unknown {
  try {
    return run();
  } catch (error) {
    if (error instanceof StoppedByUnknown) return error.unknown;
    if (error instanceof Fault || error instanceof InputError) return left;
    throw error;
  }
}
