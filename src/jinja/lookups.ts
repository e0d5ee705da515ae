import { Unknown } from "../value.ts";
import { outsideOf, type Call, type Param, type Scope } from "./callable.ts";
import { shortName } from "./check-names.ts";
import { wantDict, wantList, wantText } from "./convert.ts";
import { func, type Definition, type Table } from "./define.ts";
import { dictEntries, dictGet, makeDict } from "./dict.ts";
import { Fault, plainOrigin } from "./fault.ts";
import { subelements } from "./filters/dicts.ts";
import { flatten } from "./filters/lists.ts";
import { renderFile } from "./render-text.ts";
import { sequence } from "./sequence.ts";
import { lines } from "./strings.ts";
import { quoteText, repr, toText } from "./text.ts";
import { findUnknownIn } from "./unknown.ts";
import { isDict, isTruthy, tuple, typeName } from "./value.ts";
import { didYouMean } from "../suggest.ts";
import { iterate } from "./iterate.ts";

type Options = Map<string, unknown>;

// A lookup: its terms, those of its options that are given, and where it stands.
function lookup(run: (terms: unknown[], options: Options, call: Call) => unknown[] | Unknown, names: readonly string[] = []): Definition {
  const params: Param[] = ["*terms", ...names.map((name) => [name, undefined] as const)];
  return func(params, ([terms, ...values], call) => {
    const given = names.map((name, index) => [name, values[index]] as const).filter(([, value]) => value !== undefined);
    return run(terms as unknown[], new Map(given), call);
  }, "outer");
}

// A lookup that asks the same for each of its terms; each must be known.
function each(run: (term: unknown, options: Options, call: Call) => unknown[], names: readonly string[] = []): Definition {
  return lookup((terms, options, call) => findUnknownIn(terms) ?? terms.flatMap((term) => run(term, options, call)), names);
}

// The absolute path of a file that a lookup names.
function located(term: unknown, where: "files" | "templates", call: Call, who: string): string {
  const path = outsideOf(call, who).find(wantText(term, "the name of a file"), where, call.place());
  if (path === undefined) throw new Fault(`could not locate ${quoteText(toText(term))} for the lookup "${who}"`);
  return path;
}

// lookup("file"): the text of a file of the controller.
function fileText(term: unknown, options: Options, call: Call): unknown[] {
  const text = outsideOf(call, "file").read(located(term, "files", call, "file"));
  const left = isTruthy(options.get("lstrip") ?? false) ? text.trimStart() : text;
  return [isTruthy(options.get("rstrip") ?? true) ? left.trimEnd() : left];
}

// lookup("template"): a template of the controller, rendered with the variables from here.
function templateText(term: unknown, options: Options, call: Call): unknown[] {
  const path = located(term, "templates", call, "template");
  const source = outsideOf(call, "template").read(path);
  const own = wantDict(options.get("template_vars") ?? makeDict([]));
  const scope: Scope = { ...namesOf(call.scope), lookup: (name) => dictGet(own, name) ?? call.scope.lookup(name) };
  return [renderFile(source, plainOrigin(path, source), scope, call.env)];
}

// The names of a scope, where it can tell them.
function namesOf(scope: Scope): Pick<Scope, "names"> {
  return scope.names ? { names: () => scope.names!() } : {};
}

// The output of a command on the controller.
function output(term: unknown, call: Call, who: string): string {
  const { stdout, code } = outsideOf(call, who).pipe(toText(term));
  if (code !== 0) throw new Fault(`the lookup ${who}(${toText(term)}) returned ${code}`);
  return stdout;
}

// lookup("vars"): variables by names that are worked out.
function variable(term: unknown, options: Options, call: Call): unknown[] {
  const value = call.scope.lookup(wantText(term, "the name of a variable")) ?? options.get("default");
  if (value === undefined) throw new Fault(`No variable found with this name: ${toText(term)}`);
  return [value];
}

// lookup("first_found"): the first of several files that is there.
function firstFound(terms: unknown[], options: Options, call: Call): unknown[] {
  let skip = isTruthy(options.get("skip") ?? false);
  const candidates = flatten(terms.length > 0 ? terms : [makeDict(options)], Infinity).flatMap((term) => {
    if (isDict(term) && isTruthy(dictGet(term, "skip") ?? false)) skip = true;
    const option = (name: string): unknown => (isDict(term) ? dictGet(term, name) : options.get(name)) ?? [];
    const [files, paths] = [splitOn(option("files"), /[,;]/), splitOn(option("paths"), /[,:;]/)];
    if (files.length === 0) return isDict(term) ? [] : [wantText(term)];
    return paths.length === 0 ? files : paths.flatMap((path) => files.map((file) => `${path.replace(/\/$/, "")}/${file}`));
  });
  for (const candidate of candidates) {
    const found = outsideOf(call, "first_found").find(candidate, "files", call.place());
    if (found !== undefined) return [found];
  }
  if (skip) return [];
  throw new Fault("No file was found when using first_found.", `looked for: ${candidates.join(", ")}`);
}

