import { Unknown } from "../value.ts";
import type { Node } from "./ast.ts";
import type { Environment, Scope } from "./callable.ts";
import { standardEnvironment } from "./environment.ts";
import { evaluate } from "./evaluate.ts";
import { StoppedByUnknown, type Origin } from "./fault.ts";
import { Frame, type Context } from "./frame.ts";
import { addBlocks } from "./inherit.ts";
import { leave } from "./leave.ts";
import { Output } from "./output.ts";
import { parseBare, parseSource } from "./parse.ts";
import { renderNodes } from "./render.ts";
import { renderRoot } from "./render-templates.ts";

export { isTruthy, Float, LazyDict } from "./value.ts";
export { plainOrigin, type Origin } from "./fault.ts";
export type { Environment, Filter, Scope, Test } from "./callable.ts";
export { standardEnvironment };

/** A parsed template file. */
export interface Template {
  readonly nodes: readonly Node[];
  readonly origin: Origin;
  /** How many line breaks its text ends with. */
  readonly newlines: number;
}

/** What a template may be parsed with; the options are those of Ansible's template module. */
export interface TemplateOptions {
  env?: Environment;
  trimBlocks?: boolean;
  lstripBlocks?: boolean;
}

let standard: Environment | undefined;

/** Parses a template file; throws InputError with the exact place. */
export function parseTemplate(source: string, origin: Origin, { env, trimBlocks = true, lstripBlocks = false }: TemplateOptions = {}): Template {
  const { nodes } = parseSource(source, origin, env ?? (standard ??= standardEnvironment()), { trimBlocks, lstripBlocks, plainBackslashes: false });
  return { nodes, origin, newlines: newlinesAtEnd(source) };
}

/** Renders a template file, as Ansible's template module does. */
export function renderTemplate(template: Template, scope: Scope, env: Environment): string | Unknown {
  return stoppable(() => withNewlines(renderText(template.nodes, template.origin, scope, env), template.newlines));
}

/** Evaluates a text of a playbook: a lone {{ expr }} gives its own value, anything else a string. */
export function renderValue(source: string, origin: Origin, scope: Scope, env: Environment): unknown {
  if (!hasTemplate(source)) return source;
  const { nodes } = parseSource(source, origin, env, { trimBlocks: true, lstripBlocks: false, plainBackslashes: true });
  return stoppable(() => {
    const [only, ...others] = nodes;
    const alone = only?.kind === "print" && others.length === 0;
    const value = alone ? leave(evaluate(only.value, frameFor(origin, scope, env))) : renderText(nodes, origin, scope, env);
    return withNewlines(value, newlinesAtEnd(source));
  });
}

/** Evaluates a bare expression, such as a `when`; one that stands in {{ }} is evaluated all the same. */
export function evaluateExpression(source: string, origin: Origin, scope: Scope, env: Environment): unknown {
  if (/^\s*\{\{/.test(source)) return renderValue(source.trim(), { at: (offset) => origin.at(offset + source.search(/\S/)) }, scope, env);
  const expr = parseBare(source, origin, env);
  return stoppable(() => leave(evaluate(expr, frameFor(origin, scope, env))));
}

/** Tells cheaply whether a text needs to be rendered at all. */
export function hasTemplate(text: string): boolean {
  return text.includes("{{") || text.includes("{%") || text.includes("{#");
}

// Everything that a template prints.
function renderText(nodes: readonly Node[], origin: Origin, scope: Scope, env: Environment): string | Unknown {
  const root = frameFor(origin, scope, env);
  const out = new Output();
  addBlocks(nodes, root.context);
  renderRoot(nodes, root, out);
  return out.text();
}

// The outermost frame of a text.
function frameFor(origin: Origin, scope: Scope, env: Environment): Frame {
  const context: Context = { env, scope, origin, blocks: new Map(), render: renderNodes };
  return new Frame(context);
}

// The result, or the Unknown that stopped it.
function stoppable<T>(run: () => T): T | Unknown {
  try {
    return run();
  } catch (error) {
    if (error instanceof StoppedByUnknown) return error.unknown;
    throw error;
  }
}

// The number of line breaks at the end of a text.
function newlinesAtEnd(text: string): number {
  return /\n*$/.exec(text.replaceAll("\r\n", "\n"))?.[0].length ?? 0;
}

// A template loses one line break at its end, and gets back what its text had more than the result.
function withNewlines<T>(value: T, wanted: number): T | string {
  return typeof value === "string" ? value + "\n".repeat(Math.max(0, wanted - newlinesAtEnd(value))) : value;
}
