import { Unknown } from "../../value.ts";
import type { Call } from "../core/callable.ts";
import { shortName } from "../syntax/check-names.ts";
import { wantList, wantText } from "../core/convert.ts";
import { func, type Table } from "../core/builtin.ts";
import { Fault, StoppedByUnknown } from "../core/fault.ts";
import { missing } from "../core/foreign.ts";
import type { LookupOptions } from "./lookups/define.ts";
import { isTruthy, typeName } from "../core/value.ts";

// lookup(name, terms..., wantlist, errors): texts joined by commas, or the one value, or the list.
function lookUp([name, terms, options]: unknown[], call: Call, alwaysList: boolean): unknown {
  const given = new Map(options as LookupOptions);
  const list = alwaysList || isTruthy(given.get("wantlist") ?? false);
  const lenient = given.get("errors") ?? "strict";
  for (const own of ["wantlist", "errors", "allow_unsafe"]) given.delete(own);
  const short = shortName(wantText(name, "the name of a lookup"));
  const found = call.env.lookups.get(short);
  if (!found) throw missing("lookup", short, call.env.lookups.keys());
  try {
    const values = found.call({ positional: terms as unknown[], named: given }, call);
    return values instanceof Unknown || list
      ? values
      : joined(wantList(values, `a list from the lookup, not ${typeName(values)}`));
  } catch (error) {
    if (error instanceof StoppedByUnknown) return error.unknown;
    if (lenient === "strict" || !(error instanceof Fault)) throw error;
    return list ? [] : null;
  }
}

// What lookup() makes of the list.
function joined(values: unknown[]): unknown {
  const unknown = values.find((value) => value instanceof Unknown);
  if (unknown) return unknown;
  if (values.length > 0 && values.every((value) => typeof value === "string"))
    return values.join(",");
  return values.length === 1 ? values[0] : values;
}

/** The functions that look things up. */
export const lookupFunctions: Table = {
  lookup: func(["name", "*terms", "**options"], (args, call) => lookUp(args, call, false), "outer"),
  query: func(["name", "*terms", "**options"], (args, call) => lookUp(args, call, true), "outer"),
  q: func(["name", "*terms", "**options"], (args, call) => lookUp(args, call, true), "outer"),
};
