import type { Environment } from "./core/callable.ts";
import type { Outside } from "./template-io.ts";
import { named } from "./core/builtin.ts";
import { basicFilters } from "./library/filters/basic.ts";
import { chanceFilters } from "./library/filters/chance.ts";
import { dataFilters } from "./library/filters/data.ts";
import { dictFilters } from "./library/filters/dicts.ts";
import { hashFilters } from "./library/filters/hash.ts";
import { htmlFilters } from "./library/filters/html.ts";
import { listFilters } from "./library/filters/lists.ts";
import { mathFilters } from "./library/filters/math.ts";
import { networkFilters } from "./library/filters/network.ts";
import { passwordHashFilter } from "./library/filters/password-hash.ts";
import { pathFilters } from "./library/filters/paths.ts";
import { regexFilters } from "./library/filters/regex.ts";
import { selectFilters } from "./library/filters/select.ts";
import { textFilters } from "./library/filters/text.ts";
import { vaultFilters } from "./library/filters/vault.ts";
import { windowsFilters } from "./library/filters/windows.ts";
import { globalFunctions } from "./library/globals.ts";
import { lookupFunctions } from "./library/lookups.ts";
import { fileLookups } from "./library/lookups/files.ts";
import { listLookups } from "./library/lookups/lists.ts";
import { passwordLookup } from "./library/lookups/password.ts";
import { tableLookups } from "./library/lookups/tables.ts";
import { urlLookup } from "./library/lookups/url.ts";
import { variableLookups } from "./library/lookups/variables.ts";
import { outsideTests } from "./library/tests-with-io.ts";
import { standardTests } from "./library/tests.ts";
import { defined } from "../defined.ts";

/**
 * All filters, tests, lookups and functions; without `outside`, those that ask the
 * controller are errors when used.
 */
export function standardEnvironment(outside?: Outside): Environment {
  return {
    filters: named(
      basicFilters,
      textFilters,
      listFilters,
      selectFilters,
      dictFilters,
      dataFilters,
      regexFilters,
      hashFilters,
      mathFilters,
      pathFilters,
      networkFilters,
      chanceFilters,
      passwordHashFilter,
      htmlFilters,
      vaultFilters,
      windowsFilters,
    ),
    tests: named(standardTests, outsideTests),
    lookups: named(
      fileLookups,
      listLookups,
      variableLookups,
      tableLookups,
      passwordLookup,
      urlLookup,
    ),
    globals: new Map<string, unknown>(named(globalFunctions, lookupFunctions)),
    ...defined({ outside: outside ? outside : undefined }),
  };
}
