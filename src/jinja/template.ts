import type { Edges } from "./syntax/delimiters.ts";
import type { Place } from "../errors.ts";
import type { Unknown } from "../value.ts";
import type { Node } from "./syntax/ast.ts";
import { bodies } from "./runtime/inherit.ts";
import type { Environment, Scope } from "./core/callable.ts";
import { standardEnvironment } from "./environment.ts";
import { evaluate } from "./runtime/evaluate.ts";
import { evaluateTruth } from "./runtime/truth.ts";
import { located, placed, type Origin } from "./core/fault.ts";
import { dataOfText } from "./python/literal.ts";
import { Guard, GuardedOutput } from "./runtime/guard.ts";
import { toNative } from "./runtime/to-native.ts";
import { neededNames } from "./syntax/needed-names.ts";
import { parseBare, parseSource, type Parsed } from "./syntax/parse.ts";
import {
  frameFor,
  newlinesAtEnd,
  renderText,
  stoppable,
  withNewlines,
} from "./runtime/render-text.ts";
import { defined } from "../defined.ts";

export { isTruthy, Float, LazyDict } from "./core/value.ts";
export { plainOrigin, type Origin } from "./core/fault.ts";
export type { Environment, Filter, Scope, Test } from "./core/callable.ts";
export type { Outside } from "./template-io.ts";
export { hasLookup } from "./runtime/guard.ts";
export { standardEnvironment };

/** A parsed template file. */
export interface Template {
  readonly parsed: Parsed;
  readonly origin: Origin;
  /** How many line breaks its text ends with. */
  readonly newlines: number;
}

/** What a template may be parsed with; the options are those of Ansible's template module. */
export interface TemplateOptions {
  env?: Environment;
  trimBlocks?: boolean;
  lstripBlocks?: boolean;
  edges?: Edges;
}

/** How the texts of a playbook are read. */
const PLAYBOOK_TEXT = { trimBlocks: true, lstripBlocks: false, plainBackslashes: true };

let standard: Environment | undefined;

/** Parses a template file; throws InputError with the exact place. */
export function parseTemplate(
  source: string,
  origin: Origin,
  { env, trimBlocks = true, lstripBlocks = false, edges }: TemplateOptions = {},
): Template {
  const parsed = parseSource(source, origin, env ?? (standard ??= standardEnvironment()), {
    trimBlocks,
    lstripBlocks,
    plainBackslashes: false,
    ...defined({ edges: edges ? edges : undefined }),
  });
  return { parsed, origin, newlines: newlinesAtEnd(source) };
}

/** Renders a template file, as Ansible's template module does. */
export function renderTemplate(
  template: Template,
  scope: Scope,
  env: Environment,
): string | Unknown {
  return stoppable(template.origin, () =>
    withNewlines(renderText(template.parsed, template.origin, scope, env), template.newlines),
  );
}

/**
 * Evaluates a text of a playbook: a lone {{ expr }} gives its own value, anything else a string.
 */
export function renderValue(
  source: string,
  origin: Origin,
  scope: Scope,
  env: Environment,
): unknown {
  if (!hasTemplate(source)) return source;
  const parsed = parseSource(source, origin, env, PLAYBOOK_TEXT);
  return valueOf(parsed, newlinesAtEnd(source), origin, scope, env);
}

/**
 * The same where data is wanted: a longer text that comes out as a list, a dict or a boolean
 * becomes such, as in Ansible.
 */
export function renderData(
  source: string,
  origin: Origin,
  scope: Scope,
  env: Environment,
): unknown {
  const value = renderValue(source, origin, scope, env);
  if (typeof value !== "string" || !hasTemplate(source)) return value;
  return isLonePrint(parseSource(source, origin, env, PLAYBOOK_TEXT)) ? value : dataOfText(value);
}

/**
 * Evaluates a bare expression, such as a `when`. One with {{ }} in it is rendered first; as in
 * Ansible, the text that comes of it is evaluated again.
 */
export function evaluateExpression(
  source: string,
  origin: Origin,
  scope: Scope,
  env: Environment,
): unknown {
  if (!hasTemplate(source)) return valueOf(parseBare(source, origin, env), 0, origin, scope, env);
  const rendered = renderExpression(source, origin, scope, env);
  if (typeof rendered !== "string" || rendered === "") return rendered;
  const place = origin.at(0);
  return valueOf(parseBare(rendered, { at: () => place }, env), 0, { at: () => place }, scope, env);
}

/** The same where only the truth matters: what is known may decide before all of it is. */
export function evaluateCondition(
  source: string,
  origin: Origin,
  scope: Scope,
  env: Environment,
): unknown {
  if (hasTemplate(source)) return evaluateExpression(source, origin, scope, env);
  const parsed = parseBare(source, origin, env);
  if (!isLonePrint(parsed)) return valueOf(parsed, 0, origin, scope, env);
  const [node] = parsed.nodes;
  return stoppable(origin, () =>
    toNative(evaluateTruth(node.value, frameFor(parsed, origin, scope, env))),
  );
}

