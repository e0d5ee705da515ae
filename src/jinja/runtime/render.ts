import { Unknown } from "../../value.ts";
import { assign } from "./assign.ts";
import type { Node } from "../syntax/ast.ts";
import { evaluate } from "./evaluate.ts";
import { StoppedByUnknown, placed } from "../core/fault.ts";
import type { Frame } from "./frame.ts";
import { callWithCaller, makeMacro } from "./macro.ts";
import type { TextOutput } from "./output.ts";
import { renderFor } from "./render-for.ts";
import {
  captured,
  renderBlock,
  renderExtends,
  renderFromImport,
  renderImport,
  renderInclude,
} from "./render-templates.ts";
import { isTruthy } from "../core/value.ts";

// Prints statements one after the other.
export function renderNodes(nodes: readonly Node[], frame: Frame, out: TextOutput): void {
  for (const node of nodes) {
    try {
      renderNode(node, frame, out);
    } catch (error) {
      throw placed(error, frame.context.origin, node.at);
    }
  }
}

// One case for every kind of statement.
function renderNode(node: Node, frame: Frame, out: TextOutput): void {
  switch (node.kind) {
    case "text":
      return out.write(node.text);
    case "print":
      return out.print(evaluate(node.value, frame));
    case "if":
      return renderIf(node, frame, out);
    case "for":
      return renderFor(node, frame, out);
    case "set":
      return assign(node.target, evaluate(node.value, frame), frame);
    case "set_block":
      return renderSetBlock(node, frame);
    case "with":
      return renderWith(node, frame, out);
    case "filter_block":
      return out.print(evaluate(node.filters, frame, { value: inside(node.body, frame) }));
    case "macro":
      return void frame.vars.set(node.macro.name, makeMacro(node.macro, frame));
    case "call_block":
      return out.print(callWithCaller(node, frame));
    case "scope":
      return renderNodes(node.body, frame.inner(), out);
    default:
      return renderOther(node, frame, out);
  }
}

// The statements that have to do with other templates.
function renderOther(
  node: Extract<Node, { kind: "include" | "import" | "from_import" | "extends" | "block" }>,
  frame: Frame,
  out: TextOutput,
): void {
  switch (node.kind) {
    case "include":
      return renderInclude(node, frame, out);
    case "import":
      return renderImport(node, frame);
    case "from_import":
      return renderFromImport(node, frame);
    case "extends":
      return renderExtends(node, frame);
    case "block":
      return renderBlock(node, frame, out);
  }
}

// {% if %}: a condition that is Unknown makes the whole text Unknown.
function renderIf(node: Extract<Node, { kind: "if" }>, frame: Frame, out: TextOutput): void {
  for (const { test, body } of node.branches) {
    const value = evaluate(test, frame);
    if (value instanceof Unknown) throw new StoppedByUnknown(value);
    if (isTruthy(value)) return renderNodes(body, frame, out);
  }
  renderNodes(node.otherwise, frame, out);
}

// What statements print in a scope of their own.
function inside(body: readonly Node[], frame: Frame): string | Unknown {
  return captured((out) => renderNodes(body, frame.inner(), out));
}

// {% set x %}...{% endset %}
function renderSetBlock(node: Extract<Node, { kind: "set_block" }>, frame: Frame): void {
  const text = inside(node.body, frame);
  assign(node.target, node.filters ? evaluate(node.filters, frame, { value: text }) : text, frame);
}

// {% with %}: all values are worked out before the first name is set.
function renderWith(node: Extract<Node, { kind: "with" }>, frame: Frame, out: TextOutput): void {
  const inner = frame.inner();
  const values = node.bindings.map(([, value]) => evaluate(value, frame));
  node.bindings.forEach(([target], index) => assign(target, values[index], inner));
  renderNodes(node.body, inner, out);
}
