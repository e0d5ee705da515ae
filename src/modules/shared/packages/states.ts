import { askCandidate, askPackage, type PackageState } from "../../../probes/packages/package.ts";
import type { Probes } from "../../../probes/probe.ts";
import type { StepOutput } from "../../contract/module.ts";
import type { Choice, PackageRequest, WantedPackage } from "./choose.ts";
import { defined } from "../../../defined.ts";

/** The states of packages, and the versions that could be had, by the packages' names. */
export type PackageStates = {
  packages: { [name: string]: PackageState };
  candidates: { [name: string]: string | null };
};

// Asks about packages; newer versions are asked for only where the newest is wanted.
export function askPackages(
  packages: readonly WantedPackage[],
  state: PackageRequest["state"],
  release?: string,
): Probes<PackageStates> {
  const candidates = state === "latest" ? packages.filter((one) => one.version === undefined) : [];
  return {
    packages: Object.fromEntries(packages.map(({ name }) => [name, askPackage(name)])),
    candidates: Object.fromEntries(
      candidates.map(({ name }) => [name, askCandidate({ name, ...defined({ release }) })]),
    ),
  };
}

// The states as they will be.
export function chosenStates(
  { packages }: PackageStates,
  { after }: Choice,
): { packages: PackageStates["packages"] } {
  return { packages: { ...packages, ...after } };
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
