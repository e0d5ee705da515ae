import { parseFlags } from "./parse-flags.ts";
import { categoryOf, parseSet } from "./parse-set.ts";
import { parseCount } from "./parse-count.ts";
import { DIGIT, OCTAL, RegexTokens } from "./tokens.ts";
import {
  widthOf,
  type ActiveFlags,
  type Anchor,
  type RegexFlags,
  type RegexNode,
  type RegexSequence,
  type RegexTree,
  type RepeatMode,
  type Width,
} from "./tree.ts";

// Whether a text can be the name of a group.
function isName(text: string): boolean {
  return /^[\p{L}\p{Nl}_][\p{L}\p{Nl}\p{Mn}\p{Mc}\p{Nd}\p{Pc}]*$/u.test(text);
}

// Reads a pattern as Python's re does.
export function parseRegex(pattern: string, flags: ActiveFlags): RegexTree {
  return new RegexParser(pattern, flags).whole();
}

/** Python's parser of patterns (re._parser), item by item. */
class RegexParser {
  private readonly tokens: RegexTokens;
  private flags: ActiveFlags;
  private readonly names = new Map<string, number>();
  private readonly widths: (Width | undefined)[] = [undefined];
  /** Groups that conditions ask for. */
  private readonly asked: number[] = [];
  /** Inside a look-behind: the number of groups before it. */
  private groupsBehind: number | undefined;

  constructor(pattern: string, flags: ActiveFlags) {
    this.tokens = new RegexTokens(pattern);
    this.flags = flags;
  }

  // The whole pattern.
  whole(): RegexTree {
    const body = this.alternation(this.flags.verbose, true);
    if (this.tokens.next !== undefined) throw this.tokens.error("unbalanced parenthesis");
    const missing = this.asked.find((group) => group >= this.widths.length);
    if (missing !== undefined) throw this.tokens.error(`invalid group reference ${missing}`);
    return {
      pattern: this.tokens.pattern,
      body,
      flags: this.flags,
      groupCount: this.widths.length,
      names: this.names,
      widths: this.widths,
    };
  }

  // a|b|c
  private alternation(verbose: boolean, outermost: boolean): RegexSequence {
    const branches: RegexSequence[] = [];
    let spaced = verbose;
    do {
      branches.push(this.sequence(spaced, outermost && branches.length === 0));
      if (outermost) spaced = this.flags.verbose;
    } while (this.tokens.accept("|"));
    return branches.length === 1 ? branches[0]! : [{ kind: "branch", branches }];
  }

  // A sequence of items. `first`: global flags are allowed at its start.
  private sequence(verbose: boolean, first: boolean): RegexSequence {
    const items: RegexNode[] = [];
    let spaced = verbose;
    while (this.tokens.next !== undefined && this.tokens.next !== "|" && this.tokens.next !== ")") {
      const token = this.tokens.get()!;
      if (spaced && this.skipped(token)) continue;
      if (token === "(") {
        const item = this.group(spaced, first && items.length === 0);
        if (item) items.push(item);
        else spaced = first && items.length === 0 ? spaced || this.flags.verbose : spaced;
      } else if ("*+?{".includes(token)) {
        this.repeat(token, items);
      } else {
        items.push(this.item(token));
      }
    }
    // a group that captures nothing and sets nothing is its items
    return items.flatMap((item) => (isPlainGroup(item) ? item.body : [item]));
  }

  // White space and comments of a verbose pattern.
  private skipped(token: string): boolean {
    if (/^[ \t\n\r\v\f]$/.test(token)) return true;
    if (token !== "#") return false;
    for (let inside = this.tokens.get(); inside !== undefined && inside !== "\n";)
      inside = this.tokens.get();
    return true;
  }

  // An item that is neither a group nor a repetition.
  private item(token: string): RegexNode {
    if (token.startsWith("\\")) return this.escape(token);
    if (token === "[") return parseSet(this.tokens);
    if (token === ".") return { kind: "any" };
    if (token === "^" || token === "$") return { kind: "at", place: token };
    return literal(token.codePointAt(0)!);
  }

