import type { MacroDef, Node } from "../syntax/ast.ts";
import { Callable, type Arguments } from "../core/callable.ts";
import { callValue, evaluate, evaluateArgs } from "./evaluate.ts";
import { Fault } from "../core/fault.ts";
import type { Frame } from "./frame.ts";
import { TextOutput } from "./output.ts";
import { Undefined, tuple } from "../core/value.ts";
import { Unknown } from "../../value.ts";
import { didYouMean } from "../../suggest.ts";

// A macro as a function: it sees the names around its definition, and gives what its body prints.
export function makeMacro(macro: MacroDef, frame: Frame): Callable {
  return new Callable(
    macro.name,
    ["*positional", "**named"],
    ([positional, named]) => {
      const inner = frame.inner();
      bindMacro(
        macro,
        {
          positional: [...(positional as unknown[])],
          named: new Map(named as Map<string, unknown>),
        },
        inner,
      );
      const out = new TextOutput();
      frame.context.render(macro.body, inner, out);
      return out.text();
    },
    "none",
  );
}

// Gives the arguments of a call to the parameters of a macro.
function bindMacro(macro: MacroDef, args: Arguments, inner: Frame): void {
  const { params, uses, name } = macro;
  const own = takeCaller(macro, args);
  for (const param of params) inner.vars.set(param.name, argument(macro, param, args, inner));
  if (own) inner.vars.set("caller", own);
  if (uses.varargs) inner.vars.set("varargs", tuple(args.positional));
  else if (args.positional.length > 0)
    throw new Fault(`macro '${name}' takes not more than ${params.length} argument(s)`);
  if (uses.kwargs) inner.vars.set("kwargs", Object.fromEntries(args.named));
  else
    for (const extra of args.named.keys())
      throw new Fault(
        `macro '${name}' takes no keyword argument '${extra}'`,
        didYouMean(
          extra,
          params.map((param) => param.name),
        ),
      );
}

// The body of a call block, where the macro uses it.
function takeCaller({ uses, params, name }: MacroDef, args: Arguments): unknown {
  if (params.some((param) => param.name === "caller")) return undefined;
  const caller = args.named.get("caller");
  if (!uses.caller && uses.kwargs) return undefined;
  args.named.delete("caller");
  if (caller !== undefined && !uses.caller)
    throw new Fault(`macro '${name}' was called with a block, but does not use caller()`);
  return uses.caller ? (caller ?? new Undefined("no caller defined")) : undefined;
}

// The value of one parameter: by position, by name, or its default.
function argument(
  macro: MacroDef,
  param: MacroDef["params"][number],
  args: Arguments,
  inner: Frame,
): unknown {
  const named = args.named.get(param.name);
  args.named.delete(param.name);
  if (args.positional.length > 0) {
    if (named !== undefined)
      throw new Fault(`macro '${macro.name}' got two values for '${param.name}'`);
    return args.positional.shift();
  }
  if (named !== undefined) return named;
  if (param.fallback) return evaluate(param.fallback, inner);
  return new Undefined(`parameter '${param.name}' of macro '${macro.name}' was not provided`);
}

// {% call macro() %}: calls a macro that may print the block with caller().
export function callWithCaller(node: Extract<Node, { kind: "call_block" }>, frame: Frame): unknown {
  if (node.call.kind !== "call") throw new Fault("{% call %} needs a call of a macro");
  const callee = evaluate(node.call.callee, frame);
  const args = evaluateArgs(node.call.args, frame);
  if (!(args instanceof Unknown)) args.named.set("caller", makeMacro(node.caller, frame));
  return callValue(callee, args, frame, node.call.at);
}