/**
 * What an expression with templates in it is once these are rendered. Throws InputError for texts
 * of others that it may not hold.
 */
export function renderExpression(
  source: string,
  origin: Origin,
  scope: Scope,
  env: Environment,
): unknown {
  const parsed = parseSource(source, origin, env, PLAYBOOK_TEXT);
  const isPlain = parsed.nodes.every(({ kind }) => kind === "text" || kind === "print");
  const guard = new Guard(source, scope, isPlain);
  return stoppable(origin, () => {
    if (!isLonePrint(parsed))
      return renderText(parsed, origin, scope, env, new GuardedOutput(guard));
    const [node] = parsed.nodes;
    const value = toNative(evaluate(node.value, frameFor(parsed, origin, scope, env)));
    located(origin, node.at, () => guard.check(value));
    return value;
  });
}

// The value of a text that is one expression, or all that a longer text prints.
function valueOf(
  parsed: Parsed,
  newlines: number,
  origin: Origin,
  scope: Scope,
  env: Environment,
): unknown {
  return stoppable(origin, () => {
    const value = isLonePrint(parsed)
      ? toNative(evaluate(parsed.nodes[0].value, frameFor(parsed, origin, scope, env)))
      : renderText(parsed, origin, scope, env);
    return withNewlines(value, newlines);
  });
}

// Whether a text is one {{ expression }} and nothing else.
function isLonePrint(
  parsed: Parsed,
): parsed is Parsed & { readonly nodes: readonly [Extract<Node, { kind: "print" }>] } {
  return parsed.nodes.length === 1 && parsed.nodes[0]!.kind === "print";
}

/**
 * Parses a text of a playbook without rendering it; throws InputError for bad syntax and for
 * filters, tests and lookups that do not exist.
 */
export function checkValue(source: string, origin: Origin, env: Environment): void {
  if (hasTemplate(source)) refuseForeign(parseSource(source, origin, env, PLAYBOOK_TEXT), origin);
}

/** The same for a bare expression; of one with {{ }} in it, only what is inside these is known. */
export function checkExpression(source: string, origin: Origin, env: Environment): void {
  if (hasTemplate(source)) checkValue(source, origin, env);
  else refuseForeign(parseBare(source, origin, env), origin);
}

/** A variable that a text needs, and its position. */
export interface NeededName {
  name: string;
  place: Place;
}

/**
 * The variables without which a text of a playbook (or a bare expression) cannot be
 * rendered, whatever else is known.
 */
export function namesNeeded(
  source: string,
  origin: Origin,
  env: Environment,
  isExpression: boolean,
): NeededName[] {
  if (!isExpression && !hasTemplate(source)) return [];
  const { nodes } = hasTemplate(source)
    ? parseSource(source, origin, env, PLAYBOOK_TEXT)
    : parseBare(source, origin, env);
  return neededNames(nodes).map(({ name, at }) => ({ name, place: origin.at(at) }));
}

/** The same for a template in a file. */
export function namesNeededByTemplate({ parsed, origin }: Template): NeededName[] {
  return neededNames(parsed.nodes).map(({ name, at }) => ({ name, place: origin.at(at) }));
}

// Throws UnsupportedError for what Ansible has and we do not.
function refuseForeign({ foreign }: Parsed, origin: Origin): void {
  if (foreign) throw placed(foreign, origin, 0);
}

/** Tells cheaply whether a text needs to be rendered at all. */
export function hasTemplate(text: string): boolean {
  return text.includes("{{") || text.includes("{%") || text.includes("{#");
}

/** A template that another one names literally, in include, import or extends. */
export interface NamedTemplate {
  name: string;
  /** It is an error if it does not exist. */
  isNeeded: boolean;
  place: Place;
}

/** The templates that a template names, where no variable decides which. */
export function templatesNamed({ parsed, origin }: Template): NamedTemplate[] {
  return statements(parsed.nodes).flatMap((node) => {
    if (
      node.kind !== "include" &&
      node.kind !== "import" &&
      node.kind !== "from_import" &&
      node.kind !== "extends"
    )
      return [];
    if (node.name.kind !== "const" || typeof node.name.value !== "string") return [];
    return [
      {
        name: node.name.value,
        isNeeded: node.kind !== "include" || !node.ignoreMissing,
        place: origin.at(node.name.at),
      },
    ];
  });
}

// All statements of a template, including nested ones.
function statements(nodes: readonly Node[]): Node[] {
  return nodes.flatMap((node) => [node, ...statements(bodies(node).flat())]);
}
