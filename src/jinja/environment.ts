import type { Environment } from "./callable.ts";
import { named } from "./define.ts";
import { basicFilters } from "./filters/basic.ts";
import { dataFilters } from "./filters/data.ts";
import { dictFilters } from "./filters/dicts.ts";
import { listFilters } from "./filters/lists.ts";
import { regexFilters } from "./filters/regex.ts";
import { selectFilters } from "./filters/select.ts";
import { textFilters } from "./filters/text.ts";
import { globalFunctions } from "./globals.ts";
import { standardTests } from "./tests.ts";

/** All filters, tests and functions that there are; each call gives an environment of its own. */
export function standardEnvironment(): Environment {
  return {
    filters: named(basicFilters, textFilters, listFilters, selectFilters, dictFilters, dataFilters, regexFilters),
    tests: named(standardTests),
    lookups: new Map(),
    globals: new Map<string, unknown>(named(globalFunctions)),
  };
}
