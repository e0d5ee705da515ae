import { Seeded } from "../jinja/seeded.ts";

const PLAIN = [
  "a",
  "b c",
  "some text",
  "yes",
  "No",
  "on",
  "OFF",
  "true",
  "False",
  "y",
  "n",
  "~",
  "null",
  "Null",
  "",
  "0",
  "1",
  "-7",
  "+12",
  "0644",
  "0o17",
  "08",
  "0x1F",
  "0xfg",
  "0b101",
  "0b2",
  "1_000",
  "_1",
  "1:30",
  "190:20:30",
  "190:20:30.15",
  "1:60",
  "1.5",
  ".5",
  "1.",
  "1e3",
  "1.5e3",
  "1.5e+3",
  "-1.5E-3",
  "6.02e23",
  ".inf",
  "-.Inf",
  ".nan",
  "1.2.3",
  "10.0.0.1",
  "10.0.0.1:80",
  "12345678901234567890",
  "2001-12-14",
  "2001-12-14 21:59:43",
  "2001-12-14t21:59:43.10-05:00",
  "2001-12-14T21:59:43Z",
  "2001-1-4",
  "2001-02-30",
  "=",
  "<<",
  "-",
  "--",
  "---x",
  "...x",
  "?",
  "? x",
  ":",
  ":x",
  "x:",
  "x:y",
  "a: b",
  "a #b",
  "a#b",
  "#x",
  "- x",
  "-x",
  "{{ x }}",
  "{% x %}",
  "[x",
  "x]",
  "{x",
  "x}",
  "x, y",
  ",x",
  "&x",
  "*x",
  "!x",
  "|",
  ">",
  "@x",
  "`x",
  "%x",
  "'x",
  "x'y",
  '"x',
  'x"y',
  "é",
  "漢字",
  "😀",
  "x\ty",
  "x ",
  " x",
  "\u00a0",
  "\u2028x",
  "x\u0085y",
  "C:\\x",
  "http://a.b/c?d=e#f",
  "a=b",
  "'",
  '"',
  "x\\",
  "\u200b",
  "\ufeff",
  "0.1",
  "-0",
  "-0.0",
  "00",
  "1__2",
  "0x",
  "0b",
  "1,000",
  "100%",
  "$x",
  "(x)",
  "<x>",
  "^",
  "+",
  ".",
  "..",
  "1 2",
  "null x",
  "y: n",
];
const FINE = PLAIN.filter(
  (text) => !/^[-?:,[\]{}#&*!|>@`%'"]|[:#]|\t|^ | $|^=$|^<<$|[\u0085\u2028\u200b\ufeff]/.test(text),
);
const FLOW = FINE.filter((text) => !/[[\]{},?]/.test(text));
const TAGS = [
  "!!str",
  "!!int",
  "!!float",
  "!!bool",
  "!!null",
  "!!timestamp",
  "!!binary",
  "!!seq",
  "!!map",
  "!!set",
  "!!omap",
  "!!pairs",
  "!unsafe",
  "!",
  "!x",
  "!!python/none",
  "!<tag:yaml.org,2002:str>",
];
const PIECES = [
  "word",
  " ",
  "  ",
  "\n",
  "\n\n",
  "'",
  '"',
  "\\n",
  "\\t",
  "\\x41",
  "\\u00e9",
  "\\U0001F600",
  "\\\n",
  "\\ ",
  "\\/",
  "\\0",
  "\\e",
  "\\_",
  "\\N",
  "\\L",
  "\t",
  "#",
  ": ",
  "- ",
  "{",
  "]",
  "é",
  "---",
  "...",
  "%",
];

/** Makes random YAML documents, most of them as people write them, some with a slip; the same seed makes the same ones. */
export class YamlGenerator extends Seeded {
  private anchors: string[] = [];

  // One text: a document, at times with marks around it and a slip in it.
  document(): string {
    this.anchors = [];
    const head = this.chance(0.1)
      ? this.pick([
          "---\n",
          "--- ",
          "%YAML 1.1\n---\n",
          "\ufeff",
          "# c\n",
          "\n",
          "---\n---\n",
          "%TAG ! tag:x,2000:\n---\n",
          "...\n",
        ])
      : "";
    const body = this.chance(0.05) ? this.json(3) : this.body();
    const tail = this.chance(0.08)
      ? this.pick(["...\n", "---\n", "--- x\n", "# c", "\n\n", "...\n# c\n", " ", "\t\n"])
      : "";
    const text = head + body + tail;
    const broken = this.chance(0.15) ? this.slip(text) : text;
    return this.chance(0.04) ? broken.replaceAll("\n", "\r\n") : broken;
  }

  // What a document holds.
  private body(): string {
    return this.chance(0.85) ? this.block(0, 3) : `${this.flow(3)}\n`;
  }

  // A block of lines at a column, with its line breaks.
  private block(column: number, depth: number): string {
    if (depth === 0 || this.chance(0.15)) return `${this.pad(column)}${this.scalar(column)}\n`;
    return this.chance(0.6) ? this.blockMap(column, depth) : this.blockSeq(column, depth);
  }

  private blockMap(column: number, depth: number): string {
    const names = [
      "a",
      "b",
      "c",
      "d",
      "key",
      "1",
      "yes",
      "~",
      "'q'",
      '"d q"',
      "a b",
      "0x1",
      "1.5",
      "é",
      "{{ x }}",
      "a",
    ];
    const lines = Array.from({ length: 1 + Math.floor(this.random() * 4) }, () => {
      if (this.chance(0.07) && this.anchors.length > 0)
        return `${this.pad(column)}<<: ${this.pick([`*${this.pick(this.anchors)}`, `[*${this.pick(this.anchors)}]`, "{m: 1}", "x"])}\n`;
      if (this.chance(0.03))
        return `${this.pad(column)}? ${this.pick(["a", "[a]", "{a: 1}", "|\n  x"])}\n${this.pad(column)}: ${this.scalar(column)}\n`;
      return `${this.pad(column)}${this.pick(names)}${this.pick(["", "", "", " ", "\t"])}:${this.value(column, depth)}`;
    });
    return lines.join(this.between(column));
  }

  private blockSeq(column: number, depth: number): string {
    return Array.from({ length: 1 + Math.floor(this.random() * 4) }, () => {
      if (this.chance(0.2) && depth > 1) {
        const inner = this.block(column + 2, depth - 1);
        return `${this.pad(column)}- ${inner.slice(column + 2)}`;
      }
      return `${this.pad(column)}-${this.value(column, depth)}`;
    }).join(this.between(column));
  }

  // What stands behind a colon or a dash, to the end of its lines.
  private value(column: number, depth: number): string {
    const props = this.properties();
    const space = this.pick([" ", " ", " ", " ", " ", " ", " ", "  ", "\t"]);
    if (depth > 1 && this.chance(0.35))
      return `${props === "" ? "" : ` ${props}`}${this.comment()}\n${this.block(column + this.pick([2, 2, 2, 2, 2, 4, 4, 1, 1, 0]), depth - 1)}`;
    if (this.chance(0.12)) return ` ${props}${props === "" ? "" : " "}${this.blockScalar(column)}`;
    if (this.chance(0.12)) return `${space}${props} ${this.flow(2)}${this.comment()}\n`;
    if (this.anchors.length > 0 && this.chance(0.06))
      return ` *${this.pick(this.anchors)}${this.comment()}\n`;
    return `${space}${props}${props === "" ? "" : " "}${this.scalar(column)}${this.comment()}\n`;
  }

  // A tag, an anchor or both.
  private properties(): string {
    const tag = this.chance(0.03) ? this.pick(TAGS) : "";
    if (!this.chance(0.08)) return tag;
    const name = this.pick(["x", "y", "z1", "a-b"]);
    this.anchors.push(name);
    return this.chance(0.5) ? `${tag} &${name}`.trim() : `&${name} ${tag}`.trim();
  }

  private scalar(column: number): string {
    const roll = this.random();
    if (roll < 0.55) return this.pick(FINE);
    if (roll < 0.62)
      return (
        this.pick(PLAIN) +
        (this.chance(0.04) ? `\n${this.pad(column + this.pick([0, 1, 2]))}${this.pick(PLAIN)}` : "")
      );
    if (roll < 0.8)
      return `"${this.quoted(column).replaceAll('"', this.chance(0.97) ? '\\"' : '"')}"`;
    return `'${this.quoted(column).replaceAll("'", this.chance(0.97) ? "''" : "'")}'`;
  }

  // The inside of a text in quotes; further lines mostly stand deeper.
  private quoted(column: number): string {
    return this.several(4, () => this.pick(this.chance(0.02) ? ["\\q", "\\ud83d", "\\x4"] : PIECES))
      .join("")
      .replaceAll("\n", `\n${this.pad(column + this.pick([1, 2, 0]))}`);
  }

  private blockScalar(column: number): string {
    const head =
      this.pick(["|", ">"]) +
      this.pick([
        "",
        "",
        "",
        "",
        "-",
        "-",
        "+",
        "+",
        "2",
        "1-",
        "+1",
        this.chance(0.2) ? this.pick(["-2", "0", "10", "x"]) : "",
      ]) +
      this.pick(["", "", "", " # c", " ", "#c"]);
    const deep = column + this.pick([2, 2, 1, 4]);
    const lines = this.several(4, () =>
      this.pick([
        "",
        "text",
        "more text",
        " deeper",
        "  deep",
        "\ttab",
        "# no",
        "- x",
        "a: b",
        "x ",
        "{{ x }}",
        "\u2028",
      ]),
    ).map((line) => (line === "" ? this.pick(["", " ", this.pad(deep)]) : this.pad(deep) + line));
    return `${head}\n${lines.map((line) => `${line}\n`).join("")}`;
  }

  private flow(depth: number): string {
    const gap = (): string => this.pick(["", "", " ", "\n ", "  "]);
    if (depth === 0 || this.chance(0.3)) return this.flowScalar();
    const end = this.pick(["", "", "", ","]);
    if (this.chance(0.5))
      return `[${gap()}${this.several(3, () => (this.chance(0.1) ? `a: ${this.flow(depth - 1)}` : this.flow(depth - 1))).join(`,${gap()}`)}${end}${gap()}]`;
    const pair = (): string =>
      `${this.pick(["a", "b", '"c"', "'d'", "1", "e f", "? g"])}${this.pick([": ", ": ", ":", " : ", ""])}${this.chance(0.9) ? this.flow(depth - 1) : ""}`;
    return `{${gap()}${this.several(3, pair).join(`,${gap()}`)}${end}${gap()}}`;
  }

  private flowScalar(): string {
    if (this.chance(0.7))
      return this.pick(this.chance(0.85) ? FLOW : PLAIN.filter((text) => !/[[\]{},]/.test(text)));
    return this.chance(0.5) ? `"${this.pick(["a", "\\n", "x y", "é", ""])}"` : "'x''y'";
  }

  // A document in JSON.
  private json(depth: number): string {
    const gap = this.pick(["", " ", "\n", "\t"]);
    if (depth === 0 || this.chance(0.3))
      return this.pick([
        '"a"',
        "1",
        "-1.5",
        "1e3",
        "1E+2",
        "2.5e-3",
        "true",
        "false",
        "null",
        '"\\u00e9"',
        '"\\ud83d\\ude00"',
        '"a\\/b\\n"',
        "12345678901234567890",
        "0.1",
        '"yes"',
        "NaN",
        "01",
        "'x'",
      ]);
    if (this.chance(0.5)) return `[${this.several(3, () => this.json(depth - 1)).join(`,${gap}`)}]`;
    return `{${gap}${this.several(3, () => `${this.pick(['"a"', '"b"', '"1"', '"a b"'])}:${gap}${this.json(depth - 1)}`).join(`,${gap}`)}}`;
  }

  // What people get wrong: a line that is moved, doubled or lost, a character too many or too few.
  private slip(text: string): string {
    const at = Math.floor(this.random() * text.length);
    const lines = text.split("\n");
    const line = Math.floor(this.random() * lines.length);
    return this.pick([
      () => text.slice(0, at) + text.slice(at + 1),
      () =>
        text.slice(0, at) +
        this.pick([
          " ",
          "\n",
          "\t",
          "'",
          '"',
          ":",
          "#",
          "-",
          "[",
          "]",
          "{",
          "}",
          ",",
          "&",
          "*",
          "!",
          "|",
          ">",
          "%",
          "?",
          "\\",
          "\u0000",
          "\u0007",
          "\u007f",
        ]) +
        text.slice(at),
      () => lines.toSpliced(line, 1, ` ${lines[line]}`).join("\n"),
      () => lines.toSpliced(line, 1, lines[line]!.slice(1)).join("\n"),
      () => lines.toSpliced(line, 0, lines[line]!).join("\n"),
      () => lines.toSpliced(line, 1).join("\n"),
      () =>
        lines
          .toSpliced(
            line,
            1,
            lines[line]!.replace(/^ +/, (indent) => "\t".repeat(Math.ceil(indent.length / 2))),
          )
          .join("\n"),
    ])();
  }

  private between(column: number): string {
    return this.chance(0.06) ? this.pick(["\n", `${this.pad(column)}# c\n`, "# c\n", "  \n"]) : "";
  }

  private comment(): string {
    return this.chance(0.06) ? this.pick([" # c", "  #", "#c", " #c: d"]) : "";
  }

  private pad(column: number): string {
    return " ".repeat(column);
  }
}
