import { Unknown } from "../../value.ts";
import type { Call } from "../core/callable.ts";
import { Callable } from "../core/callable.ts";
import { contains } from "../core/compare.ts";
import { wantDict, wantText } from "../core/convert.ts";
import { filter, type Definition, type Table } from "../core/builtin.ts";
import { dictGet, equals } from "../core/dict.ts";
import { Fault } from "../core/fault.ts";
import { toBool } from "./filters/basic.ts";
import { urlParts } from "./filters/paths.ts";
import { iterate } from "../runtime/iterate.ts";
import { asDouble, isFloat, isInt, isNumber } from "../core/number.ts";
import { comparison, binary } from "../runtime/operators.ts";
import { compileRegex } from "../python/regex.ts";
import { toText } from "../core/text.ts";
import { Undefined, isDict, isTruthy } from "../core/value.ts";
import { compareVersions } from "../python/version.ts";
import { ownProperty } from "../core/own-property.ts";
import { fromKeys } from "../../records.ts";

// A test on a value that is defined and known.
function test(check: (value: unknown) => boolean): Definition {
  return filter([], check, "outer");
}

// A test of the type of a value: what is undefined has none of them, as in Jinja2.
function typeTest(check: (value: unknown) => boolean): Definition {
  return filter(
    [],
    (value) => (value instanceof Unknown ? value : !(value instanceof Undefined) && check(value)),
    "none",
  );
}

// A comparison as a test.
function compared(operator: string): Definition {
  return filter(["other"], (value, [other]) => comparison(operator, value, other), "outer");
}

// Whether a name is defined: this is known of everything but what is Unknown.
function isDefined(value: unknown): boolean | Unknown {
  return value instanceof Unknown ? value : !(value instanceof Undefined);
}

// A field of a task's result, false where it has none.
function field(name: string, wanted: boolean): Definition {
  return filter(
    [],
    (value) => {
      const found =
        dictGet(wantDict(value, `the result of a task for the test "${name}"`), name) ?? false;
      return found instanceof Unknown ? found : isTruthy(found) === wanted;
    },
    "outer",
  );
}

// Whether a task changed something, or one turn of its loop did.
function changed(value: unknown): boolean | Unknown {
  const result = wantDict(value, 'the result of a task for the test "changed"');
  const own = dictGet(result, "changed");
  if (own !== undefined) return own instanceof Unknown ? own : isTruthy(own);
  const results = dictGet(result, "results");
  if (results instanceof Unknown) return results;
  const turns = Array.isArray(results)
    ? results.filter(isDict).map((turn) => dictGet(turn, "changed") ?? false)
    : [];
  const known = turns.filter((turn) => !(turn instanceof Unknown));
  return (
    known.some(isTruthy) ||
    (turns.find((turn): turn is Unknown => turn instanceof Unknown) ?? false)
  );
}

// Whether an async task has begun or ended; others always have.
function asyncField(name: string): Definition {
  return filter(
    [],
    (value) => {
      const found = dictGet(wantDict(value), name);
      return found instanceof Unknown ? found : found === undefined || equals(found, 1);
    },
    "outer",
  );
}

// match looks at the start of a text, search anywhere in it.
function regexTest(how: "match" | "search" | undefined): Definition {
  const kind = how === undefined ? ([["match_type", "search"]] as const) : [];
  return filter(
    [["pattern", ""], ["ignorecase", false], ["multiline", false], ...kind],
    (value, [pattern, ignoreCase, multiline, type]) => {
      const chosen = how ?? type;
      const regex = compileRegex(wantText(pattern, "a pattern"), {
        ignoreCase: isTruthy(ignoreCase),
        multiline: isTruthy(multiline),
      });
      if (chosen === "search") return regex.test(toText(value));
      return regex.match(toText(value), chosen === "fullmatch") !== undefined;
    },
  );
}

const OPERATORS: { [name: string]: (order: number) => boolean } = {
  eq: (order) => order === 0,
  ne: (order) => order !== 0,
  lt: (order) => order < 0,
  le: (order) => order <= 0,
  gt: (order) => order > 0,
  ge: (order) => order >= 0,
};
const SIGNS: { [sign: string]: string } = {
  "==": "eq",
  "=": "eq",
  "!=": "ne",
  "<>": "ne",
  "<": "lt",
  "<=": "le",
  ">": "gt",
  ">=": "ge",
};

// version(other, operator, strict, version_type)
function version(value: unknown, [other, operator, strict, type]: unknown[]): boolean {
  const sign = wantText(operator);
  const decide = ownProperty(OPERATORS, ownProperty(SIGNS, sign) ?? sign);
  if (!decide)
    throw new Fault(
      `Invalid operator type (${sign}). Must be one of ${[...Object.keys(SIGNS), ...Object.keys(OPERATORS)].join(", ")}`,
    );
  if (strict !== null && type !== null)
    throw new Fault("Cannot specify both 'strict' and 'version_type'");
  if (!isTruthy(value)) throw new Fault("Input version value cannot be empty");
  if (!isTruthy(other)) throw new Fault("Version parameter to compare against cannot be empty");
  const kind = versionKind(strict, type);
  return decide(compareVersions(toText(value), toText(other), kind));
}

// By which rules versions are compared.
function versionKind(strict: unknown, type: unknown): string {
  if (strict !== null && isTruthy(strict)) return "strict";
  return type === null ? "loose" : wantText(type);
}

// Whether all items of one list are in the other.
function isSubset(left: unknown, right: unknown): boolean {
  const items = iterate(right);
  return iterate(left).every((item) => contains(items, item));
}

