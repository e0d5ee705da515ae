import { Unknown } from "../../../value.ts";
import { outsideOf, searchPathOf, type Call, type Param } from "../../core/callable.ts";
import { wantText } from "../../core/convert.ts";
import { func, type Definition } from "../../core/builtin.ts";
import { lookedFor } from "../../../suggest.ts";
import { Fault, StoppedByUnknown } from "../../core/fault.ts";
import { quoteText } from "../../core/text.ts";
import { findUnknownIn } from "../../core/unknown.ts";

/** The options that a lookup was given, by their names. */
export type LookupOptions = Map<string, unknown>;

// A lookup: its terms, the options that are given, and its position.
export function lookup(
  run: (terms: unknown[], options: LookupOptions, call: Call) => unknown[] | Unknown,
  names: readonly string[] = [],
): Definition {
  const params: Param[] = ["*terms", ...names.map((name) => [name, undefined] as const)];
  return func(
    params,
    ([terms, ...values], call) => {
      const given = names
        .map((name, index) => [name, values[index]] as const)
        .filter(([, value]) => value !== undefined);
      return run(terms as unknown[], new Map(given), call);
    },
    "outer",
  );
}

// A lookup that asks the same for each of its terms; each must be known.
export function each(
  run: (term: unknown, options: LookupOptions, call: Call) => unknown[] | Unknown,
  names: readonly string[] = [],
): Definition {
  return lookup((terms, options, call) => {
    const unknown = findUnknownIn(terms);
    if (unknown) return unknown;
    const found = terms.map((term) => run(term, options, call));
    return found.find((one) => one instanceof Unknown) ?? found.flat();
  }, names);
}

// The absolute path of a file that a lookup names.
export function located(
  term: unknown,
  where: "files" | "templates",
  call: Call,
  who: string,
): string {
  const [outside, name, from] = [
    outsideOf(call, who),
    wantText(term, "the name of a file"),
    call.place(),
  ];
  const searchPath = searchPathOf(call.scope);
  const path = outside.find(name, where, from, searchPath);
  if (path instanceof Unknown) throw new StoppedByUnknown(path);
  if (path !== undefined) return path;
  const places = outside.places(name, where, from, searchPath);
  throw new Fault(
    `could not locate ${quoteText(name)} for the lookup "${who}"`,
    lookedFor(places),
    undefined,
    places,
  );
}
