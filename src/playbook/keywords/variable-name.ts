import { InputError } from "../../errors.ts";
import type { ScalarNode } from "../../yaml/node.ts";

/** Python's keywords, which Ansible does not accept as variable names. */
const RESERVED = new Set(
  (
    "False None True and as assert async await break class continue def del elif else except finally for from global if import in is lambda " +
    "nonlocal not or pass raise return try while with yield"
  ).split(" "),
);

// Refuses what Ansible does not take as the name of a variable.
export function checkVariableName({ value, place }: ScalarNode): void {
  const name = String(value);
  if (RESERVED.has(name))
    throw new InputError(
      `"${name}" is a reserved word of Python, so it cannot be the name of a variable`,
      place,
      `add something to it: ${name.toLowerCase()}_`,
    );
  if (typeof value === "string" && /^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) return;
  const corrected = name.replaceAll(/[^A-Za-z0-9_]+/g, "_").replace(/^(?=\d)/, "_");
  throw new InputError(
    `"${name}" cannot be the name of a variable`,
    place,
    `use letters, digits and underscores, with no digit first: ${corrected}`,
  );
}
