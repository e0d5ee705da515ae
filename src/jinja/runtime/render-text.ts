import { InputError } from "../../errors.ts";
import type { Unknown } from "../../value.ts";
import type { Environment, Scope } from "../core/callable.ts";
import { copyOnWriteScope } from "./copy-on-write.ts";
import { StoppedByUnknown, type Origin } from "../core/fault.ts";
import { Frame, type Context } from "./frame.ts";
import { addBlocks } from "./inherit.ts";
import { TextOutput } from "./output.ts";
import { STANDARD_EDGES, type Edges } from "../syntax/delimiters.ts";
import { parseSource, type Parsed } from "../syntax/parse.ts";
import { renderNodes } from "./render.ts";
import { renderRoot } from "./render-templates.ts";

// Renders the text of a template file, which ends with as many line breaks as the file does.
export function renderFile(
  source: string,
  origin: Origin,
  scope: Scope,
  env: Environment,
  edges: Edges = STANDARD_EDGES,
): string | Unknown {
  const parsed = parseSource(source, origin, env, {
    trimBlocks: true,
    lstripBlocks: false,
    plainBackslashes: false,
    edges,
  });
  return stoppable(origin, () =>
    withNewlines(renderText(parsed, origin, scope, env), newlinesAtEnd(source)),
  );
}

// Everything that a template prints.
export function renderText(
  parsed: Parsed,
  origin: Origin,
  scope: Scope,
  env: Environment,
  out = new TextOutput(),
): string | Unknown {
  const root = frameFor(parsed, origin, scope, env);
  addBlocks(parsed.nodes, root.context);
  renderRoot(parsed.nodes, root, out);
  return out.text();
}

// The outermost frame of a text.
export function frameFor(
  { mutates }: Parsed,
  origin: Origin,
  scope: Scope,
  env: Environment,
): Frame {
  const context: Context = {
    env,
    scope: mutates ? copyOnWriteScope(scope) : scope,
    origin,
    blocks: new Map(),
    trail: [],
    render: renderNodes,
  };
  return new Frame(context);
}

// The result, or the Unknown that stopped it; what calls itself without end is
// an error of the template.
export function stoppable<T>(origin: Origin, run: () => T): T | Unknown {
  try {
    return run();
  } catch (error) {
    if (error instanceof StoppedByUnknown) return error.unknown;
    if (error instanceof RangeError && /call stack/.test(error.message))
      throw new InputError("the template calls or includes itself without end", origin.at(0));
    throw error;
  }
}

// The number of line breaks at the end of a text.
export function newlinesAtEnd(text: string): number {
  if (!text.endsWith("\n")) return 0;
  return /\n*$/.exec(text.replaceAll("\r\n", "\n"))?.[0].length ?? 0;
}

// A template loses one line break at its end, and gets back what its text had more than the result.
export function withNewlines<T>(value: T, wanted: number): T | string {
  return typeof value === "string"
    ? value + "\n".repeat(Math.max(0, wanted - newlinesAtEnd(value)))
    : value;
}
