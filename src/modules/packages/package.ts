import { TaskFailure } from "../../errors.ts";
import { askLists } from "../../probes/packages/apt.ts";
import { apt, askTrials, DEBIAN_NAME, type AptState } from "./apt.ts";
import { dnf, rpmState, RPM_NAME } from "./dnf.ts";
import type { Module } from "../contract/module.ts";
import { readPackages, type WantedPackage } from "../shared/packages/choose.ts";
import {
  aptSchema,
  dnfSchema,
  packageSchema,
  type PackageArgs,
} from "../shared/packages/schema.ts";
import { askPackages, printed } from "../shared/packages/states.ts";
import { defined } from "../../defined.ts";

/**
 * Packages, with whatever package manager the host has; it is found out together with the packages.
 */
export const packageModule: Module<PackageArgs, AptState> = {
  name: "package",
  schema: packageSchema,
  observe: (args, { isChecked }) => ({
    ...askPackages(packagesOf(args), rpmState(args.state), args.default_release),
    ...defined({
      trials:
        isChecked && rpmState(args.state) !== "absent"
          ? askTrials(packagesOf(args), args.default_release)
          : undefined,
      lists: (args.update_cache ?? args.cache_valid_time > 0) ? askLists() : undefined,
    }),
  }),
  plan(args, before, controller) {
    const by = managerOf(args, before);
    if (args.use !== "auto" && by !== "" && by !== args.use)
      throw new TaskFailure(`the host installs packages with ${by}, not with ${args.use}`);
    refuseOthers(args, by);
    if (by === "apt")
      return apt.plan({ ...args, upgrade: "no", state: rpmState(args.state) }, before, controller);
    return dnf.plan({ ...args, update_cache: args.update_cache ?? false }, before, controller);
  },
  result: (_args, _state, outputs) => printed(outputs),
};

/** A package that is asked for where none is named: the answer says which program the host has. */
const ANY: WantedPackage[] = [{ text: "bash", name: "bash" }];

// Names that apt or dnf takes; which of them it is turns out on the host.
function packagesOf({ name }: PackageArgs): WantedPackage[] {
  const either = new RegExp(`${DEBIAN_NAME.source}|${RPM_NAME.source}`);
  const named = readPackages(name, either);
  return named.length > 0 ? named : ANY;
}

// The host's package manager, as the answers about packages show.
function managerOf(args: PackageArgs, before: AptState): string {
  return (
    packagesOf(args)
      .map(({ name }) => before.packages[name]?.by)
      .find((by) => by !== undefined) ?? ""
  );
}

// A parameter that only the other program has would be lost here.
function refuseOthers(args: PackageArgs, by: string): void {
  const [own, others] = by === "apt" ? [aptSchema, dnfSchema] : [dnfSchema, aptSchema];
  for (const [name, argument] of Object.entries(others.arguments)) {
    const value = args[name as keyof PackageArgs];
    if (
      !Object.hasOwn(own.arguments, name) &&
      value !== undefined &&
      JSON.stringify(value) !== JSON.stringify(argument.default)
    )
      throw new TaskFailure(
        `${by} has no parameter "${name}"`,
        `the host installs packages with ${by}`,
      );
  }
}