  // An escape outside of a set.
  private escape(token: string): RegexNode {
    const letter = token.slice(1);
    if ("AZbB".includes(letter)) return { kind: "at", place: letter as Anchor };
    const category = categoryOf(letter);
    if (category) return { kind: "set", negated: false, items: [category] };
    if (DIGIT.test(letter) && letter !== "0") return this.reference(letter);
    return literal(this.tokens.character(token, 2));
  }

  // \1, \12, or three octal digits.
  private reference(first: string): RegexNode {
    let digits = first;
    if (this.tokens.next !== undefined && DIGIT.test(this.tokens.next)) {
      digits += this.tokens.get();
      if (
        /^[0-7]{2}$/.test(digits) &&
        this.tokens.next !== undefined &&
        OCTAL.test(this.tokens.next)
      ) {
        digits += this.tokens.get();
        return literal(this.tokens.octal(digits));
      }
    }
    return this.referenceTo(Number(digits));
  }

  // A reference to a group, which must be closed.
  private referenceTo(group: number): RegexNode {
    if (group >= this.widths.length) throw this.tokens.error(`invalid group reference ${group}`);
    if (!this.widths[group]) throw this.tokens.error("cannot refer to an open group");
    this.checkBehind(group);
    return { kind: "reference", group };
  }

  // A look-behind may only refer to groups before it.
  private checkBehind(group: number): void {
    if (this.groupsBehind === undefined) return;
    if (!this.widths[group]) throw this.tokens.error("cannot refer to an open group");
    if (group >= this.groupsBehind)
      throw this.tokens.error("cannot refer to group defined in the same lookbehind subpattern");
  }

  // *, +, ?, {2,3}, each also lazy or possessive; a brace that counts nothing is itself.
  private repeat(token: string, items: RegexNode[]): void {
    const count = parseCount(this.tokens, token);
    if (!count) {
      items.push(literal("{".charCodeAt(0)));
      return;
    }
    const last = items.pop();
    if (!last || last.kind === "at") throw this.tokens.error("nothing to repeat");
    if (last.kind === "repeat") throw this.tokens.error("multiple repeat");
    const [least, most] = count;
    const body = isPlainGroup(last) ? last.body : [last];
    items.push({ kind: "repeat", mode: this.mode(), least, most, body });
  }

  private mode(): RepeatMode {
    if (this.tokens.accept("?")) return "lazy";
    return this.tokens.accept("+") ? "possessive" : "greedy";
  }

  // What an opening bracket begins; undefined: a comment, or flags.
  private group(verbose: boolean, first: boolean): RegexNode | undefined {
    if (!this.tokens.accept("?")) return this.capture(undefined, verbose);
    const char = this.tokens.get();
    if (char === undefined) throw this.tokens.error("unexpected end of pattern");
    if (char === "P") return this.named(verbose);
    if (char === ":") return this.plainGroup(verbose, {}, {});
    if (char === "#") return this.comment();
    if (char === "=" || char === "!") return this.look(verbose, false, char === "!");
    if (char === "<") return this.lookBehind(verbose);
    if (char === "(") return this.condition(verbose);
    if (char === ">") return { kind: "atomic", body: this.closed(verbose) };
    if (char === "-" || /^[aiLmstux]$/.test(char)) return this.flagGroup(char, verbose, first);
    throw this.tokens.error(`unknown extension ?${char}`);
  }

  // The inside of a group, with its closing bracket.
  private closed(verbose: boolean): RegexSequence {
    const body = this.alternation(verbose, false);
    if (!this.tokens.accept(")")) throw this.tokens.error("missing ), unterminated subpattern");
    return body;
  }

  // A group that captures.
  private capture(name: string | undefined, verbose: boolean): RegexNode {
    const number = this.widths.length;
    this.widths.push(undefined);
    if (name !== undefined) {
      if (this.names.has(name))
        throw this.tokens.error(
          `redefinition of group name '${name}' as group ${number}; was group ${this.names.get(name)}`,
        );
      this.names.set(name, number);
    }
    const body = this.closed(verbose);
    this.widths[number] = widthOf(body, this.widths);
    return { kind: "group", number, on: {}, off: {}, body };
  }

