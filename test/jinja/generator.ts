import { Seeded } from "./seeded.ts";

/** The variables that generated templates see, as JSON. */
export const FUZZ_VARS = `{"i": 7, "z": 0, "neg": -3, "x": 2.5, "one": 1.0, "s": "Hello, World", "e": "", "u": "h\\u00e9llo", "w": " a b  c ", "num": "42", "l": [3, 1, 2], "m": ["b", "a", "B", "10", "9"], "mix": [1, "a", null, true, 2.5, [1, 2]], "d": {"a": 1, "b": "two", "c": [1, 2, 3], "k": {"x": 1}}, "rows": [{"n": "a", "v": 2, "t": ["x"]}, {"n": "b", "v": 1, "t": []}, {"n": "A", "v": 2, "t": ["x", "y"]}], "t": true, "f": false, "n": null}`;

type Kind = "int" | "float" | "str" | "bool" | "list" | "dict";
const KINDS: Kind[] = ["int", "float", "str", "bool", "list", "dict"];

/** Makes random expressions and templates; the same seed makes the same ones. */
export class Generator extends Seeded {
  // One template: mostly a lone expression inside a list, so that the types show; at times statements.
  template(): string {
    return this.chance(0.8) ? `{{ [${this.expression(this.kind(), 3)}] }}` : this.statements(2);
  }

  private kind(): Kind {
    return this.pick(KINDS);
  }

  // An expression of a kind; now and then of another, since errors must agree too.
  private expression(wanted: Kind, depth: number): string {
    const kind = this.chance(0.04) ? this.kind() : wanted;
    if (depth <= 0) return this.leaf(kind);
    const shared = this.pick([
      () => this.leaf(kind),
      () =>
        `(${this.expression(kind, depth - 1)} if ${this.expression("bool", depth - 1)} else ${this.expression(kind, depth - 1)})`,
      () =>
        `(${this.expression(kind, depth - 1)} ${this.pick(["or", "and"])} ${this.expression(kind, depth - 1)})`,
      () =>
        `(${this.pick(["nope", "d.nope", "l[9]", "nope.x"])} | default(${this.expression(kind, depth - 1)}))`,
    ]);
    return this.chance(0.25) ? shared() : this[kind](depth - 1);
  }

  // A variable or a literal.
  private leaf(kind: Kind): string {
    return this.pick(
      {
        int: [
          "i",
          "z",
          "neg",
          "1",
          "2",
          "10",
          "d.a",
          "rows[0].v",
          "l[0]",
          "s | length",
          "-1",
          "12345678901234567890",
        ],
        float: ["x", "one", "0.5", "1e3", "2.0", "-1.5", "1e-5", "1e16"],
        str: [
          "s",
          "e",
          "u",
          "w",
          "num",
          "'a'",
          '"it\'s"',
          "'x\\ny'",
          "d.b",
          "m[0]",
          "rows[1].n",
          "'%s'",
          "'a,b,c'",
        ],
        bool: ["t", "f", "true", "false", "(d is mapping)", "(nope is defined)", "(s is string)"],
        list: ["l", "m", "mix", "rows", "d.c", "[]", "[1, 'a']", "[2, 1, 1]", "[none]"],
        dict: ["d", "{}", "{'q': 1}", "rows[0]", "d.k", "{'a': {'b': [1]}}"],
      }[kind],
    );
  }

  private int(depth: number): string {
    const a = (): string => this.expression("int", depth);
    return this.pick([
      () => `(${a()} ${this.pick(["+", "-", "*", "//", "%"])} ${a()})`,
      () => `(${a()} ** ${this.pick(["0", "1", "2", "3"])})`,
      () => `(-${a()})`,
      () => `(${this.expression("list", depth)} | length)`,
      () =>
        `(${this.expression("str", depth)} | ${this.pick(["int", "length", "wordcount", "int(5)"])})`,
      () => `(${this.expression("float", depth)} | int)`,
      () => `(${a()} | abs)`,
      () =>
        `(${this.expression("str", depth)}).${this.pick(["find('l')", "count('l')", "rfind('o')", "index('a')"])}`,
      () => `(l | ${this.pick(["min", "max", "sum", "first", "last"])})`,
      () => `(${this.expression("list", depth)}).${this.pick(["count(1)", "index(1)"])}`,
    ])();
  }

  private float(depth: number): string {
    const a = (): string => this.expression(this.pick(["int", "float"]), depth);
    return this.pick([
      () => `(${a()} / ${a()})`,
      () => `(${this.expression("float", depth)} ${this.pick(["+", "-", "*", "//", "%"])} ${a()})`,
      () => `(${a()} | float)`,
      () =>
        `(${a()} | round(${this.pick(["0", "1", "2"])}${this.pick(["", ", 'floor'", ", 'ceil'"])}))`,
      () => `(${this.expression("str", depth)} | float)`,
      () => `((${a()} | abs) ** ${this.pick(["0.5", "-1"])})`,
    ])();
  }

