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
  const number = Number(value);
  if (!Number.isInteger(number) || number < 1)
    throw new InvalidArgumentError("It must be a whole number, 1 or more.");
  return number;
}
