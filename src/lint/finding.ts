import type { InputError, Place } from "../errors.ts";
import { defined } from "../defined.ts";

/**
 * Something found in a playbook: a mistake, for which it would be refused, or something allowed
 * that is probably not intended.
 */
export interface Finding {
  severity: "error" | "warning";
  /**
   * The rule's name, as ansible-lint has it where that knows the same; "error"
   * for what plan refuses.
   */
  rule: string;
  message: string;
  place: Place;
  hint?: string;
}

// A mistake as a finding, at its own place or else at another one.
export function mistake({ message, place, hint }: InputError, elsewhere: Place): Finding {
  return {
    severity: "error",
    rule: "error",
    message,
    place: place ?? elsewhere,
    ...defined({ hint }),
  };
}

/** Tells a slip: what is likely wrong, where, and how to fix it. */
export type Tell = (message: string, place: Place, hint?: string) => void;
