import { Fault } from "../core/fault.ts";
import { quoteText } from "../core/text.ts";
import { compileTree, type RegexProgram } from "./regex/compile.ts";
import { Matcher, type MatchTerms } from "./regex/match.ts";
import { parseRegex } from "./regex/parse.ts";
import { parseReplacement, type ReplacementPart } from "./regex/replacement.ts";
import type { RegexFlags } from "./regex/tree.ts";

export type { RegexFlags };

const FREE: MatchTerms = { whole: false, notEmpty: false };
const cache = new Map<string, PythonRegex>();

// Compiles a pattern of Python's re.
export function compileRegex(pattern: string, flags: Partial<RegexFlags> = {}): PythonRegex {
  const all = {
    ignoreCase: flags.ignoreCase ?? false,
    multiline: flags.multiline ?? false,
    dotAll: flags.dotAll ?? false,
    verbose: flags.verbose ?? false,
    ascii: flags.ascii ?? false,
  };
  const key = Object.values(all).map(Number).join("") + pattern;
  let compiled = cache.get(key);
  if (!compiled) {
    if (cache.size > 2000) cache.clear();
    const tree = parseRegex(pattern, all);
    compiled = new PythonRegex(pattern, compileTree(tree), tree.names);
    cache.set(key, compiled);
  }
  return compiled;
}

/** A compiled pattern of Python's re; it finds what Python finds, group by group. */
export class PythonRegex {
  readonly pattern: string;
  private readonly program: RegexProgram;
  private readonly names: ReadonlyMap<string, number>;

  constructor(pattern: string, program: RegexProgram, names: ReadonlyMap<string, number>) {
    this.pattern = pattern;
    this.program = program;
    this.names = names;
  }

  // The first match (re.search).
  search(text: string): PythonMatch | undefined {
    return this.find(new Subject(text), 0, false);
  }

  // A match at the start of the text (re.match), or of all of it (re.fullmatch).
  match(text: string, whole = false): PythonMatch | undefined {
    const subject = new Subject(text);
    const matcher = new Matcher(this.program, subject.codes);
    return this.matchAt(matcher, subject, 0, { whole, notEmpty: false });
  }

  // Whether it is found anywhere.
  test(text: string): boolean {
    return this.search(text) !== undefined;
  }

  // All matches, one after the other (re.finditer): an empty one may follow one that is not.
  findAll(text: string): PythonMatch[] {
    const subject = new Subject(text);
    const found: PythonMatch[] = [];
    let [from, notEmpty] = [0, false];
    for (;;) {
      const match = this.find(subject, from, notEmpty);
      if (!match) return found;
      found.push(match);
      from = match.spans[1]!;
      notEmpty = match.spans[0] === from;
    }
  }

  // Python's re.subn: the new text, and how many matches were replaced.
  replace(text: string, replacement: string): { text: string; count: number } {
    const parts = parseReplacement(replacement);
    let [result, last] = ["", 0];
    const found = this.findAll(text);
    this.checkGroups(parts);
    for (const match of found) {
      result += text.slice(last, match.index) + fill(parts, match);
      last = match.end;
    }
    return { text: result + text.slice(last), count: found.length };
  }

  // Python checks that the groups of a replacement exist before it looks for matches.
  private checkGroups(parts: readonly ReplacementPart[]): void {
    for (const part of parts)
      if (typeof part !== "string") groupNumber(part.group, this.program.groupCount, this.names);
  }

  private find(subject: Subject, from: number, notEmpty: boolean): PythonMatch | undefined {
    const matcher = new Matcher(this.program, subject.codes);
    for (let at = from; ; at++) {
      at = matcher.candidate(at);
      if (at > subject.codes.length) return undefined;
      const terms = notEmpty && at === from ? { whole: false, notEmpty } : FREE;
      const match = this.matchAt(matcher, subject, at, terms);
      if (match) return match;
    }
  }

