import { edgePatterns, STANDARD_EDGES, type EdgePatterns, type Edges } from "./delimiters.ts";
import { Fault } from "../core/fault.ts";

/** A piece of a template: text to print, the edges of a tag, or a word inside a tag. */
export interface Token {
  kind:
    | "data"
    | "variable_begin"
    | "variable_end"
    | "block_begin"
    | "block_end"
    | "name"
    | "string"
    | "integer"
    | "float"
    | "operator"
    | "end";
  text: string;
  at: number;
}

/** How a text is cut into tokens. */
export interface LexOptions {
  trimBlocks: boolean;
  lstripBlocks: boolean;
  /** Backslashes in the strings of `{{ }}` are plain characters, as in the values of a playbook. */
  plainBackslashes: boolean;
  /** What begins and ends tags, if not Jinja2's own. */
  edges?: Edges;
}

/** Characters that begin no word of Jinja, and what is meant by them. */
const STRANGE: { readonly [char: string]: string } = {
  "'": "the string is not closed",
  '"': "the string is not closed",
  "&": 'write "and"',
  "!": 'write "not"; "differs from" is !=',
  "?": 'write "a if condition else b"',
  "\u201c": "use plain quotes",
  "\u201d": "use plain quotes",
  "\u2018": "use plain quotes",
  "\u2019": "use plain quotes",
};

