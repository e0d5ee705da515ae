import { outsideOf, searchPathOf, type Call, type Scope } from "../../core/callable.ts";
import { STANDARD_EDGES, type Edges } from "../../syntax/delimiters.ts";
import { wantDict, wantList, wantText } from "../../core/convert.ts";
import type { Table } from "../../core/builtin.ts";
import { dictGet, makeDict } from "../../core/dict.ts";
import { Fault, plainOrigin } from "../../core/fault.ts";
import { flatten } from "../filters/lists.ts";
import type { Where } from "../../template-io.ts";
import { renderFile } from "../../runtime/render-text.ts";
import { lines } from "../../python/strings.ts";
import { toText } from "../../core/text.ts";
import { findUnknownIn } from "../../core/unknown.ts";
import { isDict, isTruthy } from "../../core/value.ts";
import { templateVariable } from "../template-variables.ts";
import { each, located, lookup, type LookupOptions } from "./define.ts";

// lookup("file"): the text of a file of the controller.
function fileText(term: unknown, options: LookupOptions, call: Call): unknown[] {
  const text = outsideOf(call, "file").read(located(term, "files", call, "file"));
  const left = isTruthy(options.get("lstrip") ?? false) ? text.trimStart() : text;
  return [isTruthy(options.get("rstrip") ?? true) ? left.trimEnd() : left];
}

// lookup("template"): a template of the controller, rendered with the variables from here.
function templateText(term: unknown, options: LookupOptions, call: Call): unknown[] {
  const path = located(term, "templates", call, "template");
  const outside = outsideOf(call, "template");
  const source = outside.read(path);
  const own = wantDict(options.get("template_vars") ?? makeDict([]));
  const file = { name: toText(term), fullPath: path };
  const scope: Scope = {
    ...namesOf(call.scope),
    lookup: (name) => {
      const said = dictGet(own, name) ?? templateVariable(name, file, outside);
      return said === undefined ? call.scope.lookup(name) : said;
    },
  };
  return [renderFile(source, plainOrigin(path, source), scope, call.env, edgesOf(options))];
}

// What begins and ends expressions and comments, where the lookup says so.
function edgesOf(options: LookupOptions): Edges {
  const text = (name: string, standard: string): string => {
    const given = wantText(options.get(name) ?? standard, name);
    if (given === "") throw new Fault(`${name} may not be empty`);
    return given;
  };
  const { block, variable, comment } = STANDARD_EDGES;
  return {
    block,
    variable: [
      text("variable_start_string", variable[0]),
      text("variable_end_string", variable[1]),
    ],
    comment: [text("comment_start_string", comment[0]), text("comment_end_string", comment[1])],
  };
}

/** The options of lookup("template"); what it renders is text, with or without convert_data. */
const TEMPLATE_OPTIONS = [
  "template_vars",
  "variable_start_string",
  "variable_end_string",
  "comment_start_string",
  "comment_end_string",
  "convert_data",
];

// The names of a scope, if it knows them.
function namesOf(scope: Scope): Pick<Scope, "names"> {
  return scope.names ? { names: () => scope.names!() } : {};
}

// The output of a command on the controller.
function output(term: unknown, call: Call, who: string): string {
  const { stdout, failure } = outsideOf(call, who).pipe(toText(term));
  if (failure !== undefined) throw new Fault(`the lookup ${who}(${toText(term)}) ${failure}`);
  return stdout;
}

// lookup("first_found"): the first of several files that exists.
function firstFound(terms: unknown[], options: LookupOptions, call: Call): unknown[] {
  let skip = isTruthy(options.get("skip") ?? false);
  const where = (options.get("_subdir") ?? "files") as Where;
  const candidates = flatten(terms.length > 0 ? terms : [makeDict(options)], Infinity).flatMap(
    (term) => {
      if (isDict(term) && isTruthy(dictGet(term, "skip") ?? false)) skip = true;
      const option = (name: string): unknown =>
        (isDict(term) ? dictGet(term, name) : options.get(name)) ?? [];
      const [files, paths] = [splitOn(option("files"), /[,;]/), splitOn(option("paths"), /[,:;]/)];
      if (files.length === 0) return isDict(term) ? [] : [wantText(term)];
      return paths.length === 0
        ? files
        : paths.flatMap((path) => files.map((file) => `${path.replace(/\/$/, "")}/${file}`));
    },
  );
  for (const candidate of candidates) {
    const found = outsideOf(call, "first_found").find(
      candidate,
      where,
      call.place(),
      searchPathOf(call.scope),
    );
    if (found !== undefined) return [found];
  }
  if (skip) return [];
  throw new Fault(
    "No file was found when using first_found.",
    `looked for: ${candidates.join(", ")}`,
  );
}

// A list of texts, or one text with several in it.
function splitOn(value: unknown, separators: RegExp): string[] {
  const texts =
    typeof value === "string"
      ? value.split(separators)
      : wantList(value).map((item) => wantText(item));
  return texts.map((text) => text.trim()).filter((text) => text !== "");
}

/** Lookups of files, commands and the environment of the controller. */
export const fileLookups: Table = {
  file: each(fileText, ["lstrip", "rstrip"]),
  unvault: each((term, _options, call) => [
    outsideOf(call, "unvault").read(located(term, "files", call, "unvault")),
  ]),
  template: each(templateText, TEMPLATE_OPTIONS),
  pipe: each((term, _options, call) => [output(term, call, "pipe").trimEnd()]),
  lines: each((term, _options, call) => lines(output(term, call, "lines"))),
  env: each(
    (term, options, call) => [
      outsideOf(call, "env").variable(wantText(term)) ?? options.get("default") ?? "",
    ],
    ["default"],
  ),
  fileglob: each((term, _options, call) =>
    outsideOf(call, "fileglob").glob(wantText(term), call.place(), searchPathOf(call.scope)),
  ),
  first_found: lookup(
    (terms, options, call) => findUnknownIn(terms) ?? firstFound(terms, options, call),
    ["files", "paths", "skip", "_subdir"],
  ),
};
