import { Fault } from "../../core/fault.ts";
import { quoteText } from "../../core/text.ts";
import { charTest, soleCode, type CharTest } from "./charset.ts";
import {
  widthOf,
  type ActiveFlags,
  type Anchor,
  type RegexNode,
  type RegexSequence,
  type RegexTree,
  type RepeatMode,
} from "./tree.ts";
import { fromKeys } from "../../../records.ts";

/** One instruction of a matching program; it refers to others by index. */
export type Op =
  | { readonly kind: "char"; readonly code: number }
  | { readonly kind: "set"; readonly has: CharTest }
  | {
      readonly kind: "run";
      readonly has: CharTest;
      readonly mode: RepeatMode;
      readonly least: number;
      readonly most: number;
    }
  | { readonly kind: "at"; readonly place: Anchor; readonly flags: ActiveFlags }
  | { readonly kind: "jump"; to: number }
  | { readonly kind: "try"; readonly targets: number[] }
  | { readonly kind: "mark"; readonly register: number }
  | { readonly kind: "begin"; readonly register: number }
  | {
      /**
       * The end of one turn of a loop; its registers are the count of turns and
       * where the last began.
       */
      readonly kind: "until";
      readonly register: number;
      readonly lazy: boolean;
      readonly least: number;
      readonly most: number;
      readonly body: number;
    }
  | { readonly kind: "again"; readonly register: number; readonly body: number }
  | { readonly kind: "look"; readonly behind: number; readonly negated: boolean; after: number }
  | { readonly kind: "atomic"; readonly least: number; readonly most: number; after: number }
  | { readonly kind: "reference"; readonly group: number; readonly flags: ActiveFlags }
  | { readonly kind: "condition"; readonly group: number; no: number }
  | { readonly kind: "done" };

/**
 * A program that matches, and how many registers it needs; the first are the ends of the groups.
 */
export interface RegexProgram {
  readonly ops: readonly Op[];
  readonly registers: number;
  readonly groupCount: number;
}

// Compiles a pattern.
export function compileTree(tree: RegexTree): RegexProgram {
  const compiler = new RegexCompiler(tree);
  compiler.sequence(tree.body, tree.flags);
  compiler.ops.push({ kind: "done" });
  return { ops: compiler.ops, registers: compiler.registers, groupCount: tree.groupCount };
}

class RegexCompiler {
  readonly ops: Op[] = [];
  registers: number;

  private readonly tree: RegexTree;

  constructor(tree: RegexTree) {
    this.tree = tree;
    this.registers = 2 * tree.groupCount;
  }

  // All items of a sequence.
  sequence(sequence: RegexSequence, flags: ActiveFlags): void {
    for (const node of sequence) this.node(node, flags);
  }

  private node(node: RegexNode, flags: ActiveFlags): void {
    switch (node.kind) {
      case "set":
      case "any":
        this.ops.push(single(node, flags));
        return;
      case "at":
        this.ops.push({ kind: "at", place: node.place, flags });
        return;
      case "branch":
        this.branch(node.branches, flags);
        return;
      case "group":
        this.group(node, flags);
        return;
      case "atomic":
        this.atomic(node.body, 1, 1, flags);
        return;
      case "repeat":
        this.repeat(node, flags);
        return;
      case "look":
        this.look(node, flags);
        return;
      case "reference":
        this.ops.push({ kind: "reference", group: node.group, flags });
        return;
      case "condition":
        this.condition(node, flags);
        return;
    }
  }

  private branch(branches: readonly RegexSequence[], flags: ActiveFlags): void {
    const targets: number[] = [];
    const ends: { kind: "jump"; to: number }[] = [];
    this.ops.push({ kind: "try", targets });
    for (const branch of branches) {
      targets.push(this.ops.length);
      this.sequence(branch, flags);
      const end = { kind: "jump" as const, to: 0 };
      ends.push(end);
      this.ops.push(end);
    }
    for (const end of ends) end.to = this.ops.length;
  }

  private group(node: RegexNode & { kind: "group" }, flags: ActiveFlags): void {
    const inside = { ...flags, ...node.on, ...turnedOff(node.off) };
    if (node.number !== undefined) this.ops.push({ kind: "mark", register: 2 * node.number });
    this.sequence(node.body, inside);
    if (node.number !== undefined) this.ops.push({ kind: "mark", register: 2 * node.number + 1 });
  }

  // What is matched in one way only; more than once for a possessive repetition.
  private atomic(body: RegexSequence, least: number, most: number, flags: ActiveFlags): void {
    const op = { kind: "atomic" as const, least, most, after: 0 };
    this.ops.push(op);
    this.sequence(body, flags);
    this.ops.push({ kind: "done" });
    op.after = this.ops.length;
  }

  private repeat(node: RegexNode & { kind: "repeat" }, flags: ActiveFlags): void {
    const { body, mode, least, most } = node;
    const [only, ...others] = body;
    if (only && others.length === 0 && (only.kind === "set" || only.kind === "any")) {
      const item = single(only, flags);
      const has: CharTest = item.kind === "char" ? (code) => code === item.code : item.has;
      this.ops.push({ kind: "run", has, mode, least, most });
    } else if (mode === "possessive") {
      this.atomic(body, least, most, flags);
    } else {
      this.loop(node, flags);
    }
  }

  private loop(
    { body, mode, least, most }: RegexNode & { kind: "repeat" },
    flags: ActiveFlags,
  ): void {
    const register = this.registers;
    this.registers += 2;
    const entry = { kind: "jump" as const, to: 0 };
    this.ops.push({ kind: "begin", register }, entry);
    const begin = this.ops.length;
    this.sequence(body, flags);
    entry.to = this.ops.length;
    this.ops.push(
      { kind: "until", register, lazy: mode === "lazy", least, most, body: begin },
      { kind: "jump", to: entry.to + 3 },
      { kind: "again", register, body: begin },
    );
  }

  private look(node: RegexNode & { kind: "look" }, flags: ActiveFlags): void {
    const [least, most] = node.behind ? widthOf(node.body, this.tree.widths) : [0, 0];
    if (least !== most)
      throw new Fault(
        `the pattern ${quoteText(this.tree.pattern)} is not a regular expression: look-behind requires fixed-width pattern`,
      );
    const op = { kind: "look" as const, behind: least, negated: node.negated, after: 0 };
    this.ops.push(op);
    this.sequence(node.body, flags);
    this.ops.push({ kind: "done" });
    op.after = this.ops.length;
  }

  private condition(node: RegexNode & { kind: "condition" }, flags: ActiveFlags): void {
    const op = { kind: "condition" as const, group: node.group, no: 0 };
    const end = { kind: "jump" as const, to: 0 };
    this.ops.push(op);
    this.sequence(node.yes, flags);
    this.ops.push(end);
    op.no = this.ops.length;
    this.sequence(node.no ?? [], flags);
    end.to = this.ops.length;
  }
}

// What matches one character.
function single(
  node: RegexNode & { kind: "set" | "any" },
  flags: ActiveFlags,
): Op & { kind: "char" | "set" } {
  if (node.kind === "any")
    return { kind: "set", has: flags.dotAll ? () => true : (code) => code !== 0x0a };
  const code = soleCode(node.items, node.negated, flags);
  return code === undefined
    ? { kind: "set", has: charTest(node.items, node.negated, flags) }
    : { kind: "char", code };
}

function turnedOff(flags: object): { [flag: string]: false } {
  return fromKeys(Object.keys(flags), () => false as const);
}
