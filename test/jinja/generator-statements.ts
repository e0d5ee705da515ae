import { Generator } from "./generator.ts";

/** A template with the files that it includes, imports or extends. */
export interface MadeTemplate {
  template: string;
  files: { [name: string]: string };
}

const SIMPLE = [
  "i",
  "z",
  "neg",
  "x",
  "one",
  "s",
  "e",
  "u",
  "w",
  "num",
  "l",
  "m",
  "mix",
  "d",
  "t",
  "f",
  "n",
  "1",
  "'a'",
  "l | length",
  "d.a",
  "d.k.x",
  "rows[0].n",
  "nope | default('d')",
  "12345678901234567890 * 3",
  "2 ** 70",
  "1e22",
  "1 / 3",
  "(1, 2)",
  "{'k': [none, 1.0]}",
];
const SPECS = [
  "",
  "d",
  "5",
  "05d",
  "+d",
  "x",
  "#x",
  "X",
  "o",
  "#b",
  "b",
  ",",
  "_",
  "e",
  ".2e",
  "f",
  ".3f",
  "10.2f",
  "<8",
  ">8",
  "^8",
  "*^9",
  "g",
  ".3g",
  "%",
  ".1%",
  "s",
  ".2",
  "n",
  "c",
  "=+6",
  "08.2f",
  " d",
  ",.2f",
  "!r",
  "!s:>6",
  "<08",
];
const PERCENT = [
  "%s",
  "%r",
  "%d",
  "%5d",
  "%-5d|",
  "%05d",
  "%+d",
  "% d",
  "%x",
  "%#x",
  "%X",
  "%o",
  "%e",
  "%.3e",
  "%f",
  "%.1f",
  "%g",
  "%G",
  "%c",
  "%%",
  "%10s",
  "%-10s|",
  "%.2s",
  "%i",
  "%a",
  "%y",
];
const METHODS: { readonly [kind: string]: readonly string[] } = {
  s: [
    "split('o')",
    "rsplit(None, 1)",
    "partition(',')",
    "replace('l', '')",
    "find('o', 5)",
    "rfind('o')",
    "index('W')",
    "count('l')",
    "startswith('He')",
    "endswith(('d', 'x'))",
    "zfill(15)",
    "center(16)",
    "ljust(15, '.')",
    "title()",
    "swapcase()",
    "strip('Hd')",
    "lstrip()",
    "splitlines()",
    "join(['a', 'b'])",
    "join([1])",
    "isalpha()",
    "isdigit()",
    "isnumeric()",
    "isdecimal()",
    "isidentifier()",
    "islower()",
    "casefold()",
    "expandtabs(2)",
    "removeprefix('He')",
    "removesuffix('ld')",
    "format(1)",
    "nope()",
    "upper(1)",
    "capitalize()",
  ],
  l: [
    "index(3)",
    "index(9)",
    "count(1)",
    "copy()",
    "append(4)",
    "extend([5, 6])",
    "insert(0, 'x')",
    "pop()",
    "pop(0)",
    "pop(9)",
    "remove(1)",
    "remove(9)",
    "reverse()",
    "sort()",
    "sort(reverse=true)",
    "clear()",
    "nope()",
  ],
  d: [
    "get('a')",
    "get('q', 5)",
    "keys() | list",
    "values() | list",
    "items() | list",
    "copy()",
    "pop('a')",
    "pop('y')",
    "pop('y', 1)",
    "update({'a': 9})",
    "setdefault('z', [])",
    "popitem()",
    "clear()",
    "nope()",
    "get()",
  ],
};
const LOOP = [
  "index",
  "index0",
  "revindex",
  "revindex0",
  "first",
  "last",
  "length",
  "depth",
  "depth0",
  "previtem",
  "nextitem",
  "cycle('a', 'b')",
  "changed(y)",
  "nope",
];

