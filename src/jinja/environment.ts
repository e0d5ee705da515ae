import type { Environment } from "./callable.ts";
import type { Outside } from "./outside.ts";
import { named } from "./define.ts";
import { basicFilters } from "./filters/basic.ts";
import { chanceFilters } from "./filters/chance.ts";
import { dataFilters } from "./filters/data.ts";
import { dictFilters } from "./filters/dicts.ts";
import { hashFilters } from "./filters/hash.ts";
import { htmlFilters } from "./filters/html.ts";
import { listFilters } from "./filters/lists.ts";
import { mathFilters } from "./filters/math.ts";
import { passwordHashFilter } from "./filters/password-hash.ts";
import { pathFilters } from "./filters/paths.ts";
import { regexFilters } from "./filters/regex.ts";
import { selectFilters } from "./filters/select.ts";
import { textFilters } from "./filters/text.ts";
import { vaultFilters } from "./filters/vault.ts";
import { windowsFilters } from "./filters/windows.ts";
import { globalFunctions } from "./globals.ts";
import { lookupFunctions } from "./lookups.ts";
import { fileLookups } from "./lookups/files.ts";
import { listLookups } from "./lookups/lists.ts";
import { passwordLookup } from "./lookups/password.ts";
import { tableLookups } from "./lookups/tables.ts";
import { urlLookup } from "./lookups/url.ts";
import { variableLookups } from "./lookups/variables.ts";
import { outsideTests } from "./tests-outside.ts";
import { standardTests } from "./tests.ts";

/** All filters, tests, lookups and functions; without `outside`, those that ask the controller are errors when used. */
export function standardEnvironment(outside?: Outside): Environment {
  return {
    filters: named(basicFilters, textFilters, listFilters, selectFilters, dictFilters, dataFilters, regexFilters, hashFilters, mathFilters, pathFilters, chanceFilters, passwordHashFilter, htmlFilters, vaultFilters, windowsFilters),
    tests: named(standardTests, outsideTests),
    lookups: named(fileLookups, listLookups, variableLookups, tableLookups, passwordLookup, urlLookup),
    globals: new Map<string, unknown>(named(globalFunctions, lookupFunctions)),
    ...(outside ? { outside } : {}),
  };
}
