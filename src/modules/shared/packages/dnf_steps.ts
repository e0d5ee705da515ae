import { sh, type Script } from "../../../script/sh.ts";
import type { Step } from "../../contract/module.ts";
import type { Choice } from "./choose.ts";

/** Options of dnf as it takes them itself, such as --enablerepo=x. */
export interface DnfOptions {
  options: readonly string[];
  autoremove?: boolean;
}

// Installs, upgrades and removes. dnf's own history knows how to take one transaction back.
export function dnfSteps(
  { by, install, remove }: Choice,
  state: "present" | "absent" | "latest",
  { options, autoremove }: DnfOptions,
): Step[] {
  const steps: Step[] = [];
  const names = (packages: Choice["install"]): string[] => packages.map((one) => one.text);
  if (install.length > 0) {
    const newest =
      state === "latest"
        ? sh`
${call(by, options, "upgrade", names(install))}`
        : sh``;
    steps.push({ run: sh`${call(by, options, "install", names(install))} || exit 1${newest}` });
  }
  if (remove.length > 0)
    steps.push({ run: call(by, options, autoremove ? "autoremove" : "remove", names(remove)) });
  return steps.map(({ run }) => ({ run, undo: sh`${by} -q -y history undo last` }));
}

// Reads the lists of all repositories again.
export function makeCache(by: string, options: readonly string[]): Step {
  return { run: call(by, options, "makecache", []) };
}

// One call that asks no questions.
function call(
  by: string,
  options: readonly string[],
  verb: string,
  names: readonly string[],
): Script {
  return sh`${[by, "-q", "-y", ...options, verb, ...names]}`;
}
