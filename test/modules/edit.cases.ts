import type { Case } from "./case.ts";
import { EDITS } from "./shared/edit/cases.ts";
import { MODULES } from "./shared/edit/plan.ts";
import { stateOf } from "./shared/edit/state.ts";
import { defined } from "../../src/defined.ts";

/** All edits, as cases of the law. */
export const cases: readonly Case[] = EDITS.map((one) => ({
  name: `${one.module}: ${one.name}`,
  module: MODULES[one.module],
  args: { path: "/etc/file", ...one.args },
  before: stateOf(one),
  expect:
    one.becomes === null
      ? { unchanged: true }
      : one.becomes instanceof RegExp
        ? { failure: one.becomes }
        : {},
  ...defined({ always: one.always ? true : undefined }),
}));
