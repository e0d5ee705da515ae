import type { Scope } from "../core/callable.ts";
import { dictEntries, makeDict } from "../core/dict.ts";
import { LazyDict, Tuple, isDict, tuple } from "../core/value.ts";
import { defined } from "../../defined.ts";

// A scope whose lists and dicts may be changed: each is copied when it is first looked up, so that
// only this template sees what it changes.
export function copyOnWriteScope(scope: Scope): Scope {
  const copies = new Map<string, unknown>();
  const lookup = (name: string): unknown => {
    if (!copies.has(name)) copies.set(name, copy(scope.lookup(name)));
    return copies.get(name);
  };
  return {
    lookup,
    ...defined({
      names: scope.names ? () => scope.names!() : undefined,
      why: scope.why ? (name: string) => scope.why!(name) : undefined,
    }),
  };
}

// A copy of lists and dicts, however deep.
function copy(value: unknown): unknown {
  if (value instanceof Tuple) return tuple(value.map(copy));
  if (Array.isArray(value)) return value.map(copy);
  if (!isDict(value) || value instanceof LazyDict) return value;
  return makeDict(dictEntries(value).map(([key, item]) => [key, copy(item)]));
}
