import { outsideOf, type Call } from "../../core/callable.ts";
import { wantInt, wantText } from "../../core/convert.ts";
import { readCsv } from "../../formats/csv.ts";
import type { Table } from "../../core/builtin.ts";
import { Fault } from "../../core/fault.ts";
import { parseInteger, toBool } from "../filters/basic.ts";
import { IniFile } from "../../formats/ini-file.ts";
import { parseKeyValues } from "../../formats/key-values.ts";
import { compileRegex } from "../../python/regex.ts";
import { toText } from "../../core/text.ts";
import { findUnknownIn } from "../../core/unknown.ts";
import { isTruthy } from "../../core/value.ts";
import { located, lookup, type LookupOptions } from "./define.ts";

const INI_OPTIONS = [
  "type",
  "file",
  "section",
  "re",
  "encoding",
  "default",
  "case_sensitive",
  "allow_no_value",
  "allow_none",
];
const CSV_OPTIONS = ["col", "default", "delimiter", "file", "encoding"];

// The text of the file that an option names; files in other encodings than UTF-8 are not read.
function fileText(
  options: LookupOptions,
  fallback: string,
  call: Call,
  who: string,
): { text: string; name: string } {
  const encoding = toText(options.get("encoding") ?? "utf-8").toLowerCase();
  if (!["utf-8", "utf8", "ascii"].includes(encoding))
    throw new Fault(`files in ${encoding} are not read here`, "convert the file to utf-8");
  const name = toText(options.get("file") ?? fallback);
  return { text: outsideOf(call, who).read(located(name, "files", call, who)), name };
}

// lookup("ini"): the value of a key; options of one term also apply to those after it.
function fromIni(terms: unknown[], given: LookupOptions, call: Call): unknown[] {
  const options = new Map(given);
  for (const name of ["re", "case_sensitive", "allow_no_value", "allow_none"])
    if (options.has(name)) options.set(name, toBool(options.get(name)));
  const form = {
    keepCase: isTruthy(options.get("case_sensitive") ?? false),
    allowNoValue: isTruthy(options.get("allow_no_value") ?? options.get("allow_none") ?? false),
  };
  const ini = new IniFile(form);
  return terms.flatMap((term) => {
    const key = iniKey(wantText(term, "a key"), options);
    const { text, name } = fileText(options, "ansible.ini", call, "ini");
    if (options.get("type") === "properties") options.set("section", "java_properties");
    ini.read(options.get("type") === "properties" ? `[java_properties]\n${text}` : text, name);
    return iniValues(ini, key, options, name);
  });
}

// The values of a key, or of all keys that a pattern matches.
function iniValues(ini: IniFile, key: string, options: LookupOptions, file: string): unknown[] {
  const section = toText(options.get("section") ?? "global");
  const items = ini.items(section);
  if (!items) throw new Fault(`No section '${section}' in ${file}`);
  if (isTruthy(options.get("re") ?? false)) {
    const pattern = compileRegex(key);
    return [...items]
      .filter(([name]) => pattern.match(name))
      .map(([, value]) => ini.filled(value ?? "", items));
  }
  const value = items.get(
    isTruthy(options.get("case_sensitive") ?? false) ? key : key.toLowerCase(),
  );
  if (value === null) return [];
  const found = value === undefined ? (options.get("default") ?? "") : ini.filled(value, items);
  return Array.isArray(found) ? found : [found];
}

// The key in a term such as "user section=integration file=users.ini"; its options are kept.
function iniKey(term: string, options: LookupOptions): string {
  if (!term.includes("=") && !term.trim().includes(" ")) return term;
  let key: string | undefined;
  for (const part of iniParts(term)) {
    if (!part.includes("=")) {
      key ??= part;
      continue;
    }
    const [name = "", value, ...more] = part.split("=");
    if (more.length > 0)
      throw new Fault(
        `Could not use '${part}' from '${term}'`,
        "give options in addition to the term: lookup('ini', 'key', file='x.ini')",
      );
    if (!INI_OPTIONS.includes(name))
      throw new Fault(`${name} is not a valid option.`, `there are: ${INI_OPTIONS.join(", ")}`);
    options.set(name, value);
  }
  if (key === undefined)
    throw new Fault(
      `No key to lookup was provided as first term with in string inline options: ${term}`,
    );
  return key;
}

// The parts of such a term: words that hold no option belong to the part before them.
function iniParts(term: string): string[] {
  const parts = new Map<string, string>();
  let at = "key";
  for (const word of term.trim().split(/\s+/)) {
    if (word.includes("="))
      at = INI_OPTIONS.filter((name) => word.includes(`${name}=`)).at(-1) ?? at;
    parts.set(at, parts.has(at) ? `${parts.get(at)!} ${word}` : word);
  }
  return [...parts.values()];
}

// lookup("csvfile"): of the first row that begins with a key, one column.
function fromCsv(terms: unknown[], given: LookupOptions, call: Call): unknown[] {
  const options = new Map(given);
  return terms.flatMap((term) => {
    const { free, options: own } = parseKeyValues(wantText(term, "a search key"));
    if (free === undefined) throw new Fault("Search key is required but was not found");
    for (const [name, value] of own) {
      if (!CSV_OPTIONS.includes(name))
        throw new Fault(`${name} is not a valid option`, `there are: ${CSV_OPTIONS.join(", ")}`);
      options.set(name, value);
    }
    const found = csvValue(free, options, call);
    if (found === null || found === undefined) return [];
    return Array.isArray(found) ? found : [found];
  });
}

// The column of the row with a key, or the result if there is none.
function csvValue(key: string, options: LookupOptions, call: Call): unknown {
  const delimiter = toText(options.get("delimiter") ?? "TAB");
  const column = wantInt(
    parseInteger(toText(options.get("col") ?? "1"), 10),
    "the number of a column",
  );
  const { text, name } = fileText(options, "ansible.csv", call, "csvfile");
  for (const row of readCsv(text, delimiter === "TAB" ? "\t" : delimiter)) {
    if (row[0] !== key) continue;
    const value = row.at(column);
    if (value === undefined)
      throw new Fault(`csvfile: the row "${key}" of ${name} has no column ${column}`);
    return value;
  }
  return options.get("default");
}

/** Lookups in files that are tables. */
export const tableLookups: Table = {
  ini: lookup(
    (terms, options, call) => findUnknownIn(terms) ?? fromIni(terms, options, call),
    INI_OPTIONS,
  ),
  csvfile: lookup(
    (terms, options, call) => findUnknownIn(terms) ?? fromCsv(terms, options, call),
    CSV_OPTIONS,
  ),
};
