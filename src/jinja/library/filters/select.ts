import { Unknown } from "../../../value.ts";
import type { Arguments, Call, Callable } from "../../core/callable.ts";
import { shortName } from "../../syntax/check-names.ts";
import { wantText } from "../../core/convert.ts";
import { filter, type Table } from "../../core/builtin.ts";
import { Fault } from "../../core/fault.ts";
import { iterate } from "../../runtime/iterate.ts";
import { getPath } from "../../runtime/path.ts";
import { findUnknownIn } from "../../core/unknown.ts";
import { isTruthy, tuple } from "../../core/value.ts";
import { caseKey, defined, sortBy } from "./lists.ts";
import { equals } from "../../core/dict.ts";
import { missing, type PluginKind } from "../../core/foreign.ts";

// A filter or test by its name.
function named(kind: PluginKind, name: unknown, all: Map<string, Callable>): Callable {
  const found = all.get(shortName(wantText(name)));
  if (!found) throw missing(kind, String(name), all.keys());
  return found;
}

// map("filter", arguments...) or map(attribute="path", default=...)
function map(value: unknown, [rest, options]: unknown[], call: Call): unknown[] {
  const items = isTruthy(value) ? iterate(value) : [];
  const args = [...(rest as unknown[])];
  const given = options as Map<string, unknown>;
  if (args.length === 0 && given.has("attribute")) {
    const extra = [...given.keys()].find((key) => key !== "attribute" && key !== "default");
    if (extra !== undefined) throw new Fault(`Unexpected keyword argument '${extra}'`);
    return items.map((item) =>
      getPath(item, given.get("attribute"), call.place, given.get("default")),
    );
  }
  if (args.length === 0) throw new Fault("map requires a filter argument");
  const apply = named("filter", args.shift(), call.env.filters);
  return items.map((item) => apply.call({ positional: [item, ...args], named: given }, call));
}

// select, reject, selectattr and rejectattr: keeps the items that a test lets through.
function choose(
  value: unknown,
  { positional, named: options }: Arguments,
  call: Call,
  wanted: boolean,
  byAttribute: boolean,
): unknown {
  const args = [...positional];
  if (byAttribute && args.length === 0) throw new Fault("Missing parameter for attribute name");
  const path = byAttribute ? args.shift() : null;
  const test = args.length > 0 ? named("test", args.shift(), call.env.tests) : undefined;
  const kept: unknown[] = [];
  for (const item of isTruthy(value) ? iterate(value) : []) {
    const subject = getPath(item, path, call.place);
    const outcome = test
      ? test.call({ positional: [subject, ...args], named: options }, call)
      : subject;
    if (outcome instanceof Unknown) return outcome;
    if (isTruthy(outcome) === wanted) kept.push(item);
  }
  return kept;
}

// One of the four.
function chooser(wanted: boolean, byAttribute: boolean): Table[string] {
  return filter(
    ["*args", "**options"],
    (value, [args, options], call) => {
      return choose(
        value,
        { positional: args as unknown[], named: options as Map<string, unknown> },
        call,
        wanted,
        byAttribute,
      );
    },
    "outer",
  );
}

// groupby(attribute, default, case_sensitive): pairs of key and items, sorted by key.
function groupBy(
  value: unknown,
  [attribute, fallback, caseSensitive]: unknown[],
  call: Call,
): unknown {
  const items = iterate(value);
  const keys = items.map((item) => defined(getPath(item, attribute, call.place, fallback)));
  const unknown = findUnknownIn(keys);
  if (unknown) return unknown;
  const groups: { key: unknown; shown: unknown; items: unknown[] }[] = [];
  items.forEach((item, index) => {
    const key = caseKey(keys[index], caseSensitive);
    const group = groups.find((one) => equals(one.key, key));
    if (group) group.items.push(item);
    else groups.push({ key, shown: keys[index], items: [item] });
  });
  return sortBy(
    groups,
    groups.map(({ key }) => key),
  ).map(({ shown, items: members }) => tuple([shown, members], GROUP));
}

// The parts of a pair of groupby also have names.
const GROUP = ["grouper", "list"];

/** Filters that apply other filters and tests to the items of a list. */
export const selectFilters: Table = {
  map: filter(["*args", "**options"], map, "outer"),
  select: chooser(true, false),
  reject: chooser(false, false),
  selectattr: chooser(true, true),
  rejectattr: chooser(false, true),
  groupby: filter(["attribute", ["default", null], ["case_sensitive", false]], groupBy, "outer"),
};