  private str(depth: number): string {
    const a = (): string => this.expression("str", depth);
    return this.pick([
      () => `(${a()} ~ ${this.expression(this.kind(), depth)})`,
      () => `(${a()} + ${a()})`,
      () => `(${a()} * ${this.pick(["0", "1", "2", "z"])})`,
      () =>
        `(${a()} | ${this.pick(["upper", "lower", "title", "capitalize", "trim", "string | reverse", "string", "replace('l', 'L')", "replace('', '-')", "center(12)", "string | truncate(5)", "string | truncate(8, true, '!')", "string | indent(2)", "string | indent(2, true)", "string | wordwrap(4)", "urlencode", "first", "last", "default('x', true)"])})`,
      () =>
        `(${a()}).${this.pick(["upper()", "lower()", "title()", "strip()", "lstrip('H ')", "rstrip('d')", "replace('o', '0', 1)", "zfill(8)", "center(9, '*')", "ljust(6)", "rjust(6)", "swapcase()", "capitalize()", "expandtabs()"])}`,
      () => `(${a()})[${this.slice()}]`,
      () => `(${a()} ~ 'abcd')[${this.pick(["0", "-1", "3"])}]`,
      () => `(${this.expression("list", depth)} | join(${this.pick(["", "','", "' '"])}))`,
      () => `(${this.expression(this.kind(), depth)} | string)`,
      () =>
        `(${this.expression(this.kind(), depth)} | to_json${this.pick(["", "(sort_keys=true)"])})`,
      () =>
        `(${this.expression(this.pick(["list", "dict"]), depth)} | ${this.pick(["to_nice_json", "to_json | from_json | to_yaml", "to_json | from_json | to_nice_yaml", "to_json | from_json | to_nice_yaml(indent=2)"])})`,
      () =>
        `(${this.pick(["'%s|%5s'", "'%r %s'", "'%-6s|%s'"])} % (${this.expression(this.kind(), depth)}, ${a()}))`,
      () =>
        `(${this.pick(["'%d'", "'%05d'", "'%x'", "'%.2f'", "'%e'", "'%g'", "'%+d'"])} % ${this.expression(this.pick(["int", "float"]), depth)})`,
      () => `${this.pick(["'{:>8}'", "'{:^9}|'", "'{}'"])}.format(${a()})`,
      () =>
        `(${a()} | regex_replace(${this.pick(["'l+'", "'[aeiou]'", "'^'", "'(\\\\w)(\\\\w)'", "'\\\\s*'", "'x*'", "'.'", "'\\\\b'"])}, ${this.pick(["'-'", "''", "'<\\\\g<0>>'"])}))`,
      () =>
        `(${a()} | ${this.pick(["hash('md5')", "b64encode", "quote", "regex_escape", "basename", "dirname", "to_uuid", "string | comment"])})`,
      () => `(${a()} | regex_search(${this.pick(["'l+'", "'[a-c]'", "'\\\\d+'"])}))`,
      () => `(${this.expression(this.kind(), depth)} | type_debug)`,
    ])();
  }

  private bool(depth: number): string {
    const any = (): string => this.expression(this.kind(), depth);
    const same = this.kind();
    return this.pick([
      () =>
        `(${this.expression(same, depth)} ${this.pick(["==", "!=", "<", "<=", ">", ">="])} ${this.expression(same, depth)})`,
      () =>
        `(${this.expression("int", depth)} < ${this.expression("float", depth)} <= ${this.expression("int", depth)})`,
      () =>
        `(${any()} ${this.pick(["in", "not in"])} ${this.expression(this.pick(["list", "dict"]), depth)})`,
      () => `(${this.expression("str", depth)} in ${this.expression("str", depth)})`,
      () => `(not ${any()})`,
      () =>
        `(${any()} is ${this.pick(["not ", ""])}${this.pick(["defined", "none", "string", "number", "integer", "float", "boolean", "mapping", "sequence", "iterable", "true", "false", "undefined", "truthy", "falsy"])})`,
      () =>
        `(${this.expression("int", depth)} is ${this.pick(["odd", "even", "divisibleby 3", "eq 1", "gt 2", "in [1, 7]"])})`,
      () => `(${this.expression("str", depth)} | bool)`,
      () =>
        `(l is ${this.pick(["subset([1, 2, 3])", "superset(d.c)", "subset(m)", "superset([])"])})`,
      () =>
        `(${this.expression("str", depth)} is ${this.pick(["match('H')", "search('l')", "lower", "upper", "version('1.0', '>=')"])})`,
      () =>
        `(${this.expression("str", depth)}).${this.pick(["startswith('H')", "endswith('c')", "isdigit()", "isalpha()", "isupper()", "islower()", "isspace()", "isalnum()", "istitle()"])}`,
      () => `(${this.expression("list", depth)} is ${this.pick(["contains(1)", "any", "all"])})`,
    ])();
  }

