import { Fault } from "../core/fault.ts";
import { ownProperty } from "../core/own-property.ts";
import { Translator, type RegexFlags } from "./regex-translate.ts";
import { quoteText } from "../core/text.ts";

export type { RegexFlags };

const INLINE = /^\(\?([aiLmsux]+)\)/;
const cache = new Map<string, RegExp>();

// Compiles a pattern of Python's re; the result has the global flag unless `sticky` asks for a match at the start.
export function compileRegex(pattern: string, flags: RegexFlags, sticky = false): RegExp {
  const key =
    [flags.ignoreCase, flags.multiline, flags.dotAll, flags.ascii, sticky]
      .map((flag) => (flag ? 1 : 0))
      .join("") + pattern;
  let compiled = cache.get(key);
  if (!compiled) {
    if (cache.size > 2000) cache.clear();
    cache.set(key, (compiled = compile(pattern, flags, sticky)));
  }
  compiled.lastIndex = 0;
  return compiled;
}

// Translates and compiles; what either side refuses is one error.
function compile(pattern: string, flags: RegexFlags, sticky: boolean): RegExp {
  const inline = INLINE.exec(pattern);
  const set = inline?.[1] ?? "";
  const all = {
    ignoreCase: flags.ignoreCase || set.includes("i"),
    multiline: flags.multiline || set.includes("m"),
    dotAll: flags.dotAll || set.includes("s"),
    verbose: flags.verbose || set.includes("x"),
    ascii: flags.ascii || set.includes("a"),
  };
  const source = new Translator(pattern.slice(inline?.[0].length ?? 0), all).translate();
  try {
    return new RegExp(source, `v${sticky ? "y" : "g"}${all.ignoreCase ? "i" : ""}`);
  } catch (error) {
    throw new Fault(
      `the pattern ${quoteText(pattern)} is not a regular expression`,
      error instanceof Error ? error.message : undefined,
    );
  }
}

const REFERENCE = /\\(?:g<(\w+)>|([1-9]\d?)|([^]))/g;

// The replacement of re.sub for one match: \1, \g<name>, \n.
export function expandReplacement(
  template: string,
  match: RegExpExecArray | RegExpMatchArray,
): string {
  return template.replace(REFERENCE, (_whole, name?: string, number?: string, char?: string) => {
    if (char !== undefined) return replacementEscape(char);
    const wanted = name ?? number ?? "0";
    return groupOf(match, wanted) ?? "";
  });
}

// An escape in a replacement that is no reference.
function replacementEscape(char: string): string {
  if (char === "\\") return "\\";
  if (char === "0") return "\0";
  const known: { [char: string]: string } = {
    n: "\n",
    t: "\t",
    r: "\r",
    f: "\f",
    v: "\v",
    a: "\x07",
    b: "\b",
  };
  const plain = ownProperty(known, char);
  if (plain !== undefined) return plain;
  if (/[A-Za-z]/.test(char)) throw new Fault(`bad escape \\${char} in the replacement`);
  return `\\${char}`;
}

// A group of a match by number or name; null where it took no part.
export function groupOf(match: RegExpExecArray | RegExpMatchArray, wanted: string): string | null {
  if (/^\d+$/.test(wanted)) {
    if (Number(wanted) >= match.length)
      throw new Fault(`there is no group ${wanted}`, `the pattern has ${match.length - 1} groups`);
    return match[Number(wanted)] ?? null;
  }
  if (!match.groups || !Object.hasOwn(match.groups, wanted))
    throw new Fault(`there is no group "${wanted}"`);
  return match.groups[wanted] ?? null;
}
