import type { Place } from "../../errors.ts";
import { Unknown } from "../../value.ts";
import { didYouMean } from "../../suggest.ts";
import { Fault } from "./fault.ts";
import type { Outside } from "../template-io.ts";
import { findUnknownIn } from "./unknown.ts";
import { soften } from "./value.ts";
import type { Origin } from "./fault.ts";

/**
 * A parameter: a name that must be given, or a name with its default. "*x" takes
 * the rest, "**x" named ones.
 */
export type Param = string | readonly [name: string, fallback: unknown];

/** The variables that a template sees. */
export interface Scope {
  /** The value of a name; JavaScript's undefined where it is not defined. It may be Unknown. */
  lookup(name: string): unknown;
  /** The names there are. */
  names?(): Iterable<string>;
  /** Names that are given besides, for "did you mean". */
  given?: readonly string[];
  /** Why a name is not defined, where more is known than that. */
  why?(name: string): string | undefined;
  /** Whether something looked up since this was last asked is not what the playbook itself says. */
  takeForeign?(): boolean;
}

export type Filter = Callable;
export type Test = Callable;
/** A lookup: takes its terms and options, answers a list. */
export type Lookup = Callable;

/** What expressions may name besides variables. */
export interface Environment {
  filters: Map<string, Filter>;
  tests: Map<string, Test>;
  lookups: Map<string, Lookup>;
  globals: Map<string, unknown>;
  outside?: Outside;
  /** Finds the template that include, import or extends names; undefined where there is none. */
  loadTemplate?(
    name: string,
    from: Place,
    searchPath?: readonly string[],
  ): { source: string; origin: Origin } | undefined;
}

/** What a function of the template language may know about where it is called. */
export interface Call {
  scope: Scope;
  env: Environment;
  place(): Place;
}

/** A method of strings, lists or dicts: its parameters and what it does with the object. */
export interface Method {
  params: readonly Param[];
  run(object: unknown, args: unknown[], call: Call): unknown;
}

/** The arguments of one call, as written in the template. */
export interface Arguments {
  positional: unknown[];
  named: Map<string, unknown>;
}

/**
 * How much of its arguments a function needs to know: "all" (anything Unknown inside makes the
 * result Unknown), "outer" (the inside of lists and dicts may be Unknown), or "none" (it looks
 * after itself, also after what is undefined).
 */
export type KnownArguments = "all" | "outer" | "none";

/** A function of the template language: filter, test, global, method or macro. */
export class Callable {
  readonly name: string;
  readonly params: readonly Param[];
  readonly run: (args: unknown[], call: Call) => unknown;
  readonly needs: KnownArguments;

  constructor(
    name: string,
    params: readonly Param[],
    run: (args: unknown[], call: Call) => unknown,
    needs: KnownArguments = "all",
  ) {
    this.name = name;
    this.params = params;
    this.run = run;
    this.needs = needs;
  }

  // Calls it: binds arguments to parameters, refuses what is undefined, passes on what is Unknown.
  call(args: Arguments, call: Call): unknown {
    const bound = bind(this.name, this.params, args);
    if (this.needs === "none") return this.run(bound, call);
    return blocked(args, this.needs) ?? this.run(bound.map(soften), call);
  }
}

// The Unknown that keeps a function from being called, if there is one; an
// undefined argument is an error.
function blocked(args: Arguments, needs: KnownArguments): Unknown | undefined {
  const given =
    args.named.size === 0 ? args.positional : [...args.positional, ...args.named.values()];
  let found: Unknown | undefined;
  for (const value of given) {
    soften(value);
    found ??= unknownOf(value, needs);
  }
  return found;
}

// The Unknown that an argument is, or has inside where all of it must be known.
function unknownOf(value: unknown, needs: KnownArguments): Unknown | undefined {
  if (needs === "all") return findUnknownIn(value);
  return value instanceof Unknown ? value : undefined;
}

// The name of a parameter without its stars.
function paramName(param: Param): string {
  return typeof param === "string" ? param : param[0];
}

// Lays the arguments out in the order of the parameters, as Python binds them.
export function bind(name: string, params: readonly Param[], args: Arguments): unknown[] {
  const named = new Map(args.named);
  const positional = [...args.positional];
  const bound = params.map((param) => bindOne(name, param, positional, named));
  if (positional.length > 0)
    throw new Fault(
      `${name}() takes ${params.length} arguments at most, ${positional.length} too many`,
    );
  for (const extra of named.keys()) {
    throw new Fault(
      `${name}() got an unexpected keyword argument '${extra}'`,
      didYouMean(extra, params.map(paramName)),
    );
  }
  return bound;
}

// Takes the argument of one parameter out of what is left.
function bindOne(
  name: string,
  param: Param,
  positional: unknown[],
  named: Map<string, unknown>,
): unknown {
  const key = paramName(param);
  if (key.startsWith("**")) return takeAll(named);
  if (key.startsWith("*")) return positional.splice(0);
  if (positional.length > 0) {
    if (named.has(key)) throw new Fault(`${name}() got multiple values for argument '${key}'`);
    return positional.shift();
  }
  if (named.has(key)) return takeOne(named, key);
  if (typeof param === "string") throw new Fault(`${name}() missing required argument: '${key}'`);
  return param[1];
}

// Takes one named argument away.
function takeOne(named: Map<string, unknown>, key: string): unknown {
  const value = named.get(key);
  named.delete(key);
  return value;
}

// Takes all named arguments away.
function takeAll(named: Map<string, unknown>): Map<string, unknown> {
  const all = new Map(named);
  named.clear();
  return all;
}

// The controller, for what cannot be answered without it.
export function outsideOf(call: Call, who: string): Outside {
  if (call.env.outside) return call.env.outside;
  throw new Fault(`${who} needs the controller, which cannot be asked here`);
}

// The directories in which the task looks for files; undefined: no task is at work.
export function searchPathOf(scope: Scope): readonly string[] | undefined {
  const value = scope.lookup("ansible_search_path");
  return Array.isArray(value) ? value.map(String) : undefined;
}
