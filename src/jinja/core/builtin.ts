import { Callable, type Call, type KnownArguments, type Param } from "./callable.ts";

/** A filter, test, lookup or global before it has its name. */
export interface Definition {
  params: readonly Param[];
  needs: KnownArguments;
  run: (args: unknown[], call: Call) => unknown;
}

/** Definitions by name. */
export type Table = { readonly [name: string]: Definition };

// A filter or test: what it is applied to, then its parameters.
export function filter(
  params: readonly Param[],
  run: (value: unknown, args: unknown[], call: Call) => unknown,
  needs: KnownArguments = "all",
): Definition {
  return {
    params: ["value", ...params],
    needs,
    run: ([value, ...args], call) => run(value, args, call),
  };
}

// A function, as globals and lookups are.
export function func(
  params: readonly Param[],
  run: (args: unknown[], call: Call) => unknown,
  needs: KnownArguments = "all",
): Definition {
  return { params, needs, run };
}

// Gives definitions their names.
export function named(...tables: Table[]): Map<string, Callable> {
  const all = new Map<string, Callable>();
  for (const table of tables) {
    for (const [name, { params, run, needs }] of Object.entries(table))
      all.set(name, new Callable(name, params, run, needs));
  }
  return all;
}