  private matchAt(
    matcher: Matcher,
    subject: Subject,
    at: number,
    terms: MatchTerms,
  ): PythonMatch | undefined {
    if (matcher.matchAt(at, terms) === undefined) return undefined;
    const spans = Array.from(matcher.registers.subarray(0, 2 * this.program.groupCount));
    return new PythonMatch(subject, spans, this.names);
  }
}

/** A match: where it lies, and its groups. */
export class PythonMatch {
  private readonly subject: Subject;
  /** Begin and end of the match and of each group, in code points; -1: it took no part. */
  readonly spans: readonly number[];
  readonly names: ReadonlyMap<string, number>;

  constructor(subject: Subject, spans: readonly number[], names: ReadonlyMap<string, number>) {
    this.subject = subject;
    this.spans = spans;
    this.names = names;
  }

  /** Where the match begins in the text, as JavaScript counts. */
  get index(): number {
    return this.subject.offset(this.spans[0]!);
  }

  /** Where it ends. */
  get end(): number {
    return this.subject.offset(this.spans[1]!);
  }

  /** The text of the whole match. */
  get text(): string {
    return this.subject.slice(this.spans[0]!, this.spans[1]!);
  }

  // A group by number or name; null where it took no part.
  group(wanted: number | string): string | null {
    const span = this.span(wanted);
    return span && this.subject.text.slice(...span);
  }

  // Where a group lies in the text; null where it took no part.
  span(wanted: number | string): [begin: number, end: number] | null {
    const number = groupNumber(wanted, this.spans.length / 2, this.names);
    const [begin, end] = [this.spans[2 * number]!, this.spans[2 * number + 1]!];
    return begin < 0 || end < begin ? null : [this.subject.offset(begin), this.subject.offset(end)];
  }

  /** All groups but the whole match. */
  get groups(): (string | null)[] {
    return Array.from({ length: this.spans.length / 2 - 1 }, (_, index) => this.group(index + 1));
  }
}

/** A text as Python sees it: by code points. */
class Subject {
  readonly codes: ArrayLike<number>;
  /** Where each code point lies in the text; undefined: where JavaScript counts it, too. */
  private readonly offsets: number[] | undefined;

  readonly text: string;

  constructor(text: string) {
    this.text = text;
    const wide = /[\ud800-\udbff][\udc00-\udfff]/.test(text);
    const codes = new Uint32Array(text.length);
    if (!wide) {
      for (let index = 0; index < text.length; index++) codes[index] = text.charCodeAt(index);
      this.codes = codes;
      return;
    }
    this.offsets = [];
    for (let index = 0; index < text.length;) {
      const code = text.codePointAt(index)!;
      codes[this.offsets.length] = code;
      this.offsets.push(index);
      index += code > 0xffff ? 2 : 1;
    }
    this.codes = codes.subarray(0, this.offsets.length);
    this.offsets.push(text.length);
  }

  // A place among the code points as one in the text.
  offset(index: number): number {
    return this.offsets ? this.offsets[index]! : index;
  }

  slice(begin: number, end: number): string {
    return this.text.slice(this.offset(begin), this.offset(end));
  }
}

// What a replacement gives for one match: \1, \g<name>, \n.
export function expandReplacement(template: string, match: PythonMatch): string {
  return fill(parseReplacement(template), match);
}

function fill(parts: readonly ReplacementPart[], match: PythonMatch): string {
  return parts
    .map((part) => (typeof part === "string" ? part : (match.group(part.group) ?? "")))
    .join("");
}

// The number of an existing group.
function groupNumber(
  wanted: number | string,
  count: number,
  names: ReadonlyMap<string, number>,
): number {
  const number = typeof wanted === "number" ? wanted : names.get(wanted);
  if (number === undefined) throw new Fault(`there is no group ${quoteText(String(wanted))}`);
  if (number >= count)
    throw new Fault(`there is no group ${number}`, `the pattern has ${count - 1} groups`);
  return number;
}
