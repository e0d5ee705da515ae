import { blockinfile } from "../../../../src/modules/files/blockinfile.ts";
import type { AnyModule } from "../../../../src/modules/index.ts";
import { lineinfile } from "../../../../src/modules/files/lineinfile.ts";
import type { Change } from "../../../../src/modules/contract/module.ts";
import { replace } from "../../../../src/modules/files/replace.ts";
import type { Json } from "../../../../src/value.ts";
import { argumentsFor, givenWith } from "../../case.ts";
import type { EditCase } from "./cases.ts";
import { stateOf } from "./state.ts";

export const MODULES = { lineinfile, blockinfile, replace } as unknown as Record<
  EditCase["module"],
  AnyModule
>;

// Plans a case; answers the change and what `register` gets of it.
export function planned(one: EditCase): {
  change: Change<Record<string, Json>> | null;
  result: { [key: string]: unknown };
} {
  const module = MODULES[one.module];
  const args = argumentsFor(module, { path: "/etc/file", ...one.args });
  const before = stateOf(one) as unknown as Record<string, Json>;
  const change = module.plan(args, before, givenWith());
  return {
    change,
    result: {
      ...module.result(args, change?.after ?? before, undefined, givenWith()),
      ...change?.result,
    },
  };
}
