import { wantInt, wantText } from "../../core/convert.ts";
import { filter, type Table } from "../../core/builtin.ts";
import { Fault } from "../../core/fault.ts";
import { JsonReader, writeJson } from "../../python/json.ts";
import { isTruthy } from "../../core/value.ts";
import { writeYaml } from "../../formats/yaml-writer.ts";
import { isNumber } from "../../core/number.ts";
import { toNative } from "../../runtime/to-native.ts";
import { InputError } from "../../../errors.ts";
import { TomlError, parseToml } from "../../../toml/parse.ts";
import { stringifyToml } from "../../../toml/stringify.ts";
import { isTable, toToml } from "../../../toml/value.ts";
import { toValue } from "../../../yaml/data.ts";
import { loadYaml, loadYamlDocuments } from "../../../yaml/load.ts";

// The indent of JSON: a number of blanks, or a text.
function indentOf(value: unknown): string | undefined {
  if (value === null || value === undefined) return undefined;
  return typeof value === "string" ? value : " ".repeat(wantInt(value));
}

// to_json(indent, sort_keys, ensure_ascii, separators)
function toJson(value: unknown, [indent, sortKeys, ensureAscii, separators]: unknown[]): string {
  const [item, key] = Array.isArray(separators)
    ? separators.map((part) => wantText(part))
    : [indent === null ? ", " : ",", ": "];
  return writeJson(value, {
    indent: indentOf(indent),
    sortKeys: isTruthy(sortKeys),
    ensureAscii: isTruthy(ensureAscii),
    itemSeparator: item ?? ", ",
    keySeparator: key ?? ": ",
  });
}

// tojson of Jinja2 itself, which is safe inside of HTML.
function toHtmlJson(value: unknown, [indent]: unknown[]): string {
  return toJson(value, [indent, true, true, null]).replace(
    /[<>&']/g,
    (char) => `\\u00${char.charCodeAt(0).toString(16)}`,
  );
}

// to_yaml and to_nice_yaml
function toYaml(value: unknown, [indent, options]: unknown[], flow: boolean | null): string {
  const given = Object.fromEntries(options as Map<string, unknown>);
  const {
    width = 80,
    default_flow_style: ownFlow,
    sort_keys: sortKeys = true,
    explicit_start: start = false,
    explicit_end: end = false,
    allow_unicode: _,
    ...extra
  } = given;
  const [unsupported] = Object.keys(extra);
  if (unsupported !== undefined)
    throw new Fault(`the option ${unsupported} of YAML is not supported`);
  const size = isNumber(indent) ? wantInt(indent) : 2;
  const step = size >= 2 && size <= 9 ? size : 2;
  const columns = columnsOf(wantInt(width), step);
  const style = {
    indent: step,
    width: columns,
    sortKeys: isTruthy(sortKeys),
    flow: flowOf(ownFlow, flow),
  };
  return (
    (isTruthy(start) ? "---\n" : "") + writeYaml(value, style) + (isTruthy(end) ? "...\n" : "")
  );
}

// The columns of a line: no end where the width is negative, 80 where it holds
// no more than two steps.
function columnsOf(width: number, step: number): number {
  if (width < 0) return Infinity;
  return width <= step * 2 ? 80 : width;
}

// Whether collections are written on one line: as the option says, otherwise as
// the filter does by default.
function flowOf(own: unknown, flow: boolean | null): boolean | null {
  if (own === undefined) return flow;
  return own === null ? null : isTruthy(own);
}

// Runs a reader; its error names the line inside the text, while the position
// stays that of the template.
function reading<T>(what: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof TomlError) throw new Fault(`the text is not ${what}: ${error.message}`);
    if (!(error instanceof InputError)) throw error;
    const { place } = error;
    throw new Fault(
      `the text is not ${what}: ${place ? `line ${place.line}, column ${place.column}: ` : ""}${error.message}`,
      error.hint,
    );
  }
}

// from_yaml; what is no text already stays as it is.
function fromYaml(value: unknown): unknown {
  if (typeof value !== "string") return value;
  const node = reading("YAML", () => loadYaml(value, "text"));
  return node ? toValue(node) : null;
}

// from_yaml_all
function fromYamlAll(value: unknown): unknown {
  if (typeof value !== "string") return value;
  return reading("YAML", () => loadYamlDocuments(value, "text")).map(toValue);
}

// to_toml
function writeToml(value: unknown): string {
  const table = notTypeError(() => toToml(toNative(value), "the value"));
  if (!isTable(table)) throw new Fault("only a dict can be written as TOML");
  return stringifyToml(table);
}

// The error of what TOML cannot hold, as a Fault.
function notTypeError<T>(run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (error instanceof TypeError) throw new Fault(error.message);
    throw error;
  }
}

/** Filters between values and text in JSON, YAML and TOML. */
export const dataFilters: Table = {
  to_json: filter(
    [
      ["indent", null],
      ["sort_keys", false],
      ["ensure_ascii", true],
      ["separators", null],
      ["vault_to_text", true],
      ["preprocess_unsafe", false],
    ],
    toJson,
  ),
  to_nice_json: filter(
    [
      ["indent", 4],
      ["sort_keys", true],
      ["ensure_ascii", true],
      ["separators", [",", ": "]],
      ["vault_to_text", true],
      ["preprocess_unsafe", false],
    ],
    toJson,
  ),
  tojson: filter([["indent", null]], toHtmlJson),
  from_json: filter([], (value) => new JsonReader(wantText(value, "a JSON text")).read()),
  to_yaml: filter([["indent", null], "**options"], (value, args) => toYaml(value, args, null)),
  to_nice_yaml: filter([["indent", 4], "**options"], (value, args) => toYaml(value, args, false)),
  from_yaml: filter([], fromYaml),
  from_yaml_all: filter([], fromYamlAll),
  to_toml: filter([], writeToml),
  from_toml: filter([], (value) =>
    reading("TOML", () => parseToml(wantText(value, "a TOML text"))),
  ),
};
