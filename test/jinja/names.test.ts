import { describe, expect, test } from "vitest";
import { standardEnvironment } from "../../src/jinja/template.ts";
import { oracleNames, python, SKIP_REASON } from "./oracle.ts";

/** What Jinja2 and ansible-core have and we do not, with the reason. */
const MISSING = {
  filters: {},
  tests: { vault_encrypted: "a variable is decrypted before a template sees it" },
  globals: { lipsum: "text by chance that no playbook needs" },
};

describe.skipIf(python === undefined)(
  `every name of Jinja2 and ansible-core is here${python === undefined ? ` (${SKIP_REASON})` : ""}`,
  () => {
    const env = standardEnvironment();
    const wanted = python === undefined ? { filters: [], tests: [], globals: [] } : oracleNames();
    test.each(["filters", "tests", "globals"] as const)(
      "%s, but for those that are listed",
      (kind) => {
        expect(wanted[kind].filter((name) => !env[kind].has(name))).toEqual(
          Object.keys(MISSING[kind]),
        );
      },
    );
  },
);
