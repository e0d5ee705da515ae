import { UndefinedUseError } from "../../errors.ts";
import { closest } from "../../suggest.ts";
import type { Call, Environment, Scope } from "../core/callable.ts";
import type { Node } from "../syntax/ast.ts";
import type { Origin } from "../core/fault.ts";
import type { TextOutput } from "./output.ts";
import { Undefined } from "../core/value.ts";

/** One implementation of a block, with the context of its template. */
export interface TemplateBlock {
  node: Extract<Node, { kind: "block" }>;
  context: Context;
}

/** What one template text runs with; an included template has its own. */
export interface Context {
  env: Environment;
  scope: Scope;
  origin: Origin;
  /** The implementations of each block, the most derived first. */
  blocks: Map<string, TemplateBlock[]>;
  /** The files that led here, each by way of the one before: includes, imports, extends. */
  trail: readonly string[];
  /** The template that this one extends, once that was said. */
  parent?: { nodes: readonly Node[]; context: Context };
  /**
   * Prints statements; it is passed here so that loops, macros and includes
   * need not know all statements.
   */
  render(nodes: readonly Node[], frame: Frame, out: TextOutput): void;
}

/** The names that a piece of a template sets, on top of those around it. */
export class Frame {
  readonly vars = new Map<string, unknown>();
  readonly context: Context;
  readonly parent: Frame | undefined;

  constructor(context: Context, parent?: Frame) {
    this.context = context;
    this.parent = parent;
  }

  // The value of a name; what is nowhere is undefined, which is an error only where it is used.
  lookup(name: string, at: number): unknown {
    for (let frame: Frame | undefined = this; frame; frame = frame.parent) {
      const value = frame.vars.get(name);
      if (value !== undefined) return value;
    }
    const { env, origin } = this.context;
    const value = this.variable(name);
    if (value !== undefined) return value;
    const global = env.globals.get(name);
    if (global !== undefined) return global;
    const missing = new Undefined(
      `'${name}' is undefined`,
      () => origin.at(at),
      () => this.hint(name),
    );
    missing.variable = name;
    return missing;
  }

  // The value of a variable. One whose own template uses something undefined is undefined itself.
  private variable(name: string): unknown {
    try {
      return this.context.scope.lookup(name);
    } catch (error) {
      if (!(error instanceof UndefinedUseError)) throw error;
      const missing = new Undefined(error.message);
      missing.inside = error;
      return missing;
    }
  }

  // Why there is no such name, or "did you mean", from all names that are known here.
  private hint(name: string): string | undefined {
    const why = this.context.scope.why?.(name);
    if (why !== undefined) return why;
    const known = new Set([
      ...this.names(),
      ...(this.context.scope.names?.() ?? []),
      ...(this.context.scope.given ?? []),
      ...this.context.env.globals.keys(),
    ]);
    const near = closest(name, known);
    return near === undefined ? undefined : `did you mean "${near}"?`;
  }

  // The names that are set here and around.
  names(): string[] {
    return [...this.vars.keys(), ...(this.parent?.names() ?? [])];
  }

  // A frame inside this one.
  inner(): Frame {
    return new Frame(this.context, this);
  }

  // What a function called at this offset may know.
  call(at: number): Call {
    const { env, scope, origin } = this.context;
    return { env, scope, place: () => origin.at(at) };
  }
}
