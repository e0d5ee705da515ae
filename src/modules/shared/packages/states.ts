import { askCandidate, askPackage, type PackageState } from "../../../probes/packages/package.ts";
import type { Probe } from "../../../probes/probe.ts";
import type { StepOutput } from "../../contract/module.ts";
import type { Choice, PackageKnowledge, PackageRequest, WantedPackage } from "./choose.ts";
import { defined } from "../../../defined.ts";

/** The states of packages, and the versions that could be had. */
export type PackageStates = { [key: `package ${string}`]: PackageState } & {
  [key: `candidate ${string}`]: string | null;
};

// Asks about packages; newer versions are asked for only where the newest is wanted.
export function askPackages(
  packages: readonly WantedPackage[],
  state: PackageRequest["state"],
  release?: string,
): { [K in keyof PackageStates]: Probe<PackageStates[K]> } {
  const candidates = state === "latest" ? packages.filter((one) => one.version === undefined) : [];
  return Object.fromEntries([
    ...packages.map(({ name }) => [`package ${name}`, askPackage(name)]),
    ...candidates.map(({ name }) => [
      `candidate ${name}`,
      askCandidate({ name, ...defined({ release }) }),
    ]),
  ]);
}

// The answers, by the packages' names.
export function knownPackages(
  packages: readonly WantedPackage[],
  states: PackageStates,
): PackageKnowledge {
  return {
    packages: Object.fromEntries(packages.map(({ name }) => [name, states[`package ${name}`]!])),
    candidates: Object.fromEntries(
      packages.map(({ name }) => [name, states[`candidate ${name}`] ?? null]),
    ),
  };
}

// The states as they will be.
export function chosenStates(choice: Choice): PackageStates {
  return Object.fromEntries(
    Object.entries(choice.after).map(([name, state]) => [`package ${name}`, state]),
  ) as unknown as PackageStates;
}

// What the last program printed, by Ansible's result keys.
export function printed(outputs: StepOutput[] | undefined): { [key: string]: unknown } {
  const last = outputs?.at(-1);
  if (!last) return {};
  const toLines = (text: string): string[] =>
    text.split("\n").slice(0, text.endsWith("\n") ? -1 : undefined);
  return {
    stdout: last.stdout,
    stderr: last.stderr,
    stdout_lines: toLines(last.stdout),
    stderr_lines: toLines(last.stderr),
  };
}
