import { Fault } from "../../core/fault.ts";
import { inCategory, lower } from "./charset.ts";
import type { Op, RegexProgram } from "./compile.ts";
import type { Anchor, ActiveFlags } from "./tree.ts";

/** How a match must lie in the text. */
export interface MatchTerms {
  /** It ends where the text ends. */
  readonly whole: boolean;
  /** It is not empty. */
  readonly notEmpty: boolean;
}

const UNSET = -1;

/**
 * So many choices may be taken back in one search; then a pattern is one of those that never end,
 * as (a+)+$ is. Python would go on.
 */
const MOST_BACKTRACKS = 20_000_000;
const NEWLINE = 0x0a;

/**
 * Runs a program over one text: backtracking, with a stack of its own, so that
 * no text is too long for it.
 */
export class Matcher {
  /** The ends of groups, then what loops keep; -1: not set. */
  readonly registers: Int32Array;
  /**
   * Choices that are left, four numbers each: instruction, position, length of the trail, limit.
   */
  private readonly choices: number[] = [];
  /** What registers were before they were set, two numbers each. */
  private readonly trail: number[] = [];
  private backtracks = 0;
  private begin = 0;
  private terms: MatchTerms = { whole: false, notEmpty: false };

  private readonly program: RegexProgram;
  private readonly codes: ArrayLike<number>;

  constructor(program: RegexProgram, codes: ArrayLike<number>) {
    this.program = program;
    this.codes = codes;
    this.registers = new Int32Array(program.registers);
  }

  // Where a match that begins at `start` ends; undefined: there is none.
  matchAt(start: number, terms: MatchTerms): number | undefined {
    this.registers.fill(UNSET);
    this.choices.length = 0;
    this.trail.length = 0;
    this.begin = start;
    this.terms = terms;
    const end = this.run(0, start, true);
    if (end < 0) return undefined;
    this.registers[0] = start;
    this.registers[1] = end;
    return end;
  }

  // The first position at or after `from` where a match may begin, judged only
  // by its first character.
  candidate(from: number): number {
    const [first] = this.program.ops;
    if (
      first?.kind === "at" &&
      (first.place === "A" || (first.place === "^" && !first.flags.multiline))
    )
      return from === 0 ? 0 : this.codes.length + 1;
    let at = from;
    if (first?.kind === "char")
      while (at < this.codes.length && this.codes[at] !== first.code) at++;
    else if (first?.kind === "set")
      while (at < this.codes.length && !first.has(this.codes[at]!)) at++;
    return at;
  }

  private set(register: number, value: number): void {
    this.trail.push(register, this.registers[register]!);
    this.registers[register] = value;
  }

  private rewind(length: number): void {
    while (this.trail.length > length) {
      const value = this.trail.pop()!;
      this.registers[this.trail.pop()!] = value;
    }
  }

  private choose(pc: number, at: number, limit: number): void {
    this.choices.push(pc, at, this.trail.length, limit);
  }

  // Runs from an instruction to the end of its part; the position there, or -1. Choices that
  // are left inside are dropped.
  private run(first: number, start: number, outermost: boolean): number {
    const { ops } = this.program;
    const floor = this.choices.length;
    let pc = first;
    let at = start;
    for (;;) {
      const op = ops[pc]!;
      if (at < 0) {
        if (this.choices.length === floor) return -1;
        at = this.back();
        pc = this.pc;
      } else if (op.kind !== "done") {
        at = this.step(op, pc, at);
        pc = this.pc;
      } else if (outermost && !this.fits(at)) {
        at = -1;
      } else {
        this.choices.length = floor;
        return at;
      }
    }
  }

  /** The instruction that comes next. */
  private pc = 0;

  private fits(at: number): boolean {
    if (this.terms.whole && at !== this.codes.length) return false;
    return !this.terms.notEmpty || at !== this.begin;
  }

  // Takes the last choice that is left; -1 where it leads nowhere.
  private back(): number {
    const { choices } = this;
    if (++this.backtracks > MOST_BACKTRACKS)
      throw new Fault(
        "the regular expression takes too long on this text",
        "a repeated group in which something is repeated, such as (a+)+, tries every way to split the text: write it without the inner one",
      );
    const limit = choices.pop()!;
    const length = choices.pop()!;
    const at = choices.pop()!;
    const pc = choices.pop()!;
    this.rewind(length);
    const op = this.program.ops[pc]!;
    this.pc = pc;
    if (limit === UNSET) return at;
    if (op.kind === "try") return this.tryBranch(op.targets, pc, at, limit);
    if (op.kind !== "run") return at;
    this.pc = pc + 1;
    if (op.mode === "lazy") {
      if (at >= limit || !op.has(this.codes[at]!)) return -1;
      if (at + 1 < limit) this.choose(pc, at + 1, limit);
      return at + 1;
    }
    if (at - 1 > limit) this.choose(pc, at - 1, limit);
    return at - 1;
  }

  // Goes into one branch, and keeps the next as a choice.
  private tryBranch(targets: readonly number[], pc: number, at: number, index: number): number {
    if (index + 1 < targets.length) this.choose(pc, at, index + 1);
    this.pc = targets[index]!;
    return at;
  }

