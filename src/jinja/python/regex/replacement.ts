import { CONTROL_ESCAPES } from "../../syntax/control-escapes.ts";
import { Fault } from "../../core/fault.ts";
import { ownProperty } from "../../core/own-property.ts";
import { quoteText } from "../../core/text.ts";

/** What a replacement is made of: texts, and groups by number or name. */
export type ReplacementPart = string | { readonly group: number | string };

const PART =
  /\\g<(?<name>[^>]*)>|\\(?<octal>0[0-7]{0,2}|[1-3][0-7]{2}|[4-7][0-7]{2})|\\(?<group>[1-9][0-9]?)|\\(?<escape>[^])|[^\\]+/gu;
const ESCAPES: { readonly [letter: string]: string } = {
  ...CONTROL_ESCAPES,
  "\\": "\\",
};

// Reads the replacement of Python's re.sub: \1, \g<name>, \n.
export function parseReplacement(template: string): ReplacementPart[] {
  if (/(?<!\\)(?:\\\\)*\\$/.test(template))
    throw replacementError("bad escape (end of pattern)", template);
  return Array.from(template.matchAll(PART), (found) => {
    const { name, octal, group, escape } = found.groups!;
    if (name !== undefined) return { group: groupName(name, template) };
    if (octal !== undefined) return octalCharacter(octal, template);
    if (group !== undefined) return { group: Number(group) };
    return escape === undefined ? found[0] : escaped(escape, template);
  });
}

function replacementError(what: string, template: string): Fault {
  return new Fault(`${what} in the replacement ${quoteText(template)}`);
}

function groupName(name: string, template: string): number | string {
  if (/^[0-9]+$/.test(name)) return Number(name);
  if (name === "") throw replacementError("missing group name", template);
  if (!/^[\p{L}_][\p{L}\p{N}_]*$/u.test(name))
    throw replacementError(`bad character in group name '${name}'`, template);
  return name;
}

function octalCharacter(digits: string, template: string): string {
  const code = parseInt(digits, 8);
  if (code <= 0o377) return String.fromCharCode(code);
  if (digits.startsWith("0")) return String.fromCharCode(code & 0xff);
  throw replacementError(`octal escape value \\${digits} outside of range 0-0o377`, template);
}

function escaped(letter: string, template: string): string {
  const plain = ownProperty(ESCAPES, letter);
  if (plain !== undefined) return plain;
  if (letter === "g") throw replacementError("missing <", template);
  if (/[A-Za-z]/.test(letter)) throw replacementError(`bad escape \\${letter}`, template);
  return `\\${letter}`;
}
