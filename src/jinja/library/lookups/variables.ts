import { outsideOf, type Call } from "../../core/callable.ts";
import { wantDict, wantText } from "../../core/convert.ts";
import type { Table } from "../../core/builtin.ts";
import { dictEntries } from "../../core/dict.ts";
import { Fault, MissingFault } from "../../core/fault.ts";
import { UndefinedUseError } from "../../../errors.ts";
import { compileRegex } from "../../python/regex.ts";
import { toText } from "../../core/text.ts";
import { findUnknownIn } from "../../core/unknown.ts";
import { typeName } from "../../core/value.ts";
import { each, lookup, type LookupOptions } from "./define.ts";

// lookup("vars"): variables by names that are worked out.
function variable(term: unknown, options: LookupOptions, call: Call): unknown[] {
  const otherwise = options.get("default");
  const value = valueOf(nameIn(term), call, otherwise);
  if (value !== undefined) return [value];
  if (otherwise === undefined)
    throw new MissingFault(`No variable found with this name: ${toText(term)}`);
  return [otherwise];
}

// What names variables, in Ansible's words where it is no text.
function nameIn(term: unknown): string {
  if (typeof term === "string") return term;
  throw new Fault(
    `Invalid setting identifier, "${toText(term)}" is not a string, its a <class '${typeName(term)}'>`,
  );
}

// The value of a variable; one that is undefined inside is none where there is a default.
function valueOf(name: string, call: Call, otherwise: unknown): unknown {
  try {
    return call.scope.lookup(name);
  } catch (error) {
    if (otherwise === undefined || !(error instanceof UndefinedUseError)) throw error;
    return undefined;
  }
}

// lookup("varnames"): the names of variables that a pattern finds.
function variableNames(term: unknown, _options: LookupOptions, call: Call): unknown[] {
  const pattern = compileRegex(nameIn(term));
  return [...new Set(call.scope.names?.() ?? [])].filter((name) => pattern.test(name));
}

// lookup("inventory_hostnames"): the hosts that patterns name, of those in `groups`.
function hostnames(terms: unknown[], call: Call): unknown[] {
  const groups = dictEntries(
    wantDict(call.scope.lookup("groups") ?? {}, "the groups of the inventory"),
  );
  const known = new Map(
    groups.map(([group, hosts]) => [toText(group), (hosts as unknown[]).map(toText)]),
  );
  return outsideOf(call, "inventory_hostnames").hosts(
    terms.map((term) => wantText(term, "a pattern")),
    known,
  );
}

/** Lookups of variables and hosts. */
export const variableLookups: Table = {
  vars: each(variable, ["default"]),
  varnames: each(variableNames),
  inventory_hostnames: lookup(
    (terms, _options, call) => findUnknownIn(terms) ?? hostnames(terms, call),
  ),
};
