/** An expression; `at` is its offset in the source. */
export type Expr =
  | { kind: "const"; at: number; value: unknown }
  | { kind: "name"; at: number; name: string }
  | { kind: "list" | "tuple"; at: number; items: Expr[] }
  | { kind: "dict"; at: number; pairs: [Expr, Expr][] }
  | { kind: "attr"; at: number; object: Expr; name: string }
  | { kind: "item"; at: number; object: Expr; key: Expr }
  | {
      kind: "slice";
      at: number;
      start: Expr | undefined;
      stop: Expr | undefined;
      step: Expr | undefined;
    }
  | { kind: "call"; at: number; callee: Expr; args: Args }
  | { kind: "filter"; at: number; name: string; value: Expr | undefined; args: Args }
  | { kind: "test"; at: number; name: string; value: Expr; args: Args }
  | { kind: "unary"; at: number; operator: "+" | "-"; value: Expr }
  | { kind: "not"; at: number; value: Expr }
  | { kind: "binary"; at: number; operator: string; left: Expr; right: Expr }
  | { kind: "and" | "or"; at: number; left: Expr; right: Expr }
  | {
      kind: "compare";
      at: number;
      first: Expr;
      rest: { operator: string; value: Expr; at: number }[];
    }
  | { kind: "concat"; at: number; parts: Expr[] }
  | { kind: "cond"; at: number; test: Expr; then: Expr; otherwise: Expr | undefined };

/**
 * The arguments of a call as written: in order, by name, and spread from a list (*) or a dict (**).
 */
export interface Args {
  positional: Expr[];
  named: [name: string, value: Expr][];
  spread: Expr | undefined;
  spreadNamed: Expr | undefined;
}

/** What an assignment may fill: a name, several names at once, or an attribute of a namespace. */
export type Target =
  | { kind: "name"; at: number; name: string }
  | { kind: "names"; at: number; targets: Target[] }
  | { kind: "field"; at: number; name: string; field: string };

/** A macro as written. */
export interface MacroDef {
  name: string;
  at: number;
  params: { name: string; fallback: Expr | undefined }[];
  body: Node[];
  /** Which of the special names its body uses. */
  uses: { varargs: boolean; kwargs: boolean; caller: boolean };
}

/** A statement of a template. */
export type Node =
  | { kind: "text"; at: number; text: string }
  | { kind: "print"; at: number; value: Expr }
  | { kind: "if"; at: number; branches: { test: Expr; body: Node[] }[]; otherwise: Node[] }
  | {
      kind: "for";
      at: number;
      target: Target;
      list: Expr;
      filter: Expr | undefined;
      recursive: boolean;
      body: Node[];
      otherwise: Node[];
    }
  | { kind: "set"; at: number; target: Target; value: Expr }
  | { kind: "set_block"; at: number; target: Target; filters: Expr | undefined; body: Node[] }
  | { kind: "with"; at: number; bindings: [Target, Expr][]; body: Node[] }
  | { kind: "filter_block"; at: number; filters: Expr; body: Node[] }
  | { kind: "macro"; at: number; macro: MacroDef }
  | { kind: "call_block"; at: number; call: Expr; caller: MacroDef }
  | { kind: "include"; at: number; name: Expr; ignoreMissing: boolean; withContext: boolean }
  | { kind: "import"; at: number; name: Expr; target: string; withContext: boolean }
  | {
      kind: "from_import";
      at: number;
      name: Expr;
      names: [name: string, alias: string][];
      withContext: boolean;
    }
  | { kind: "extends"; at: number; name: Expr }
  | { kind: "block"; at: number; name: string; scoped: boolean; required: boolean; body: Node[] }
  | { kind: "scope"; at: number; body: Node[] };