/** Makes templates with statements of all kinds and files of their own. */
export class StatementGenerator extends Generator {
  made(): MadeTemplate {
    const files: { [name: string]: string } = {
      "part.j2": `${this.body(1)}[{{ ${this.pick(["i", "y", "v", "x", "nope"])} }}]\n`,
      "macros.j2": `{% macro hi(a, b=${this.simple()}) %}${this.body(0)}<{{ a }}|{{ b }}>{{ ${this.pick(["varargs", "kwargs", "caller is defined", "i", "a"])} }}{% endmacro %}\n{% set shared = ${this.simple()} %}${this.body(0)}`,
      "base.j2": `head ${this.body(0)}{% block one %}base one {{ ${this.simple()} }}{% endblock %} mid {% block two ${this.pick(["", "", "scoped"])} %}{% endblock two %} ${this.body(0)}foot\n`,
    };
    if (!this.chance(0.15)) return { template: this.body(3), files };
    const inherit = `{% block one %}${this.pick(["", "{{ super() }}"])}${this.body(1)}{% endblock %}{% block two %}${this.body(1)}{{ self.one() }}{% endblock %}`;
    return {
      template: `${this.pick(["", "{% set v = 1 %}", "text"])}{% extends "base.j2" %}${this.body(0)}${inherit}`,
      files,
    };
  }

  private simple(): string {
    return this.pick(SIMPLE);
  }

  // Some statements with text around them.
  private body(depth: number): string {
    return Array.from(
      { length: 1 + Math.floor(this.random() * 2) },
      () => this.gap() + this.statement(depth) + this.gap(),
    ).join("");
  }

  private gap(): string {
    return this.pick([
      "",
      "",
      " ",
      "\n",
      "a",
      "  \n",
      "\n  ",
      "b\n",
      "\t",
      "\n\n",
      "{#- c -#}",
      "{# c #}\n",
    ]);
  }

  // A tag with white space control at random.
  private tag(inside: string): string {
    return `${this.pick(["{%", "{%", "{%", "{%-", "{%+"])} ${inside} ${this.pick(["%}", "%}", "%}", "-%}", "+%}"])}`;
  }

  private print(inside: string): string {
    return `${this.pick(["{{", "{{", "{{-"])} ${inside} ${this.pick(["}}", "}}", "-}}"])}`;
  }

  private statement(depth: number): string {
    if (depth === 0 || this.chance(0.3))
      return this.print(this.chance(0.7) ? this.sure() : this.deed());
    const inner = (): string => this.body(depth - 1);
    const list = this.pick([
      "l",
      "m",
      "mix",
      "rows",
      "d.items()",
      "d",
      "'xyz'",
      "range(3)",
      "[]",
      "l | sort",
      "nope",
      "rows | map(attribute='n')",
      "[[1, [2, 3]], [4]]",
      "5",
    ]);
    return this.pick([
      () =>
        this.tag(`for y in ${list}`) +
        this.print(`loop.${this.pick(LOOP)}`) +
        inner() +
        this.tag("endfor"),
      () =>
        this.tag(
          `for y in ${list}${this.pick([" if y", " if loop is defined", " if y is string", ""])}`,
        ) +
        inner() +
        this.print("y") +
        this.tag("else") +
        inner() +
        this.tag("endfor"),
      () =>
        this.tag(
          `for a, b in ${this.pick(["d.items()", "[[1, 2], [3, 4]]", "l", "rows", "[(1, 2, 3)]"])}`,
        ) +
        this.print("a ~ b") +
        inner() +
        this.tag("endfor"),
      () =>
        `{% for y in [[1, [2, [3]]], [4]] recursive %}{{ ${this.pick(["loop.depth", "loop.index", "loop.first"])} }}{% if y is iterable and y is not string %}${this.gap()}{{ loop(y) }}{% else %}{{ y }}{% endif %}${this.gap()}{% endfor %}`,
      () =>
        this.tag(`if ${this.test()}`) +
        inner() +
        (this.chance(0.5) ? this.tag(`elif ${this.test()}`) + inner() : "") +
        (this.chance(0.5) ? this.tag("else") + inner() : "") +
        this.tag("endif"),
      () =>
        this.tag(`set ${this.pick(["v", "i", "y"])} = ${this.deed()}`) +
        inner() +
        this.print(this.pick(["v", "i", "y"])),
      () =>
        this.tag(`set ${this.pick(["v", "v | upper", "v | trim | length"])}`) +
        inner() +
        this.tag("endset") +
        this.print("v"),
      () =>
        this.tag(`set g, h = ${this.pick(["1, 2", "l", "(1, 'b')", "'ab'"])}`) +
        this.print("g ~ h"),
      () =>
        this.tag("set ns = namespace(a=1)") +
        this.tag(`for y in ${list}`) +
        this.tag("set ns.a = ns.a + 1") +
        inner() +
        this.tag("endfor") +
        this.print("ns.a"),
      () =>
        this.tag(`with v = ${this.deed()}, i = 5`) +
        inner() +
        this.print("i") +
        this.tag("endwith"),
      () =>
        this.tag(`filter ${this.pick(["upper", "trim", "indent(2)", "replace('a', 'Z')"])}`) +
        inner() +
        this.tag("endfilter"),
      () => this.macro(inner),
      () =>
        this.tag(
          `include ${this.pick(["'part.j2'", "'part.j2' without context", "'nope.j2' ignore missing", "'nope.j2'", "['nope.j2', 'part.j2']", "'part' ~ '.j2'"])}`,
        ),
      () =>
        this.tag(`import 'macros.j2' as mod${this.pick(["", " with context"])}`) +
        this.print(
          this.pick([
            "mod.hi(1)",
            "mod.hi('a', 2)",
            "mod.shared",
            "mod.nope",
            "mod.hi()",
            "mod.hi(1, 2, 3)",
          ]),
        ),
      () =>
        this.tag(
          `from 'macros.j2' import ${this.pick(["hi", "hi as hi", "shared as hi", "nope as hi"])}${this.pick(["", " with context"])}`,
        ) + this.print(this.pick(["hi(1)", "hi(b=1, a=2)"])),
      () => this.tag("raw") + "{{ x }}{% if %}" + this.tag("endraw"),
      () =>
        depth < 3
          ? ""
          : this.tag(`block bb${depth}${Math.floor(this.random() * 1e6)}`) +
            inner() +
            this.tag("endblock"),
    ])();
  }

