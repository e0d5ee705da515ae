import { lookedFor } from "../../suggest.ts";
import { Unknown } from "../../value.ts";
import type { Expr, Node } from "../syntax/ast.ts";
import { Callable, searchPathOf } from "../core/callable.ts";
import { copyOnWriteScope } from "./copy-on-write.ts";
import { evaluate } from "./evaluate.ts";
import { Fault, StoppedByUnknown, placed, type Origin } from "../core/fault.ts";
import { Frame, type TemplateBlock, type Context } from "./frame.ts";
import { addBlocks } from "./inherit.ts";
import { TextOutput } from "./output.ts";
import { parseSource, type Parsed } from "../syntax/parse.ts";
import { quoteText } from "../core/text.ts";
import { Record, Undefined, typeName } from "../core/value.ts";

type Of<K extends Node["kind"]> = Extract<Node, { kind: K }>;

/** Another template, found and parsed. */
type Found = Parsed & { origin: Origin; trail: readonly string[] };

/** So many templates may lead to one: those that lead to themselves go on only as far. */
const DEEPEST = 100;

// {% include %}: prints another template here; it sees the present variables,
// but sets nothing here.
export function renderInclude(node: Of<"include">, frame: Frame, out: TextOutput): void {
  const found = load(node.name, frame, node.ignoreMissing);
  if (!found) return;
  const context = otherContext(frame, found, node.withContext);
  addBlocks(found.nodes, context);
  renderRoot(found.nodes, new Frame(context, node.withContext ? frame : undefined), out);
}

// {% import x as y %}
export function renderImport(node: Of<"import">, frame: Frame): void {
  frame.vars.set(node.target, importTemplate(node.name, frame, node.withContext));
}

// {% from x import y as z %}
export function renderFromImport(node: Of<"from_import">, frame: Frame): void {
  const module = importTemplate(node.name, frame, node.withContext);
  for (const [name, alias] of node.names) {
    const value = module.attribute(name);
    const where = () => frame.context.origin.at(node.at);
    frame.vars.set(alias, value ?? new Undefined(`the template does not export '${name}'`, where));
  }
}

// Runs a template for what it sets at its top level.
function importTemplate(name: Expr, frame: Frame, withContext: boolean): Record {
  const found = load(name, frame, false)!;
  const context = otherContext(frame, found, withContext);
  addBlocks(found.nodes, context);
  const root = new Frame(context, withContext ? frame : undefined);
  const out = new TextOutput();
  renderRoot(found.nodes, root, out);
  return new Record(
    "TemplateModule",
    (field) => (field.startsWith("_") ? undefined : root.vars.get(field)),
    () => out.text(),
  );
}

// {% extends %}: what this template prints is dropped, its blocks take the place of the parent's.
export function renderExtends(node: Of<"extends">, frame: Frame): void {
  const { context } = frame;
  if (context.parent) throw new Fault("the template extends two templates", undefined, node.at);
  const found = load(node.name, frame, false)!;
  const parent: Context = { ...context, origin: found.origin, trail: found.trail };
  addBlocks(found.nodes, parent);
  context.parent = { nodes: found.nodes, context: parent };
}

// Prints the top level of a template, then the template that it extends.
export function renderRoot(nodes: readonly Node[], root: Frame, out: TextOutput): void {
  const { context } = root;
  if (context.blocks.size > 0) root.vars.set("self", selfRecord(root));
  for (const node of nodes) {
    if (!context.parent) context.render([node], root, out);
    else if (node.kind !== "text" && node.kind !== "print" && node.kind !== "block")
      context.render([node], root, new TextOutput());
  }
  const { parent } = context;
  if (parent) renderRoot(parent.nodes, new Frame(parent.context, root), out);
}

// {% block %}: prints its most derived implementation.
export function renderBlock(node: Of<"block">, frame: Frame, out: TextOutput): void {
  const all = frame.context.blocks.get(node.name) ?? [];
  printBlock(all, 0, node.scoped ? frame : rootOf(frame), out);
}

