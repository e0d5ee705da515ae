import { SEED } from "./seed.ts";

/** All cases of the tests that take long, and not a half of them, by ALL_CASES=1 in the environment. */
const isWhole = process.env["ALL_CASES"] !== undefined;

// Whether a case of a test that takes long is among those that are tried, by its number.
export function isDrawn(number: number): boolean {
  return isWhole || (number + SEED) % 2 === 0;
}

// Half of the cases of a test that takes long, by the seed.
export function half<T>(cases: readonly T[]): readonly T[] {
  return cases.filter((_, number) => isDrawn(number));
}
