import type { Expr, Node } from "./ast.ts";
import { Fault } from "../core/fault.ts";
import type { Token } from "./lexer.ts";

/**
 * How whole expressions and statements are read; passed in, so that the parsers of their parts
 * need not know all of them.
 */
export interface Grammar {
  expression(tokens: TokenStream): Expr;
  statement(tokens: TokenStream, ends: string[]): Node;
}

/** Reads tokens one after the other. */
export class TokenStream {
  readonly grammar: Grammar;
  readonly plainBackslashes: boolean;
  /** The names that were read as variables, since somebody last emptied it. */
  namesSeen = new Set<string>();
  private readonly tokens: Token[];
  private index = 0;
  private variable = false;

  constructor(tokens: Token[], grammar: Grammar, plainBackslashes: boolean) {
    this.tokens = tokens;
    this.grammar = grammar;
    this.plainBackslashes = plainBackslashes;
  }

  // The token that comes next.
  get current(): Token {
    return this.tokens[this.index]!;
  }

  // The token after the next one.
  get following(): Token {
    return this.tokens[Math.min(this.index + 1, this.tokens.length - 1)]!;
  }

  // Whether strings keep their backslashes here: only inside {{ }} of a playbook's value.
  get keepsBackslashes(): boolean {
    return this.plainBackslashes && this.variable;
  }

  // Takes the next token.
  next(): Token {
    const token = this.current;
    if (token.kind === "variable_begin") this.variable = true;
    if (token.kind === "variable_end") this.variable = false;
    if (token.kind !== "end") this.index++;
    return token;
  }

  // Whether the next token is this operator.
  isOperator(text: string): boolean {
    return this.current.kind === "operator" && this.current.text === text;
  }

  // Whether the next token is one of these names.
  isName(...names: string[]): boolean {
    return this.current.kind === "name" && names.includes(this.current.text);
  }

  // Takes the operator if it comes next.
  skipOperator(text: string): boolean {
    return this.isOperator(text) && Boolean(this.next());
  }

  // Takes the name if it comes next.
  skipName(name: string): boolean {
    return this.isName(name) && Boolean(this.next());
  }

  // Takes an operator that must come next.
  expectOperator(text: string): Token {
    if (!this.isOperator(text)) throw this.unexpected(`"${text}"`);
    return this.next();
  }

  // Takes a token of a kind that must come next.
  expect(kind: Token["kind"]): Token {
    if (this.current.kind !== kind) throw this.unexpected(EXPECTED[kind] ?? kind);
    return this.next();
  }

  // Takes a word that must come next.
  expectName(name: string): void {
    if (!this.skipName(name)) throw this.unexpected(`"${name}"`);
  }

  // The error that something else was expected here.
  unexpected(expected: string): Fault {
    return new Fault(
      `unexpected ${describe(this.current)}, expected ${expected}`,
      this.current.kind === "operator" && Object.hasOwn(MEANT, this.current.text)
        ? MEANT[this.current.text]
        : undefined,
      this.current.at,
    );
  }
}

/** The hint for operators where none is allowed. */
const MEANT: { readonly [operator: string]: string } = {
  "=": "compare with ==",
  "|": 'write "or"; a filter has a name: value | upper',
};

const EXPECTED: { [kind: string]: string } = {
  variable_end: '"}}"',
  block_end: '"%}"',
  name: "a name",
  end: "the end of the expression",
};

// A token as people call it.
export function describe(token: Token): string {
  if (token.kind === "end") return "end";
  if (token.kind === "data") return "text";
  return token.kind === "string" ? `string ${token.text}` : `"${token.text}"`;
}
