import { Unknown } from "../../value.ts";
import { assign } from "./assign.ts";
import type { Node } from "../syntax/ast.ts";
import { Callable } from "../core/callable.ts";
import { equals } from "../core/dict.ts";
import { evaluate } from "./evaluate.ts";
import { Fault, StoppedByUnknown, located } from "../core/fault.ts";
import type { Frame } from "./frame.ts";
import { iterate } from "./iterate.ts";
import { TextOutput } from "./output.ts";
import { findUnknownIn } from "../core/unknown.ts";
import { Record, Undefined, isTruthy } from "../core/value.ts";

type For = Extract<Node, { kind: "for" }>;

// {% for %}: the list must be known, its items need not be.
export function renderFor(node: For, frame: Frame, out: TextOutput): void {
  loop(node, evaluate(node.list, frame), frame, out, 1);
}

// One run over a list; a recursive loop runs again inside it.
function loop(node: For, list: unknown, frame: Frame, out: TextOutput, depth: number): void {
  if (list instanceof Unknown) throw new StoppedByUnknown(list);
  const items = located(frame.context.origin, node.list.at, () =>
    chosen(node, iterate(list), frame),
  );
  const memory: LoopState["memory"] = { last: undefined };
  items.forEach((item, index) => {
    const inner = frame.inner();
    inner.vars.set("loop", loopRecord(node, { items, index, depth, memory }, frame));
    assign(node.target, item, inner);
    frame.context.render(node.body, inner, out);
  });
  if (items.length === 0) frame.context.render(node.otherwise, frame.inner(), out);
}

// The items that the loop's own condition lets through.
function chosen(node: For, items: unknown[], frame: Frame): unknown[] {
  const { filter } = node;
  if (!filter) return items;
  return items.filter((item) => {
    const inner = frame.inner();
    assign(node.target, item, inner);
    const test = evaluate(filter, inner);
    if (test instanceof Unknown) throw new StoppedByUnknown(test);
    return isTruthy(test);
  });
}

interface LoopState {
  items: unknown[];
  index: number;
  depth: number;
  /** What loop.changed() saw in the turns before. */
  memory: { last: unknown[] | undefined };
}

/** `loop`, which can be called in a recursive for. */
class LoopRecord extends Record {
  readonly callee: Callable;

  constructor(attribute: (name: string) => unknown, callee: Callable) {
    super("LoopContext", attribute);
    this.callee = callee;
  }
}

// The variable `loop` of one turn.
function loopRecord(node: For, state: LoopState, frame: Frame): LoopRecord {
  return new LoopRecord(
    (name) => loopAttribute(name, state),
    new Callable("loop", ["items"], ([items]) => again(node, items, frame, state.depth), "none"),
  );
}

// loop(items): runs a recursive for over another list.
function again(node: For, items: unknown, frame: Frame, depth: number): unknown {
  if (!node.recursive)
    throw new Fault("this loop is not recursive", "{% for ... in ... recursive %}");
  const out = new TextOutput();
  loop(node, items, frame, out, depth + 1);
  return out.text();
}

// The attributes of `loop`.
function loopAttribute(name: string, state: LoopState): unknown {
  const { items, index, depth } = state;
  switch (name) {
    case "index":
      return index + 1;
    case "index0":
      return index;
    case "revindex":
      return items.length - index;
    case "revindex0":
      return items.length - index - 1;
    case "first":
      return index === 0;
    case "last":
      return index === items.length - 1;
    case "length":
      return items.length;
    case "depth":
      return depth;
    case "depth0":
      return depth - 1;
    case "previtem":
      return index > 0 ? items[index - 1] : new Undefined("there is no previous item");
    case "nextitem":
      return index < items.length - 1 ? items[index + 1] : new Undefined("there is no next item");
    case "cycle":
      return new Callable(
        "cycle",
        ["*values"],
        ([values]) => cycled(values as unknown[], index),
        "none",
      );
    case "changed":
      return new Callable(
        "changed",
        ["*values"],
        ([values]) => changed(state, values as unknown[]),
        "none",
      );
    default:
      return undefined;
  }
}

// loop.cycle("odd", "even")
function cycled(values: unknown[], index: number): unknown {
  if (values.length === 0) throw new Fault("no items for cycling given");
  return values[index % values.length];
}

// loop.changed(x): whether x is not what it was in the turn before.
function changed({ memory }: LoopState, values: unknown[]): boolean {
  const unknown = findUnknownIn(values) ?? findUnknownIn(memory.last);
  if (unknown) throw new StoppedByUnknown(unknown);
  const same = memory.last !== undefined && equals(memory.last, values);
  memory.last = values;
  return !same;
}
