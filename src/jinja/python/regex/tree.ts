/** Flags of Python's re that matter here. */
export interface RegexFlags {
  ignoreCase: boolean;
  multiline: boolean;
  dotAll?: boolean;
  verbose?: boolean;
  ascii?: boolean;
}

/** All flags, as they hold for a part of a pattern. */
export type ActiveFlags = Readonly<Required<RegexFlags>>;

/** A place that a pattern may ask for: ^, $, \A, \Z, \b, \B. */
export type Anchor = "^" | "$" | "A" | "Z" | "b" | "B";

/** A class of characters: \d, \w, \s, and their opposites. */
export type Category = "d" | "D" | "w" | "W" | "s" | "S";

/** One member of a set: a range of code points, or a class. */
export type SetItem =
  | { readonly kind: "range"; readonly low: number; readonly high: number }
  | { readonly kind: "category"; readonly category: Category };

export type RepeatMode = "greedy" | "lazy" | "possessive";

/** One item of a pattern, as Python's re parses it. */
export type RegexNode =
  | { readonly kind: "set"; readonly negated: boolean; readonly items: readonly SetItem[] }
  | { readonly kind: "any" }
  | { readonly kind: "at"; readonly place: Anchor }
  | { readonly kind: "branch"; readonly branches: readonly RegexSequence[] }
  | {
      readonly kind: "group";
      /** The number of the group; undefined: it captures nothing. */
      readonly number: number | undefined;
      readonly on: Partial<RegexFlags>;
      readonly off: Partial<RegexFlags>;
      readonly body: RegexSequence;
    }
  | { readonly kind: "atomic"; readonly body: RegexSequence }
  | {
      readonly kind: "repeat";
      readonly mode: RepeatMode;
      readonly least: number;
      readonly most: number;
      readonly body: RegexSequence;
    }
  | {
      readonly kind: "look";
      readonly behind: boolean;
      readonly negated: boolean;
      readonly body: RegexSequence;
    }
  | { readonly kind: "reference"; readonly group: number }
  | {
      readonly kind: "condition";
      readonly group: number;
      readonly yes: RegexSequence;
      readonly no: RegexSequence | undefined;
    };

export type RegexSequence = readonly RegexNode[];

/** A whole pattern. */
export interface RegexTree {
  readonly pattern: string;
  readonly body: RegexSequence;
  readonly flags: ActiveFlags;
  /** How many groups there are, the whole match counted. */
  readonly groupCount: number;
  readonly names: ReadonlyMap<string, number>;
  /** The least and the greatest width of each group, by number. */
  readonly widths: readonly (Width | undefined)[];
}

/** How many characters a part may match, at least and at most. */
export type Width = readonly [least: number, most: number];

// The width of a sequence; `groups` has those of the groups that are closed.
export function widthOf(sequence: RegexSequence, groups: readonly (Width | undefined)[]): Width {
  let [least, most] = [0, 0];
  for (const node of sequence) {
    const [low, high] = nodeWidth(node, groups);
    least += low;
    most += high;
  }
  return [least, most];
}

// The width of one item.
function nodeWidth(node: RegexNode, groups: readonly (Width | undefined)[]): Width {
  switch (node.kind) {
    case "set":
    case "any":
      return [1, 1];
    case "at":
    case "look":
      return [0, 0];
    case "group":
    case "atomic":
      return widthOf(node.body, groups);
    case "branch":
      return either(node.branches.map((branch) => widthOf(branch, groups)));
    case "reference":
      return groups[node.group] ?? [0, 0];
    case "condition":
      return either([widthOf(node.yes, groups), node.no ? widthOf(node.no, groups) : [0, 0]]);
    case "repeat": {
      const [low, high] = widthOf(node.body, groups);
      return [low * node.least, high === 0 || node.most === 0 ? 0 : high * node.most];
    }
  }
}

// The width of what matches one of several.
function either(widths: readonly Width[]): Width {
  return [Math.min(...widths.map(([least]) => least)), Math.max(...widths.map(([, most]) => most))];
}
