/**
 * The types that Ansible's argument specs know, and `mode` for file permissions,
 * `expression` for bare Jinja.
 */
export type ArgumentType =
  "str" | "int" | "float" | "bool" | "path" | "list" | "dict" | "raw" | "mode" | "expression";

/** One parameter of a module, in the terms of Ansible's argument_spec. */
export interface Argument {
  type: ArgumentType;
  description: string;
  required?: boolean;
  default?: unknown;
  /**
   * What null means where it differs from the rule of `coerceNull`: the default, or null itself.
   */
  null?: "default" | "kept";
  choices?: readonly (string | number | boolean)[];
  /** Choices that only Ansible has: they are refused for hosts that reach them. */
  foreignChoices?: readonly string[];
  aliases?: readonly string[];
  /**
   * Its text is an expression, where it holds no braces; with braces it is rendered first,
   * and what comes of it is one.
   */
  expression?: boolean;
  /**
   * It is a path of the controller, unless `remote_src` is true; where it is one to read, the
   * directory in which it is looked for first.
   */
  here?: true | "files" | "templates";
  /**
   * A relative path in it stays as it is, unless another parameter has this value; all others begin
   * in the directory in which the login's commands run.
   */
  asWritten?: true | { readonly unless: string; readonly is: string };
  /** The path that is meant where it is not given; {NAME} is another parameter. */
  otherwise?: string;
  /** The parameter in whose directory a relative path begins, where it is given. */
  within?: string;
  /**
   * It names a user or a group of the host to whom files are given. The parameter is called owner
   * or group, as in states of paths.
   */
  account?: "user" | "group";
  /** It is a part of the SELinux context of files: without SELinux on the host it has no effect. */
  context?: true;
  /** Type of a list's elements. */
  elements?: ArgumentType;
  /** The keys of a dict, or of each dict in a list. */
  options?: { readonly [name: string]: Argument };
}

/** What a task registers with `check_mode: true`, in Ansible's words. */
export type CheckMode =
  /** It is skipped, whatever it would do. */
  | { readonly kind: "skipped"; readonly msg: string }
  /**
   * A command, of which nobody knows what it would do: it is not run. With `creates` or `removes`
   * that have something done it is a change; `unguarded` is registered where there are none.
   */
  | {
      readonly kind: "command";
      readonly result: { readonly [key: string]: unknown };
      readonly unguarded?: { readonly [key: string]: unknown };
    };

// What Ansible says of a module that it does not run in check mode.
export function notCheckable(module: string): CheckMode {
  const msg = `remote module (ansible.builtin.${module}) does not support check mode`;
  return { kind: "skipped", msg };
}

/** What a module takes and gives: it validates, documents, and becomes the editors' JSON Schema. */
export interface Schema {
  /** The module's collection, `ansible.builtin` by default. */
  collection?: string;
  /** One line, then more if needed. */
  description: string;
  /** A task as one would write it; a test reads and lints it. */
  example: string;
  /** What `register` gets, besides changed, failed, skipped and msg: "KEY, KEY: what they hold". */
  returns: readonly string[];
  arguments: { readonly [name: string]: Argument };
  /** The parameter that receives the text after `module:` (command, shell, meta ...). */
  freeForm?: string;
  /** That text is a command, in which `name=value` mostly belongs to the command. */
  isCommand?: true;
  /** What comes of it with `check_mode: true`, if that is not a plan as of any other module. */
  checkMode?: CheckMode;
  /**
   * Homes in its paths are found with the login's own environment, before that of the task applies,
   * unless this parameter is true.
   */
  findsHomesBefore?: true | { readonly unless: string };
  /** Its tasks reach no host: what is said of a login around them changes nothing. */
  reachesNoHost?: true;
  /** At most one of each set. */
  mutuallyExclusive?: readonly (readonly string[])[];
  /** At least one of each set. */
  requiredOneOf?: readonly (readonly string[])[];
  /** `if` has the value `is`, then all of `then` must be there. */
  requiredIf?: readonly { if: string; is: string | boolean; then: readonly string[] }[];
  /** Takes any parameter (set_fact). */
  anyArgument?: boolean;
}

/** The schema of something that takes no parameters: an include, or an unsupported module. */
export const EMPTY_SCHEMA: Schema = { description: "", example: "", returns: [], arguments: {} };

/** What a module gets as its arguments: one member for each parameter of its schema, as coerced. */
export type ArgsOf<S extends Pick<Schema, "arguments">> = ValuesOf<S["arguments"]>;

/**
 * The values of a set of parameters; those that are neither required nor have a
 * default may be missing.
 */
export type ValuesOf<A extends { readonly [name: string]: Argument }> = {
  [K in keyof A as IsThere<A[K]> extends true ? K : never]: ValueOf<A[K]>;
} & {
  [K in keyof A as IsThere<A[K]> extends true ? never : K]?: ValueOf<A[K]>;
};

type IsThere<A extends Argument> = A extends { required: true } | { default: {} } ? true : false;

// The type of one value: choices first, then elements and options of lists and dicts.
type ValueOf<A extends Argument> = A["type"] extends "list"
  ? ElementOf<A>[]
  : A extends { choices: readonly (infer Choice)[] }
    ? Choice
    : TypeOf<A["type"], A>;

type ElementOf<A extends Argument> = A extends { choices: readonly (infer Choice)[] }
  ? Choice
  : A extends { elements: infer Element extends ArgumentType }
    ? TypeOf<Element, A>
    : unknown;

type TypeOf<T extends ArgumentType, A extends Argument> = T extends "dict"
  ? A extends { options: infer O extends { readonly [name: string]: Argument } }
    ? ValuesOf<O>
    : { [key: string]: unknown }
  : PlainTypes[Exclude<T, "dict">];

interface PlainTypes {
  str: string;
  path: string;
  mode: string;
  int: number;
  float: number;
  bool: boolean;
  raw: unknown;
  list: unknown[];
  /** Bare Jinja as text; a list of such texts where the parameter takes both. */
  expression: string | string[];
}
