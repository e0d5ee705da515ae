import type { Place } from "../errors.ts";

/** What is told of a playbook: a mistake, for which it would be refused, or what is allowed but probably a slip. */
export interface Finding {
  severity: "mistake" | "slip";
  /** The rule's name, as ansible-lint has it where that knows the same; "mistake" for what is refused. */
  rule: string;
  message: string;
  place: Place;
  mend?: string;
}

/** Tells a slip: what is likely wrong, where, and what mends it. */
export type Tell = (message: string, place: Place, mend?: string) => void;