const WORDS: readonly [Token["kind"], RegExp][] = [
  ["float", /(?<!\.)(?:\d+_)*\d+(?:(?:\.(?:\d+_)*\d+)?[eE][+-]?(?:\d+_)*\d+|\.(?:\d+_)*\d+)/y],
  [
    "integer",
    /0[bB](?:_?[01])+|0[oO](?:_?[0-7])+|0[xX](?:_?[\da-fA-F])+|[1-9](?:_?\d)*|0(?:_?0)*/y,
  ],
  ["name", /[\p{L}\p{N}_]+/uy],
  ["string", /'(?:[^'\\]|\\[^])*'|"(?:[^"\\]|\\[^])*"/y],
  ["operator", /\/\/|\*\*|==|!=|>=|<=|[-+/*%~[\](){}><=.:|,;]/y],
];
const CLOSERS: { [open: string]: string } = { "(": ")", "[": "]", "{": "}" };

/** Cuts the source of a template into tokens; offsets count in the source as it was given. */
export class Lexer {
  readonly tokens: Token[] = [];
  private readonly source: string;
  private readonly options: LexOptions;
  private readonly patterns: EdgePatterns;
  private at: number;

  constructor(source: string, options: LexOptions, start = 0) {
    this.source = source;
    this.options = options;
    this.patterns = edgePatterns(options.edges ?? STANDARD_EDGES);
    this.at = start;
  }

  // Cuts a whole template.
  template(): Token[] {
    while (this.at < this.source.length) {
      this.patterns.opening.lastIndex = this.at;
      const found = this.patterns.opening.exec(this.source);
      if (!found) {
        this.data(this.at, this.source.length, "");
        this.at = this.source.length;
      } else this.tag(found);
    }
    return this.finish();
  }

  // Tokenizes a bare expression, such as the one in `when`.
  expression(): Token[] {
    const open: string[] = [];
    while (this.skipSpace()) this.word(open);
    return this.finish();
  }

  // Marks the end.
  private finish(): Token[] {
    this.tokens.push({ kind: "end", text: "", at: this.source.length });
    return this.tokens;
  }

  // Adds text to print; the sign of the tag that follows says how much white space goes.
  private data(from: number, to: number, sign: string, block = false): void {
    let text = this.source.slice(from, to);
    if (sign === "-") text = text.replace(/\s+$/u, "");
    else if (block && sign === "" && this.options.lstripBlocks && this.startsLine(from, to))
      text = text.replace(/[^\S\n]+$/u, "");
    if (text !== "")
      this.tokens.push({ kind: "data", text: text.replace(/\r\n?/g, "\n"), at: from });
  }

  // Whether there is only white space between the start of the line and a tag.
  private startsLine(from: number, to: number): boolean {
    const line = this.source.lastIndexOf("\n", to - 1) + 1;
    return (
      line >= from &&
      /^\s*$/u.test(this.source.slice(line, to)) &&
      (line > from || from === 0 || this.source[from - 1] === "\n")
    );
  }

  // Reads a tag from its opening on.
  private tag(found: RegExpExecArray): void {
    const opening = found[0];
    const { variable, comment, sign = "" } = found.groups!;
    this.data(this.at, found.index, sign, variable === undefined);
    this.patterns.raw.lastIndex = found.index;
    const raw = this.patterns.raw.exec(this.source);
    if (raw) return this.raw(found.index, raw[0].length);
    this.at = found.index + opening.length;
    if (comment !== undefined) return this.comment(found.index);
    const kind = variable === undefined ? "block" : "variable";
    this.tokens.push({ kind: `${kind}_begin`, text: opening, at: found.index });
    this.inside(kind, found.index);
  }

  // Copies a raw block.
  private raw(start: number, length: number): void {
    this.at = start + length;
    this.patterns.endRaw.lastIndex = this.at;
    const end = this.patterns.endRaw.exec(this.source);
    if (!end) throw new Fault("the raw block is not closed", "add {% endraw %}", start);
    this.data(this.at, end.index, end[1] ?? "", true);
    this.at = end.index + end[0].length;
    if (end[2] === this.patterns.edges.block[1]) this.trimLine();
  }

  // Skips a comment.
  private comment(start: number): void {
    const mark = this.patterns.edges.comment[1];
    const end = this.source.indexOf(mark, this.at);
    if (end < 0) throw new Fault("the comment is not closed", `add ${mark}`, start);
    const sign = end > this.at - 1 ? this.source[end - 1] : "";
    this.at = end + mark.length;
    if (sign === "-") this.trimAll();
    else if (sign !== "+") this.trimLine();
  }

  // Reads the words of a tag up to its end; an end inside brackets is not one.
  private inside(kind: "variable" | "block", start: number): void {
    const open: string[] = [];
    const ending = kind === "variable" ? this.patterns.endVariable : this.patterns.endBlock;
    while (this.skipSpace()) {
      ending.lastIndex = this.at;
      const end = open.length === 0 ? ending.exec(this.source) : null;
      if (!end) this.word(open);
      else return this.close(kind, end[0], end[1] ?? "");
    }
    const mark = this.patterns.edges[kind][0];
    throw new Fault(
      `"${mark}" is not closed`,
      open.length > 0 ? `a "${open.at(-1)}" inside it is still open` : undefined,
      start,
    );
  }

  // Ends a tag.
  private close(kind: "variable" | "block", text: string, sign: string): void {
    this.tokens.push({ kind: `${kind}_end`, text, at: this.at });
    this.at += text.length;
    if (sign === "-") this.trimAll();
    else if (kind === "block" && sign === "") this.trimLine();
  }

  // Skips white space; false at the end of the source.
  private skipSpace(): boolean {
    this.trimAll();
    return this.at < this.source.length;
  }

  // Skips all white space.
  private trimAll(): void {
    const space = /\s*/uy;
    space.lastIndex = this.at;
    this.at += space.exec(this.source)?.[0].length ?? 0;
  }

  // Skips the line break after a block tag, where blocks are trimmed.
  private trimLine(): void {
    if (!this.options.trimBlocks) return;
    if (this.source.startsWith("\r\n", this.at)) this.at += 2;
    else if (this.source[this.at] === "\n") this.at += 1;
  }

  // Reads one word of an expression and keeps count of the brackets.
  private word(open: string[]): void {
    for (const [kind, pattern] of WORDS) {
      pattern.lastIndex = this.at;
      const text = pattern.exec(this.source)?.[0];
      if (text === undefined) continue;
      if (kind === "operator") this.bracket(text, open);
      this.tokens.push({ kind, text, at: this.at });
      this.at += text.length;
      return;
    }
    const char = String.fromCodePoint(this.source.codePointAt(this.at) ?? 0);
    throw new Fault(
      `unexpected character ${JSON.stringify(char)}`,
      Object.hasOwn(STRANGE, char) ? STRANGE[char] : undefined,
      this.at,
    );
  }

  // Opens or closes a bracket.
  private bracket(text: string, open: string[]): void {
    if (CLOSERS[text] !== undefined) open.push(text);
    else if (text === ")" || text === "]" || text === "}") {
      const last = open.pop();
      if (last === undefined)
        throw new Fault(
          `unexpected "${text}"`,
          text === "}" ? "an expression ends with }}, a statement with %}" : undefined,
          this.at,
        );
      if (CLOSERS[last] !== text)
        throw new Fault(`unexpected "${text}", expected "${CLOSERS[last]}"`, undefined, this.at);
    }
  }
}