// truthy(convert_bool): also words such as "no" count as false.
function truthy(value: unknown, [convert]: unknown[]): boolean {
  if (!isTruthy(convert)) return isTruthy(value);
  const word = typeof value === "string" ? value.toLowerCase().trim() : "";
  if (["n", "no", "f", "false", "0", "off"].includes(word)) return false;
  return toBool(value) === true || isTruthy(value);
}

// all and any, exact where a known item decides.
function among(value: unknown, wanted: boolean): boolean | Unknown {
  const items = iterate(value);
  for (const item of items)
    if (!(item instanceof Unknown) && isTruthy(item) === wanted) return wanted;
  return items.find((item): item is Unknown => item instanceof Unknown) ?? !wanted;
}

// Whether two values are one: numbers and texts by what they are, lists and dicts by identity.
function sameAs(value: unknown, [other]: unknown[]): boolean | Unknown {
  if (value instanceof Unknown) return value;
  if (other instanceof Unknown) return other;
  return (
    value === other ||
    (isNumber(value) && isNumber(other) && typeof value === typeof other && equals(value, other))
  );
}

// Whether a filter or test of this name exists.
function exists(kind: "filters" | "tests"): Definition {
  return filter([], (value, _args, call: Call) => call.env[kind].has(wantText(value)));
}

// Whether a text can be a URI of one of some schemes; a URL names a host besides.
function isUri(value: unknown, schemes: unknown, needsHost: boolean): boolean {
  const parts = typeof value === "string" ? urlParts(value) : undefined;
  if (!parts || (isTruthy(schemes) && !contains(schemes, parts.get("scheme")))) return false;
  return !needsHost || parts.get("netloc") !== "" || parts.get("scheme") === "file";
}

/** The tests of Jinja2 and Ansible that need nothing from outside. */
export const standardTests: Table = {
  defined: filter([], isDefined, "none"),
  undefined: filter(
    [],
    (value) => (value instanceof Unknown ? value : value instanceof Undefined),
    "none",
  ),
  none: typeTest((value) => value === null),
  boolean: typeTest((value) => typeof value === "boolean"),
  true: typeTest((value) => value === true),
  false: typeTest((value) => value === false),
  integer: typeTest((value) => isInt(value) && typeof value !== "boolean"),
  float: typeTest(isFloat),
  number: typeTest(isNumber),
  string: typeTest((value) => typeof value === "string"),
  mapping: typeTest(isDict),
  sequence: typeTest((value) => typeof value === "string" || Array.isArray(value) || isDict(value)),
  iterable: test((value) => typeof value === "string" || Array.isArray(value) || isDict(value)),
  callable: filter([], (value) => value instanceof Callable, "outer"),
  escaped: test(() => false),
  lower: test(
    (value) =>
      toText(value) === toText(value).toLowerCase() &&
      toText(value) !== toText(value).toUpperCase(),
  ),
  upper: test(
    (value) =>
      toText(value) === toText(value).toUpperCase() &&
      toText(value) !== toText(value).toLowerCase(),
  ),
  odd: test((value) => equals(binary("%", value, 2), 1)),
  even: test((value) => equals(binary("%", value, 2), 0)),
  divisibleby: filter(["num"], (value, [num]) => equals(binary("%", value, num), 0)),
  sameas: filter(["other"], sameAs, "none"),
  in: filter(["seq"], (value, [list]) => comparison("in", value, list), "outer"),
  contains: filter(["value"], (list, [value]) => comparison("in", value, list), "outer"),
  filter: exists("filters"),
  test: exists("tests"),
  ...fromKeys(["==", "eq", "equalto"], () => compared("==")),
  ...fromKeys(["!=", "ne"], () => compared("!=")),
  ...fromKeys(["<", "lt", "lessthan"], () => compared("<")),
  ...fromKeys(["<=", "le"], () => compared("<=")),
  ...fromKeys([">", "gt", "greaterthan"], () => compared(">")),
  ...fromKeys([">=", "ge"], () => compared(">=")),
  ...fromKeys(["failed", "failure"], () => field("failed", true)),
  ...fromKeys(["succeeded", "success", "successful"], () => field("failed", false)),
  ...fromKeys(["skipped", "skip"], () => field("skipped", true)),
  ...fromKeys(["changed", "change"], () => filter([], changed, "outer")),
  unreachable: field("unreachable", true),
  reachable: field("unreachable", false),
  started: asyncField("started"),
  finished: asyncField("finished"),
  match: regexTest("match"),
  search: regexTest("search"),
  regex: regexTest(undefined),
  ...fromKeys(["version", "version_compare"], () =>
    filter(["version", ["operator", "eq"], ["strict", null], ["version_type", null]], version),
  ),
  ...fromKeys(["subset", "issubset"], () =>
    filter(["other"], (value, [other]) => isSubset(value, other)),
  ),
  ...fromKeys(["superset", "issuperset"], () =>
    filter(["other"], (value, [other]) => isSubset(other, value)),
  ),
  all: filter([], (value) => among(value, false), "outer"),
  any: filter([], (value) => among(value, true), "outer"),
  truthy: filter([["convert_bool", false]], truthy),
  falsy: filter([["convert_bool", false]], (value, args) => !truthy(value, args)),
  uri: filter([["schemes", null]], (value, [schemes]) => isUri(value, schemes, false)),
  url: filter([["schemes", null]], (value, [schemes]) => isUri(value, schemes, true)),
  urn: filter([], (value) => isUri(value, ["urn"], false)),
  nan: test((value) => isNumber(value) && Number.isNaN(asDouble(value))),
  isnan: test((value) => isNumber(value) && Number.isNaN(asDouble(value))),
  abs: test((value) => toText(value).startsWith("/")),
  is_abs: test((value) => toText(value).startsWith("/")),
};