// One implementation of a block; super() prints the next.
function printBlock(all: TemplateBlock[], level: number, around: Frame, out: TextOutput): void {
  const block = all[level];
  if (!block)
    throw new Fault(
      "there is no parent block called here",
      "super() needs a block of the same name in the extended template",
    );
  if (block.node.required)
    throw placed(
      new Fault(
        `the block "${block.node.name}" must be given by the template that extends this one`,
      ),
      block.context.origin,
      block.node.at,
    );
  const inner = new Frame(block.context, around);
  inner.vars.set(
    "super",
    new Callable(
      "super",
      [],
      () => captured((text) => printBlock(all, level + 1, around, text)),
      "none",
    ),
  );
  block.context.render(block.node.body, inner, out);
}

// `self`: the blocks of the template as functions.
function selfRecord(root: Frame): Record {
  return new Record("TemplateReference", (name) => {
    const all = root.context.blocks.get(name);
    return (
      all &&
      new Callable(name, [], () => captured((text) => printBlock(all, 0, root, text)), "none")
    );
  });
}

// What a piece of a template prints, as a value.
export function captured(print: (out: TextOutput) => void): string | Unknown {
  const out = new TextOutput();
  print(out);
  return out.text();
}

// The outermost frame of the same template, where its top level sets its names.
function rootOf(frame: Frame): Frame {
  let root = frame;
  while (root.parent && root.parent.context === frame.context) root = root.parent;
  return root;
}

// The context of another template.
function otherContext(
  { context }: Frame,
  { origin, mutates, trail }: Found,
  withContext: boolean,
): Context {
  const { env, render } = context;
  const scope = withContext ? context.scope : { lookup: () => undefined };
  return {
    env,
    render,
    origin,
    trail,
    blocks: new Map(),
    scope: mutates ? copyOnWriteScope(scope) : scope,
  };
}

// Finds and parses the template that an expression names: the first there is,
// where it names several.
function load(name: Expr, frame: Frame, ignoreMissing: boolean): Found | undefined {
  const value = evaluate(name, frame);
  if (value instanceof Unknown) throw new StoppedByUnknown(value);
  if (value instanceof Undefined) throw value.error();
  const { env, origin } = frame.context;
  if (!env.loadTemplate) throw new Fault("templates cannot be included here", undefined, name.at);
  const names = (Array.isArray(value) ? value : [value]).map((one: unknown) => {
    if (typeof one === "string") return one;
    throw new Fault(
      `the name of a template must be a string, not ${typeName(one)}`,
      undefined,
      name.at,
    );
  });
  const [place, searchPath] = [origin.at(name.at), searchPathOf(frame.context.scope)];
  for (const one of names) {
    const found = env.loadTemplate(one, place, searchPath);
    if (found)
      return {
        ...parseSource(found.source, found.origin, env, FILE_MODE),
        origin: found.origin,
        trail: further(frame.context.trail, found.origin, name.at),
      };
  }
  if (ignoreMissing) return undefined;
  const places = names.flatMap(
    (one) => env.outside?.places(one, "templates", place, searchPath) ?? [],
  );
  throw new Fault(
    `there is no template ${names.map(quoteText).join(", ")}`,
    lookedFor(places),
    name.at,
    places,
  );
}

// The trail with another template at its end. Throws where templates lead to
// each other without end.
function further(trail: readonly string[], origin: Origin, at: number): readonly string[] {
  const { file } = origin.at(0);
  if (trail.length < DEEPEST) return [...trail, file];
  const ring = trail.slice(trail.lastIndexOf(file)).concat(file);
  throw new Fault(
    `templates lead to each other without end: ${ring.join(" -> ")}`,
    "a template that includes itself needs a condition that ends it; no template can extend itself",
    at,
  );
}

const FILE_MODE = { trimBlocks: true, lstripBlocks: false, plainBackslashes: false };
