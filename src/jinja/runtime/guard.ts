import type { Scope } from "../core/callable.ts";
import { Fault } from "../core/fault.ts";
import { TextOutput } from "./output.ts";

/** What a text needs to leave the quotes that it is printed in, or to call something. */
const RISKY = /['"\\()[\]{}|`\r\n]/;

/** Lookups bring what others have written. */
const LOOKUP = /\b(?:lookup|query|q)\s*\(/;

// Tells whether a text of a playbook has a lookup in it.
export function hasLookup(source: string): boolean {
  return LOOKUP.test(source);
}

/**
 * Keeps texts of others out of an expression: a condition with {{ }} in it is rendered, and what
 * comes of that is evaluated, so a host could have its output run here.
 */
export class Guard {
  private readonly scope: Scope;
  private readonly isPlain: boolean;
  private isForeign: boolean;

  // `isPlain`: nothing in the text keeps a value for later.
  constructor(source: string, scope: Scope, isPlain: boolean) {
    this.scope = scope;
    this.isPlain = isPlain;
    this.isForeign = hasLookup(source);
    scope.takeForeign?.();
  }

  // Throws a Fault for a text that could do more than be compared, unless the
  // playbook itself says it.
  check(value: unknown): void {
    const isForeign = this.scope.takeForeign?.() === true || this.isForeign;
    if (!this.isPlain) this.isForeign = isForeign;
    if (!isForeign || typeof value !== "string" || !RISKY.test(value)) return;
    throw new Fault(
      "the condition is made of text that the playbook does not say itself, which is not evaluated",
      "name the variable without {{ }}: a condition is an expression already",
    );
  }
}

/** Output that goes through a guard. */
export class GuardedOutput extends TextOutput {
  private readonly guard: Guard;

  constructor(guard: Guard) {
    super();
    this.guard = guard;
  }

  override print(value: unknown): void {
    this.guard.check(value);
    super.print(value);
  }
}
