import type { Case } from "./case.ts";
import { EDITS } from "./shared/edit/cases.ts";
import { MODULES } from "./shared/edit/plan.ts";
import { stateOf } from "./shared/edit/state.ts";
import { defined } from "../../src/defined.ts";

function expected(becomes: (typeof EDITS)[number]["becomes"]): Case["expect"] {
  if (becomes === null) return { unchanged: true };
  return becomes instanceof RegExp ? { failure: becomes } : {};
}

/** All edits, as cases of the law. */
export const cases: readonly Case[] = EDITS.map((one) => ({
  name: `${one.module}: ${one.name}`,
  module: MODULES[one.module],
  args: { path: "/etc/file", ...one.args },
  before: stateOf(one),
  expect: expected(one.becomes),
  ...defined({ always: one.always ? true : undefined }),
}));
