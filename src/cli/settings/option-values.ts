import { InvalidArgumentError } from "commander";

// Adds a word to those of earlier flags of the same name.
export function collect(value: string, before: string[] = []): string[] {
  return [...before, value];
}

export function collectWords(value: string, before: string[] = []): string[] {
  return [
    ...before,
    ...value
      .split(",")
      .map((word) => word.trim())
      .filter(Boolean),
  ];
}

export function collectPaths(value: string, before: string[] = []): string[] {
  return [...before, ...value.split(":").filter(Boolean)];
}

// A whole number from 1 on.
export function wholeNumber(value: string): number {
  return wholeFrom(1, value);
}

// A whole number from 0 on.
export function wholeOrZero(value: string): number {
  return wholeFrom(0, value);
}

function wholeFrom(least: number, value: string): number {
  const number = /^[0-9]+$/.test(value) ? Number(value) : NaN;
  if (Number.isSafeInteger(number) && number >= least) return number;
  throw new InvalidArgumentError(`It must be a whole number, ${least} or more.`);
}
