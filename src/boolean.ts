/**
 * The words that Ansible reads as true or false, whatever their case and the spaces around them.
 */
const TRUE: ReadonlySet<string> = new Set(["y", "yes", "on", "1", "true", "t"]);
const FALSE: ReadonlySet<string> = new Set(["n", "no", "off", "0", "false", "f"]);

// Reads a boolean as Ansible's convert_bool does, for every keyword, variable and parameter that is
// one; undefined: it is not one.
export function toBoolean(value: unknown): boolean | undefined {
  if (typeof value === "boolean") return value;
  const plain: unknown = typeof value === "object" ? value?.valueOf() : value; // a float is an object here
  if (typeof plain === "number") return plain === 1 || (plain === 0 ? false : undefined);
  if (typeof plain !== "string") return undefined;
  const word = plain.trim().toLowerCase();
  return TRUE.has(word) || (FALSE.has(word) ? false : undefined);
}
