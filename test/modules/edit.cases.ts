import { blockinfile } from "../../src/modules/blockinfile.ts";
import type { AnyModule } from "../../src/modules/index.ts";
import { lineinfile } from "../../src/modules/lineinfile.ts";
import { replace } from "../../src/modules/replace.ts";
import type { Case } from "./case.ts";
import { EDITS, type EditCase } from "./edit/cases.ts";
import { stateOf } from "./edit/state.ts";

const MODULES = { lineinfile, blockinfile, replace } as unknown as Record<EditCase["module"], AnyModule>;

/** All edits, as cases of the law. */
export const cases: readonly Case[] = EDITS.map((one) => ({
  name: `${one.module}: ${one.name}`,
  module: MODULES[one.module],
  args: { path: "/etc/file", ...one.args },
  before: stateOf(one),
  expect: one.becomes === null ? { unchanged: true } : one.becomes instanceof RegExp ? { failure: one.becomes } : {},
  ...(one.always ? { always: true } : {}),
}));