  // One instruction: the position after it, or -1 if it does not match.
  private step(op: Op, pc: number, at: number): number {
    const { codes } = this;
    this.pc = pc + 1;
    switch (op.kind) {
      case "char":
        return at < codes.length && codes[at] === op.code ? at + 1 : -1;
      case "set":
        return at < codes.length && op.has(codes[at]!) ? at + 1 : -1;
      case "run":
        return this.runOf(op, pc, at);
      case "at":
        return this.isAt(op.place, op.flags, at) ? at : -1;
      case "jump":
        this.pc = op.to;
        return at;
      case "try":
        return this.tryBranch(op.targets, pc, at, 0);
      case "mark":
        this.set(op.register, at);
        return at;
      case "begin":
        this.set(op.register, -1);
        this.set(op.register + 1, UNSET);
        return at;
      case "until":
        return this.until(op, pc, at);
      case "again":
        this.set(op.register + 1, at);
        this.pc = op.body;
        return at;
      case "look":
        return this.look(op, pc, at);
      case "atomic":
        return this.atomic(op, pc, at);
      case "reference":
        return this.reference(op.group, op.flags, at);
      case "condition":
        if (!this.isSet(op.group)) this.pc = op.no;
        return at;
      case "done":
        return at;
    }
  }

  // A repetition of one character.
  private runOf(op: Op & { kind: "run" }, pc: number, at: number): number {
    const { codes } = this;
    const most = Math.min(codes.length, at + op.most);
    const wanted = op.mode === "lazy" ? Math.min(most, at + op.least) : most;
    let end = at;
    while (end < wanted && op.has(codes[end]!)) end++;
    if (end < at + op.least) return -1;
    if (op.mode === "lazy") {
      if (end < most) this.choose(pc, end, most);
    } else if (op.mode === "greedy" && end > at + op.least) {
      this.choose(pc, end, at + op.least);
    }
    return end;
  }

  // The end of a turn of a loop: one more, or on. A turn that matched nothing is the last.
  private until(op: Op & { kind: "until" }, pc: number, at: number): number {
    const count = this.registers[op.register]! + 1;
    this.set(op.register, count);
    if (count < op.least) {
      this.pc = op.body;
      return at;
    }
    if (count >= op.most || at === this.registers[op.register + 1]) return at;
    if (op.lazy) {
      this.choose(pc + 2, at, UNSET);
      return at;
    }
    this.choose(pc + 1, at, UNSET);
    this.set(op.register + 1, at);
    this.pc = op.body;
    return at;
  }

  private look(op: Op & { kind: "look" }, pc: number, at: number): number {
    const length = this.trail.length;
    const found = at >= op.behind && this.run(pc + 1, at - op.behind, false) >= 0;
    if (!found || op.negated) this.rewind(length);
    this.pc = op.after;
    return found === op.negated ? -1 : at;
  }

  private atomic(op: Op & { kind: "atomic" }, pc: number, at: number): number {
    let [here, last] = [at, UNSET];
    for (let count = 0; count < op.most && (count < op.least || here !== last); count++) {
      const length = this.trail.length;
      const end = this.run(pc + 1, here, false);
      if (end < 0) {
        this.rewind(length);
        if (count < op.least) return -1;
        break;
      }
      if (count >= op.least) last = here;
      here = end;
    }
    this.pc = op.after;
    return here;
  }

  private isSet(group: number): boolean {
    const [begin, end] = [this.registers[2 * group]!, this.registers[2 * group + 1]!];
    return begin >= 0 && end >= begin;
  }

  // The text of a group once more.
  private reference(group: number, { ignoreCase, ascii }: ActiveFlags, at: number): number {
    const { codes } = this;
    if (!this.isSet(group)) return -1;
    const [begin, end] = [this.registers[2 * group]!, this.registers[2 * group + 1]!];
    if (at + end - begin > codes.length) return -1;
    for (let index = 0; index < end - begin; index++) {
      const [one, other] = [codes[begin + index]!, codes[at + index]!];
      const same = one === other || (ignoreCase && lower(one, ascii) === lower(other, ascii));
      if (!same) return -1;
    }
    return at + end - begin;
  }

  private isAt(place: Anchor, { multiline, ascii }: ActiveFlags, at: number): boolean {
    const { codes } = this;
    switch (place) {
      case "A":
        return at === 0;
      case "Z":
        return at === codes.length;
      case "^":
        return at === 0 || (multiline && codes[at - 1] === NEWLINE);
      case "$":
        if (at === codes.length) return true;
        return codes[at] === NEWLINE && (multiline || at === codes.length - 1);
      case "b":
      case "B":
        // Python finds neither in an empty text
        return codes.length > 0 && this.isBoundary(at, ascii) === (place === "b");
    }
  }

  private isBoundary(at: number, ascii: boolean): boolean {
    const { codes } = this;
    const before = at > 0 && inCategory("w", codes[at - 1]!, ascii);
    return before !== (at < codes.length && inCategory("w", codes[at]!, ascii));
  }
}
