import { Unknown } from "../value.ts";
import type { Node } from "./ast.ts";
import type { Environment, Scope } from "./callable.ts";
import { standardEnvironment } from "./environment.ts";
import { evaluate } from "./evaluate.ts";
import type { Origin } from "./fault.ts";
import { leave } from "./leave.ts";
import { parseBare, parseSource } from "./parse.ts";
import { frameFor, newlinesAtEnd, renderText, stoppable, withNewlines } from "./render-text.ts";

export { isTruthy, Float, LazyDict } from "./value.ts";
export { plainOrigin, type Origin } from "./fault.ts";
export type { Environment, Filter, Outside, Scope, Test } from "./callable.ts";
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