  // A macro and its calls, with and without a caller.
  private macro(inner: () => string): string {
    const made =
      this.tag(`macro mm(${this.pick(["", "a", "a, b=i", "a=1, b=a", "a, b='x', c=none"])})`) +
      inner() +
      this.print(
        this.pick(["a", "varargs", "kwargs", "caller()", "caller(1)", "b", "caller is defined"]),
      ) +
      this.tag("endmacro");
    const args = this.pick([
      "",
      "1",
      "1, 2",
      "a=1",
      "b=2, a=1",
      "1, 2, 3, 4",
      "x=1",
      "*l",
      "**{'a': 1}",
    ]);
    return (
      made +
      (this.chance(0.5)
        ? this.print(`mm(${args})`)
        : this.tag(`call${this.pick(["", "(v)", "(v, i=3)"])} mm(${args})`) +
          inner() +
          this.tag("endcall"))
    );
  }

  private test(): string {
    return this.pick([
      "t",
      "f",
      "i > 3",
      "y is defined",
      "v is defined",
      "s in m",
      "nope",
      "nope is defined",
      "l",
      "e",
      "loop is defined and loop.first",
      "not n",
      "i == 7 and x",
      "1 < i < 9",
      "d.a is eq 1",
      "y",
      "x is number",
      "i is divisibleby(7)",
    ]);
  }

  // What can be printed for sure.
  private sure(): string {
    return this.pick([
      () => this.pick(SIMPLE),
      () =>
        `(${this.pick(SIMPLE)} ~ ${this.pick(SIMPLE)}) | ${this.pick(["upper", "lower", "title", "length", "replace('a', 'b')", "trim", "reverse", "center(20)", "list | length", "string", "capitalize", "wordcount", "truncate(9)", "urlencode", "escape", "indent(2, true)"])}`,
      () => `y | default(${this.pick(SIMPLE)})`,
      () => `(v | default(${this.pick(SIMPLE)})) ~ i`,
      () =>
        `${this.pick(["i", "x", "z", "neg", "one", "2 ** 70", "7", "-7", "0.1"])} ${this.pick(["+", "-", "*"])} ${this.pick(["i", "x", "z", "neg", "one", "3", "0.5"])}`,
      () =>
        `${this.pick(["i", "x", "neg", "2 ** 70", "-7", "0.1"])} ${this.pick(["/", "//", "%"])} ${this.pick(["i", "x", "neg", "one", "3", "0.5"])}`,
      () =>
        `l | ${this.pick(["sort", "join(',')", "map('string') | list", "sum", "max", "batch(2) | list", "reverse | list", "tojson", "pprint"])}`,
      () =>
        `d | ${this.pick(["tojson", "dictsort", "length", "list", "items | list", "to_json", "pprint"])}`,
      () => `"${this.pick(["%s", "%r", "%10s|", "%-8s|", "%.3s"])}" % (${this.pick(SIMPLE)},)`,
      () =>
        `"{:${this.pick([">30", "<30", "^30", "*^40", ""])}}".format(${this.pick(SIMPLE)} | string)`,
    ])();
  }

