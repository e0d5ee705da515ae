import type { RegexFlags } from "../../../src/jinja/python/regex.ts";
import type { Seeded } from "../seeded.ts";

/** A pattern with its flags, a text, and a replacement. */
export interface RegexCase {
  pattern: string;
  flags: (keyof RegexFlags)[];
  text: string;
  replacement: string;
}

const LETTERS = [
  "a",
  "b",
  "c",
  "A",
  "B",
  "é",
  "É",
  "ſ",
  "s",
  "K",
  "k",
  "ß",
  "_",
  "1",
  "9",
  "٣",
  "😀",
];
const SIGNS = [
  " ",
  "\n",
  "\t",
  "-",
  "]",
  ".",
  "#",
  "/",
  "&",
  "~",
  "|",
  "}",
  "{",
  ",",
  "\x1c",
  "\ufeff",
];
const PLACES = ["^", "$", "\\A", "\\Z", "\\b", "\\B"];
const CLASSES = ["\\d", "\\w", "\\s", "\\D", "\\W", "\\S", "."];
const ESCAPES = [
  "\\n",
  "\\t",
  "\\.",
  "\\-",
  "\\]",
  "\\\\",
  "\\x61",
  "\\u00e9",
  "\\101",
  "\\0",
  "\\/",
  "\\&",
];
const WRONG = [
  "\\q",
  "\\8",
  "(?",
  "(?P<1>a)",
  "[b-a]",
  "[\\w-z]",
  "*",
  "(?z)",
  ")",
  "(",
  "[",
  "\\x6",
  "(?i)",
  "a**",
];
const COUNTS = ["*", "+", "?", "{2}", "{1,2}", "{,2}", "{1,}", "{0}", "{0,1}", "{,}"];

/** Writes patterns of Python's re that are mostly right. */
export class RegexGenerator {
  private readonly seeded: Seeded;
  private groups = 0;
  private names = 0;

  constructor(seeded: Seeded) {
    this.seeded = seeded;
  }

  // One case.
  make(): RegexCase {
    [this.groups, this.names] = [0, 0];
    const { seeded } = this;
    const start = seeded.chance(0.1)
      ? seeded.pick(["(?i)", "(?m)", "(?s)", "(?x)", "(?a)", "(?im)", "(?u)"])
      : "";
    let pattern = start + this.branches(3);
    if (seeded.chance(0.04)) pattern += seeded.pick(WRONG);
    const flags = (["ignoreCase", "multiline", "dotAll", "verbose", "ascii"] as const).filter(() =>
      seeded.chance(0.2),
    );
    const text = this.many(10, () => this.character());
    const replacement = this.many(3, () =>
      seeded.pick([
        "x",
        "\\n",
        "\\g<0>",
        "\\1",
        "\\g<1>",
        "\\g<n1>",
        "\\2",
        "\\\\",
        "-",
        "\\0",
        "\\101",
        "\\.",
        "é",
      ]),
    );
    return { pattern, flags, text, replacement };
  }

  private many(most: number, make: () => string): string {
    return this.seeded.several(most, make).join("");
  }

  private character(): string {
    return this.seeded.chance(0.75)
      ? this.seeded.pick(LETTERS.slice(0, this.seeded.chance(0.6) ? 3 : LETTERS.length))
      : this.seeded.pick(SIGNS.slice(0, this.seeded.chance(0.5) ? 2 : SIGNS.length));
  }

  private branches(depth: number): string {
    const branches = [this.items(depth)];
    while (this.seeded.chance(0.2) && branches.length < 3) branches.push(this.items(depth));
    return branches.join("|");
  }

  private items(depth: number): string {
    return this.many(3, () => this.repeated(depth));
  }

  private repeated(depth: number): string {
    const item = this.item(depth);
    if (!this.seeded.chance(0.35)) return item;
    return (
      item +
      this.seeded.pick(COUNTS) +
      (this.seeded.chance(0.3) ? this.seeded.pick(["?", "?", "+"]) : "")
    );
  }

  private item(depth: number): string {
    const { seeded } = this;
    const chosen = seeded.random();
    if (depth > 0 && chosen < 0.28) return this.group(depth - 1);
    if (chosen < 0.5) return this.literal();
    if (chosen < 0.62) return seeded.pick(CLASSES);
    if (chosen < 0.8) return this.set();
    if (chosen < 0.88) return seeded.pick(PLACES);
    if (chosen < 0.94 && this.groups > 0) return this.reference();
    return seeded.pick(ESCAPES);
  }

  private literal(): string {
    const char = this.character();
    return /[\\^$*+?()[\]|.]/.test(char) ? `\\${char}` : char;
  }

  private reference(): string {
    const number = 1 + Math.floor(this.seeded.random() * this.groups);
    return this.names > 0 && this.seeded.chance(0.3) ? `(?P=n${this.names})` : `\\${number}`;
  }

  private group(depth: number): string {
    const { seeded } = this;
    const kind = seeded.pick([
      "(",
      "(",
      "(?:",
      "(?:",
      "(?P<",
      "(?=",
      "(?!",
      "(?<=",
      "(?<!",
      "(?>",
      "(?i:",
      "(?-i:",
      "(?s:",
      "(?m-s:",
      "(?(",
      "(?#",
    ]);
    if (kind === "(?#") return "(?#a comment)";
    if (kind === "(?(") {
      const number = 1 + Math.floor(seeded.random() * (this.groups + 0.3));
      return `(?(${number})${this.items(depth)}${seeded.chance(0.6) ? `|${this.items(depth)}` : ""})`;
    }
    if (kind.startsWith("(?<"))
      return `${kind}${seeded.chance(0.8) ? this.fixed() : this.branches(depth)})`;
    if (kind === "(") this.groups++;
    if (kind === "(?P<") {
      this.groups++;
      this.names++;
      return `(?P<n${this.names}>${this.branches(depth)})`;
    }
    return `${kind}${this.branches(depth)})`;
  }

  // What always matches as many characters.
  private fixed(): string {
    return this.many(2, () =>
      this.seeded.pick([this.literal(), ".", "\\w", "^", "\\b", this.set()]),
    );
  }

  private set(): string {
    const { seeded } = this;
    const inside = [this.member(), ...seeded.several(3, () => this.member())].join("");
    return `[${seeded.chance(0.35) ? "^" : ""}${seeded.chance(0.08) ? "]" : ""}${inside}${seeded.chance(0.1) ? "-" : ""}]`;
  }

  private member(): string {
    const { seeded } = this;
    const chosen = seeded.random();
    if (chosen < 0.25)
      return seeded.pick(["a-c", "A-Z", "0-9", "a-b-c", "à-ÿ", " -~", "\\x61-\\x63", "ª-🙂"]);
    if (chosen < 0.4) return seeded.pick(["\\d", "\\w", "\\s", "\\D", "\\W", "\\S"]);
    if (chosen < 0.5) return seeded.pick(["\\b", "\\n", "\\-", "\\]", "\\\\", "\\^", "\\101"]);
    if (chosen < 0.6) return seeded.pick(["-", "^", "&&", "--", "||", "[", "."]);
    const char = this.character();
    return char === "]" ? "\\]" : char;
  }
}
