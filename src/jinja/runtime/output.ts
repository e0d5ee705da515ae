import type { Unknown } from "../../value.ts";
import { toText } from "../core/text.ts";
import { findUnknownIn } from "../core/unknown.ts";
import { Undefined, soften } from "../core/value.ts";

/** Collects what a template prints; once something Unknown was printed, the whole is Unknown. */
export class TextOutput {
  private readonly parts: string[] = [];
  private unknown: Unknown | undefined;

  // Adds text.
  write(text: string): void {
    this.parts.push(text);
  }

  // Prints a value; none prints nothing, as in Ansible.
  print(value: unknown): void {
    if (typeof value === "string") this.parts.push(value);
    else if (value instanceof Undefined) soften(value);
    else if (value !== null) {
      this.unknown ??= findUnknownIn(value);
      if (!this.unknown) this.parts.push(toText(value));
    }
  }

  // All that was printed.
  text(): string | Unknown {
    return this.unknown ?? this.parts.join("");
  }
}
