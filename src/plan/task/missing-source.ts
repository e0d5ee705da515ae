import { InputError } from "../../errors.ts";
import { mapGet, type YamlNode } from "../../yaml/node.ts";
import { locate } from "../call/controller.ts";
import type { Invocation } from "../model/invocation.ts";
import { pendingFiles } from "../model/pending-files.ts";
import { NotKnown } from "../model/signals.ts";
import type { Walk } from "../model/state.ts";
import { attempt } from "../../instead-of.ts";

/** Parameters with which `src` may be something else, or is not looked for. */
const OTHERWISE = ["remote_src", "copy", "creates"];

// The error of a task of which not everything is known, but that its source is not on the
// controller, and that no task may bring it.
export function missingSource(walk: Walk, { task, variables }: Invocation): InputError | undefined {
  const { src: asked, remote_src: remote } = task.module.schema.arguments;
  const where = asked?.here;
  const node = mapGet(task.args, "src");
  if (
    where === undefined ||
    where === true ||
    remote?.default === true ||
    !node ||
    OTHERWISE.some((name) => mapGet(task.args, name))
  )
    return undefined;
  const src = textOf(() => variables.render(node), node);
  if (src === undefined || /^~|:\/\//.test(src)) return undefined;
  try {
    locate(walk, task, src, where);
    return undefined;
  } catch (error) {
    if (error instanceof NotKnown) return undefined;
    if (!(error instanceof InputError) || !error.missing) throw error;
    return pendingFiles(walk, error.missing) === undefined ? error : undefined;
  }
}

// The text that a parameter has; undefined: it is not known, or cannot be rendered.
function textOf(render: () => unknown, { kind }: YamlNode): string | undefined {
  const text = kind === "scalar" ? attempt(render) : undefined;
  return typeof text === "string" && text !== "" ? text : undefined;
}
