import type { Target } from "../syntax/ast.ts";
import { Fault, StoppedByUnknown, placed } from "../core/fault.ts";
import type { Frame } from "./frame.ts";
import { iterate } from "./iterate.ts";
import { Namespace, Undefined } from "../core/value.ts";
import { Unknown } from "../../value.ts";

// Gives a value to a name, to several names at once, or to a field of a namespace.
export function assign(target: Target, value: unknown, frame: Frame): void {
  try {
    if (target.kind === "name") frame.vars.set(target.name, value);
    else if (target.kind === "field") assignField(target, value, frame);
    else unpack(target.targets, value, frame);
  } catch (error) {
    throw placed(error, frame.context.origin, target.at);
  }
}

// {% set ns.field = value %}
function assignField(
  target: Extract<Target, { kind: "field" }>,
  value: unknown,
  frame: Frame,
): void {
  const object = frame.lookup(target.name, target.at);
  if (object instanceof Unknown) throw new StoppedByUnknown(object);
  if (object instanceof Undefined) throw object.error();
  if (!(object instanceof Namespace))
    throw new Fault(
      `only a namespace has fields that can be set, and '${target.name}' is none`,
      `{% set ${target.name} = namespace() %}`,
    );
  object.fields.set(target.field, value);
}

// {% for a, b in pairs %}
function unpack(targets: Target[], value: unknown, frame: Frame): void {
  if (value instanceof Unknown) {
    for (const target of targets) assign(target, value, frame);
    return;
  }
  const items = iterate(value);
  if (items.length > targets.length)
    throw new Fault(`too many values to unpack (expected ${targets.length}, got ${items.length})`);
  if (items.length < targets.length)
    throw new Fault(
      `not enough values to unpack (expected ${targets.length}, got ${items.length})`,
    );
  targets.forEach((target, index) => assign(target, items[index], frame));
}
