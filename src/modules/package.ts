import { TaskFailure } from "../errors.ts";
import { DEBIAN_NAME } from "./apt.ts";
import { rpmState, RPM_NAME } from "./dnf.ts";
import type { Change, Module } from "./module.ts";
import { aptSteps } from "./packages/apt_steps.ts";
import { choose, readPackage, type Wanted } from "./packages/choose.ts";
import { dnfSteps } from "./packages/dnf_steps.ts";
import { packageSchema, aptSchema, type PackageArgs } from "./packages/schema.ts";
import { askPackages, chosenStates, knownPackages, printed, type PackageStates } from "./packages/states.ts";

/** Packages, whatever the host installs them with; what is there is found out along with the packages. */
export const packageModule: Module<PackageArgs, PackageStates> = {
  name: "package",
  schema: packageSchema,
  observe: (args) => askPackages(packagesOf(args), rpmState(args.state)),
  plan,
  result: (_args, _state, outputs) => printed(outputs),
};

// Names that apt or dnf takes; which of them it is turns out on the host.
function packagesOf({ name }: PackageArgs): Wanted[] {
  const either = new RegExp(`${DEBIAN_NAME.source}|${RPM_NAME.source}`);
  return name.filter((text) => text.trim() !== "").map((text) => readPackage(text, either));
}

function plan(args: PackageArgs, before: PackageStates): Change<PackageStates> | null {
  const state = rpmState(args.state);
  const packages = packagesOf(args);
  const choice = choose({ state, packages }, knownPackages(packages, before));
  if (args.use !== "auto" && choice.by !== "" && choice.by !== args.use) throw new TaskFailure(`the host installs packages with ${choice.by}, not with ${args.use}`);
  if (choice.install.length + choice.remove.length === 0) return null;
  const steps = choice.by === "apt" ? aptSteps(choice, APT) : dnfSteps(choice, state, { options: [] });
  return { after: { ...before, ...chosenStates(choice) }, steps, diff: choice.diff, opaque: true };
}

/** apt's own defaults. */
const APT = { dpkg: aptSchema.arguments["dpkg_options"]!.default as string, lockTimeout: aptSchema.arguments["lock_timeout"]!.default as number };