// A list of texts, or one text with several in it.
function splitOn(value: unknown, separators: RegExp): string[] {
  const texts = typeof value === "string" ? value.split(separators) : wantList(value).map((item) => wantText(item));
  return texts.map((text) => text.trim()).filter((text) => text !== "");
}

// lookup("dict"): as dict2items.
function dictItems(terms: unknown[]): unknown[] {
  return terms.flatMap((term) => dictEntries(wantDict(term, "a dict")).map(([key, value]) => makeDict([["key", key], ["value", value]])));
}

// lookup("nested"): every item of one list with every item of the others.
function nested(terms: unknown[]): unknown[] {
  if (terms.length === 0) throw new Fault("nested requires at least one list");
  return terms.map(iterate).reduce<unknown[][]>((rows, list) => rows.flatMap((row) => list.map((item) => [...row, ...flatten([item], 1, false)])), [[]]);
}

// lookup("together"): the first items, then the second ones; short lists end with none.
function together(terms: unknown[]): unknown[] {
  const lists = terms.map(iterate);
  const size = Math.max(0, ...lists.map((list) => list.length));
  return Array.from({ length: size }, (_, row) => lists.flatMap((list) => flatten([list[row] ?? null], 1, false)));
}

// lookup("subelements")
function subelementPairs([items, path, flags]: unknown[]): unknown[] {
  const skip = isDict(flags) && isTruthy(dictGet(flags, "skip_missing") ?? false);
  return subelements(items, [path, skip]) as unknown[];
}

/** The lookups; each answers a list. */
export const standardLookups: Table = {
  file: each(fileText, ["lstrip", "rstrip"]),
  template: each(templateText, ["template_vars"]),
  pipe: each((term, _options, call) => [output(term, call, "pipe").trimEnd()]),
  lines: each((term, _options, call) => lines(output(term, call, "lines"))),
  env: each((term, options, call) => [outsideOf(call, "env").variable(wantText(term)) ?? options.get("default") ?? ""], ["default"]),
  fileglob: each((term, _options, call) => outsideOf(call, "fileglob").glob(wantText(term), call.place())),
  first_found: lookup((terms, options, call) => findUnknownIn(terms) ?? firstFound(terms, options, call), ["files", "paths", "skip"]),
  vars: each(variable, ["default"]),
  dict: lookup(dictItems),
  items: lookup((terms) => flatten(terms, 1, false)),
  list: lookup((terms) => terms),
  sequence: lookup((terms, options) => findUnknownIn(terms) ?? sequence(terms, options), ["start", "end", "count", "stride", "format"]),
  indexed_items: lookup((terms) => flatten(terms, 1, false).map((item, index) => tuple([index, item]))),
  together: lookup(together),
  nested: lookup(nested),
  subelements: lookup((terms) => findUnknownIn(terms) ?? subelementPairs(terms)),
  random_choice: lookup((terms, _options, call) => (terms.length === 0 ? [] : [terms[Math.floor(outsideOf(call, "random_choice").random() * terms.length)]])),
};

// lookup(name, terms..., wantlist, errors): texts joined by commas, or the one value, or the list.
function lookUp([name, terms, options]: unknown[], call: Call, alwaysList: boolean): unknown {
  const given = new Map(options as Options);
  const list = alwaysList || isTruthy(given.get("wantlist") ?? false);
  const lenient = given.get("errors") ?? "strict";
  for (const own of ["wantlist", "errors", "allow_unsafe"]) given.delete(own);
  const found = call.env.lookups.get(shortName(wantText(name, "the name of a lookup")));
  if (!found) throw new Fault(`there is no lookup ${repr(name)}`, didYouMean(toText(name), call.env.lookups.keys()));
  try {
    const values = found.call({ positional: terms as unknown[], named: given }, call);
    return values instanceof Unknown || list ? values : joined(wantList(values, `a list from the lookup, not ${typeName(values)}`));
  } catch (error) {
    if (lenient === "strict" || !(error instanceof Fault)) throw error;
    return list ? [] : null;
  }
}

// What lookup() makes of the list.
function joined(values: unknown[]): unknown {
  const unknown = values.find((value) => value instanceof Unknown);
  if (unknown) return unknown;
  if (values.every((value) => typeof value === "string")) return values.join(",");
  return values.length === 1 ? values[0] : values;
}

/** The functions that look things up. */
export const lookupFunctions: Table = {
  lookup: func(["name", "*terms", "**options"], (args, call) => lookUp(args, call, false), "outer"),
  query: func(["name", "*terms", "**options"], (args, call) => lookUp(args, call, true), "outer"),
  q: func(["name", "*terms", "**options"], (args, call) => lookUp(args, call, true), "outer"),
};