  // A group that captures nothing, with flags of its own.
  private plainGroup(
    verbose: boolean,
    on: Partial<RegexFlags>,
    off: Partial<RegexFlags>,
  ): RegexNode {
    const body = this.closed((verbose || on.verbose === true) && off.verbose !== true);
    return { kind: "group", number: undefined, on, off, body };
  }

  // (?P<name>...) and (?P=name)
  private named(verbose: boolean): RegexNode {
    if (this.tokens.accept("<"))
      return this.capture(this.name(this.tokens.getUntil(">", "group name")), verbose);
    if (!this.tokens.accept("=")) {
      const char = this.tokens.get();
      throw this.tokens.error(
        char === undefined ? "unexpected end of pattern" : `unknown extension ?P${char}`,
      );
    }
    return this.referenceTo(this.numberOf(this.name(this.tokens.getUntil(")", "group name"))));
  }

  // A name that a group may have.
  private name(text: string): string {
    if (!isName(text)) throw this.tokens.error(`bad character in group name '${text}'`);
    return text;
  }

  private numberOf(name: string): number {
    const number = this.names.get(name);
    if (number === undefined) throw this.tokens.error(`unknown group name '${name}'`);
    return number;
  }

  private comment(): undefined {
    for (;;) {
      if (this.tokens.next === undefined)
        throw this.tokens.error("missing ), unterminated comment");
      if (this.tokens.get() === ")") return undefined;
    }
  }

  // (?<=...) and (?<!...)
  private lookBehind(verbose: boolean): RegexNode {
    const char = this.tokens.get();
    if (char === undefined) throw this.tokens.error("unexpected end of pattern");
    if (char !== "=" && char !== "!") throw this.tokens.error(`unknown extension ?<${char}`);
    const outer = this.groupsBehind;
    this.groupsBehind ??= this.widths.length;
    const look = this.look(verbose, true, char === "!");
    this.groupsBehind = outer;
    return look;
  }

  private look(verbose: boolean, behind: boolean, negated: boolean): RegexNode {
    return { kind: "look", behind, negated, body: this.closed(verbose) };
  }

  // (?(1)yes|no)
  private condition(verbose: boolean): RegexNode {
    const name = this.tokens.getUntil(")", "group name");
    const group = isName(name) ? this.numberOf(name) : this.groupNumber(name);
    this.checkBehind(group);
    const yes = this.sequence(verbose, false);
    const no = this.tokens.accept("|") ? this.sequence(verbose, false) : undefined;
    if (no && this.tokens.next === "|")
      throw this.tokens.error("conditional backref with more than two branches");
    if (!this.tokens.accept(")")) throw this.tokens.error("missing ), unterminated subpattern");
    return { kind: "condition", group, yes, no };
  }

  // The number of a group in a condition; the group may come later.
  private groupNumber(text: string): number {
    if (!/^\s*\+?\d+(?:_\d+)*\s*$/.test(text))
      throw this.tokens.error(`bad character in group name '${text}'`);
    const group = Number(text.replaceAll("_", ""));
    if (group === 0) throw this.tokens.error("bad group number");
    this.asked.push(group);
    return group;
  }

  // (?i), for the whole pattern, or (?i-s:...), for a group.
  private flagGroup(char: string, verbose: boolean, first: boolean): RegexNode | undefined {
    const { on, off, types, isGlobal } = parseFlags(this.tokens, char);
    if (!isGlobal) return this.plainGroup(verbose, on, off);
    if (types === "u" && this.flags.ascii)
      throw this.tokens.error("ASCII and UNICODE flags are incompatible");
    if (!first) throw this.tokens.error("global flags not at the start of the expression");
    this.flags = { ...this.flags, ...on };
    return undefined;
  }
}

function isPlainGroup(node: RegexNode): node is RegexNode & { kind: "group" } {
  return (
    node.kind === "group" &&
    node.number === undefined &&
    Object.keys(node.on).length === 0 &&
    Object.keys(node.off).length === 0
  );
}

function literal(code: number): RegexNode {
  return { kind: "set", negated: false, items: [{ kind: "range", low: code, high: code }] };
}