  // What is printed or kept: formats, methods, slices and numbers besides plain values.
  private deed(): string {
    return this.pick([
      () => this.simple(),
      () => this.simple(),
      () => this.pick(["y", "v", "a", "b", "loop.index", "ns.a", "varargs"]),
      () => `"{:${this.pick(SPECS)}}".format(${this.simple()})`.replaceAll("{:!", "{!"),
      () =>
        `"{0${this.pick(["", "[0]", ".a", "[a]", "!r"])}} {1} {${this.pick(["0", "1", ""])}}".format(${this.simple()}, ${this.simple()})`,
      () =>
        `"{a} {${this.pick(["a", "b", "b[0]", "c"])}}".format(a=${this.simple()}, b=${this.simple()})`,
      () => `"${this.pick(PERCENT)}" % ${this.simple()}`,
      () => `"${this.pick(PERCENT)} ${this.pick(PERCENT)}" % (${this.simple()}, ${this.simple()})`,
      () =>
        `"%(a)s %(b)${this.pick(["s", "d", "05.1f"])}" % {"a": ${this.simple()}, "b": ${this.simple()}}`,
      () => {
        const kind = this.pick(["s", "l", "d"]);
        return `${kind}.${this.pick(METHODS[kind]!)}`;
      },
      () =>
        `${this.pick(["s", "l", "u", "m", "mix", "(1, 2, 3)"])}[${this.pick(["1:", ":2", "::2", "::-1", "-2:", "5:1:-1", "0", "-1", "9", "'a'", "none:2", "1:none", "::0", "true"])}]`,
      () => `${this.number()} ${this.pick(["+", "-", "*", "/", "//", "%"])} ${this.number()}`,
      () =>
        `${this.pick(["2", "-7", "0.5", "x", "neg", "10"])} ** ${this.pick(["0", "1", "2", "64", "-1"])}`,
      () =>
        `[${this.number()} ${this.pick(["//", "%", "*", "-"])} ${this.number()}, ${this.number()} | ${this.pick(["int", "float", "round", "round(2)", "abs", "string", "round(-1)", "round(0, 'ceil')"])}]`,
      () =>
        `${this.simple()} ${this.pick(["==", "!=", "<", "in", "not in", "~", "and", "or", "+"])} ${this.simple()}`,
      () => `${this.simple()} * ${this.pick(["0", "2", "-1", "x"])}`,
      () =>
        `${this.simple()} | ${this.pick(["string", "length", "list", "upper", "int", "float", "first", "last", "join('-')", "sort", "unique", "sum", "min", "max", "tojson", "pprint", "reverse | list", "title", "wordcount", "batch(2) | list", "map('upper') | list", "select | list", "dictsort", "items | list", "abs", "bool", "type_debug", "to_json", "quote", "ternary(1, 2)", "default('x', true)", "filesizeformat", "xmlattr", "urlize", "center(9)", "truncate(3)", "striptags", "escape", "format(1)"])}`,
    ])();
  }

  private number(): string {
    return this.pick([
      "0",
      "1",
      "-1",
      "7",
      "-7",
      "2",
      "3",
      "10",
      "0.5",
      "-0.5",
      "1.0",
      "-0.0",
      "2.5",
      "1e16",
      "1e-7",
      "1e300",
      "123456789012345678901234567890",
      "-(2 ** 65)",
      "i",
      "neg",
      "x",
      "true",
      "num",
      "z",
      "0.1",
      "0.2",
      "100000",
    ]);
  }
}
