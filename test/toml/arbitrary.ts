import fc from "fast-check";
import { test as vitest } from "vitest";
import { Float } from "../../src/jinja/core/value.ts";
import type { Toml, TomlTable } from "../../src/toml/value.ts";

const key = fc
  .oneof(
    fc.constantFrom("a", "b", "root", "io.containerd.grpc.v1.cri", "https://x.y:1/", ""),
    fc.string({ maxLength: 6 }),
  )
  .filter((name) => !(name in Object.prototype));
const float = fc.double().map((value) => (Number.isInteger(value) ? new Float(value) : value));

const { table } = fc.letrec<{ value: Toml; table: TomlTable }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.string(),
    fc.integer(),
    fc.boolean(),
    float,
    fc.bigInt(2n ** 53n, 2n ** 63n - 1n),
    fc.array(tie("value"), { maxLength: 3 }),
    tie("table"),
  ),
  table: fc.dictionary(key, tie("value"), { maxKeys: 4 }),
}));

/** Any table, with odd keys, floats, big integers, mixed lists and empty tables. */
export const tables = table;

// A test over many inputs; where it fails, the seed is in the message.
export function test<T>(name: string, inputs: fc.Arbitrary<T>, check: (input: T) => void): void {
  vitest(name, () => fc.assert(fc.property(inputs, check)));
}
