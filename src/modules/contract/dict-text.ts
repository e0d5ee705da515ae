import { makeDict } from "../../jinja/core/dict.ts";
import { dataOfText } from "../../jinja/python/literal.ts";

/**
 * The mapping that a text stands for where a mapping is wanted, as in Ansible: JSON or Python's
 * notation in braces, or pairs `a=1, b='x y'`, separated by commas and blanks. Undefined: it stands
 * for none.
 */
export function dictOfText(text: string): object | undefined {
  if (text.startsWith("{")) {
    const data = dataOfText(text);
    return typeof data === "object" && data !== null && !Array.isArray(data) ? data : undefined;
  }
  const fields = fieldsOf(text.trim());
  if (fields.length === 0 || fields.some((field) => !field.includes("="))) return undefined;
  return makeDict(
    fields.map((field) => {
      const end = field.indexOf("=");
      return [field.slice(0, end), field.slice(end + 1)] as const;
    }),
  );
}

// The fields of a text. Quotes and backslashes keep what would end a field, and are not part of it.
function fieldsOf(text: string): string[] {
  const fields = [""];
  let quote = "";
  let escaped = false;
  for (const character of text) {
    const plain = !escaped && quote === "";
    if (!escaped && character === "\\") escaped = true;
    else if (plain && (character === "'" || character === '"')) quote = character;
    else if (!escaped && character === quote) quote = "";
    else if (plain && (character === "," || character === " ")) fields.push("");
    else {
      fields[fields.length - 1] += character;
      escaped = false;
    }
  }
  return fields.filter((field) => field !== "");
}
