import { SEED } from "./seed.ts";

/** Where a seed is given, as in CI, half of the cases of tests that take long are drawn; else all are run. */
const isWhole = process.env["SEED"] === undefined;

// Whether a case of a test that takes long is among those that are tried, by its number.
export function isDrawn(number: number): boolean {
  return isWhole || (number + SEED) % 2 === 0;
}

// Those of the cases of a test that takes long that are tried.
export function half<T>(cases: readonly T[]): readonly T[] {
  return cases.filter((_, number) => isDrawn(number));
}

// The one of the cases of a test that takes very long that is tried.
export function one<T>(cases: readonly T[]): readonly T[] {
  return isWhole ? cases : [cases[SEED % cases.length]!];
}

// Those of the cases that take too long for CI that are tried: all, unless a seed is given.
export function whole<T>(cases: readonly T[]): readonly T[] {
  return isWhole ? cases : [];
}

// Why a file of tests that takes long is left out, by its number; undefined: it is not.
export function notDrawn(number: number): string | undefined {
  return isDrawn(number) ? undefined : `seed ${SEED} does not draw it; without SEED all are run`;
}
