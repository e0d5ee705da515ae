import { expect, test } from "vitest";
import { findModule, moduleNames } from "../../../src/modules/index.ts";
import { parameterNames } from "../../../src/playbook/keywords/arguments.ts";

test("the names of a module's parameters are worked out once, however many tasks use it", () => {
  for (const module of moduleNames()) {
    const { schema } = findModule(module)!;
    const names = parameterNames(schema.arguments);
    expect(parameterNames(schema.arguments)).toBe(names);
    const all = Object.entries(schema.arguments).flatMap(([name, { aliases = [] }]) =>
      [name, ...aliases].map((word) => [word, name]),
    );
    expect([...names]).toEqual(all);
  }
});