  private list(depth: number): string {
    const a = (): string => this.expression("list", depth);
    return this.pick([
      () => `[${this.expression(this.kind(), depth)}, ${this.expression(this.kind(), depth)}]`,
      () => `(${a()} + ${a()})`,
      () => `(${a()})[${this.slice()}]`,
      () =>
        `(${a()} | ${this.pick(["sort", "sort(reverse=true)", "sort(case_sensitive=true)", "unique", "flatten", "flatten(levels=1)", "list", "batch(2)", "batch(2, 'f')", "slice(2)", "reverse | list", "select | list", "reject('none') | list", "map('string') | list", "zip([1, 2]) | list", "permutations(2)", "combinations(2)", "product([1])"])})`,
      () =>
        `(l | ${this.pick(["map('string')", "select('odd')", "reject('gt', 1)", "map('float')", "sort", "map('pow', 2)"])} | list)`,
      () =>
        `(rows | ${this.pick(["map(attribute='n')", "sort(attribute='n')", "sort(attribute='v,n')", "selectattr('v', 'eq', 2)", "rejectattr('t')", "groupby('v') | map('list')", "groupby('n') | map('last')", "map(attribute='t') | flatten", "subelements('t') | map('last')", "items2dict('n', 'v') | dict2items", "unique(attribute='v')", "sum(attribute='v') | string | list"])} | list)`,
      () =>
        `(${this.pick(["l", "m", "mix", "d.c"])} | ${this.pick(["union", "intersect", "difference", "symmetric_difference"])}(${this.pick(["l", "m", "mix", "d.c", "[]"])}))`,
      () =>
        `(${this.expression("str", depth)})${this.pick([".split()", ".split('l')", ".split(',', 1)", ".rsplit('o', 1)", ".splitlines()", ".partition('l')", ".rpartition(' ')", " | list", " | split(' ')", " | regex_findall('\\\\w')", " | regex_findall('(.)(l)')"])}`,
      () =>
        `(${this.expression("dict", depth)} | ${this.pick(["list", "dictsort", "dict2items", "dictsort(by='value')", "items | list"])})`,
      () =>
        `(${this.expression("dict", depth)}.${this.pick(["keys()", "values()", "items()"])} | list)`,
      () => `(range(${this.expression("int", 0)}) | list)[:5]`,
    ])();
  }

  private dict(depth: number): string {
    const a = (): string => this.expression("dict", depth);
    return this.pick([
      () =>
        `{'p': ${this.expression(this.kind(), depth)}, ${this.leaf("str")}: ${this.expression(this.kind(), depth)}}`,
      () =>
        `(${a()} | combine(${this.leaf("dict")}${this.pick(["", ", recursive=true", ", list_merge='append'", ", recursive=true, list_merge='prepend_rp'"])}))`,
      () => `dict(${a()}, r=${this.expression(this.kind(), depth)})`,
      () => `dict([['p', ${this.expression(this.kind(), depth)}]])`,
      () => `(${a()} | dict2items | items2dict)`,
      () => `(${a()} | to_json | from_json)`,
    ])();
  }

  // The inside of a slice.
  private slice(): string {
    const bound = (): string => this.pick(["", "", "0", "1", "2", "-1", "-2", "9"]);
    return `${bound()}:${bound()}${this.pick(["", "", ":2", ":-1", ":-2"])}`;
  }

  // Some statements, with white space and its control at random.
  private statements(depth: number): string {
    const open = (): string => this.pick(["{%", "{%", "{%-", "{%+"]);
    const close = (): string => this.pick(["%}", "%}", "-%}", "+%}"]);
    const body = (): string => (depth > 0 ? this.statements(depth - 1) : this.text());
    const block = (head: string, inside: string, end: string): string =>
      `${open()} ${head} ${close()}${inside}${open()} ${end} ${close()}`;
    const made = this.pick([
      () =>
        `{{${this.pick(["", "-"])} ${this.expression(this.kind(), 2)} ${this.pick(["", "-"])}}}`,
      () =>
        block(
          `if ${this.expression("bool", 1)}`,
          `${body()}${open()} else ${close()}${body()}`,
          "endif",
        ),
      () =>
        block(
          `for q in ${this.expression("list", 1)}`,
          `{{ loop.index }}${body()}{{ q }}`,
          "endfor",
        ),
      () =>
        block(
          `for q in ${this.expression("list", 1)} if ${this.expression("bool", 1)}`,
          `${body()}${open()} else ${close()}${this.text()}`,
          "endfor",
        ),
      () => `${open()} set i = ${this.expression("int", 1)} ${close()}{{ i }}${body()}`,
      () => block("set made", body(), "endset") + "[{{ made }}]",
      () => block("with x = 1.5, l = [i]", body(), "endwith"),
      () => block("filter upper", body(), "endfilter"),
      () =>
        block("macro mm(a, b=i)", `${body()}{{ a }}{{ b }}`, "endmacro") +
        "{{ mm(1) }}{{ mm(2, b=3) }}",
      () => `{#${this.pick(["", "-", "+"])} c ${this.pick(["", "-", "+"])}#}`,
      () => block("raw", "{{ x }}", "endraw"),
      () => this.text() + body(),
    ]);
    return this.text() + made() + this.text();
  }

  private text(): string {
    return this.pick(["", " ", "\n", "a", "b\n", "  c  ", "\n\n", "\t", "d \n e"]);
  }
}
