import { UnplacedError, TaskFailure, UnsupportedError } from "../../errors.ts";
import { sh, type Script } from "../../script/sh.ts";
import type { Change, Module } from "../contract/module.ts";
import { choose, readPackages, type WantedPackage } from "../shared/packages/choose.ts";
import { dnfSteps, makeCache } from "../shared/packages/dnf_steps.ts";
import { dnfSchema, type DnfArgs } from "../shared/packages/schema.ts";
import {
  askPackages,
  chosenStates,
  printed,
  type PackageStates,
} from "../shared/packages/states.ts";

/** Names as rpm writes them, with version and architecture appended if wanted. */
export const RPM_NAME = /^[A-Za-z0-9_][A-Za-z0-9_.+~:^-]*$/;

/** Packages on hosts of Red Hat and its kin. */
export const dnf: Module<DnfArgs, PackageStates> = {
  name: "dnf",
  schema: dnfSchema,
  observe: (args) => askPackages(packagesOf(args), rpmState(args.state)),
  plan,
  result: (args, _state, outputs) => ({
    ...printed(outputs),
    results: outputs ? (args.name ?? []) : [],
    rc: outputs?.at(-1)?.code ?? 0,
  }),
};

function packagesOf({ name }: DnfArgs): WantedPackage[] {
  return readPackages(name, RPM_NAME);
}

// The second names of present and absent, which yum had first.
export function rpmState(state: DnfArgs["state"]): "present" | "absent" | "latest" {
  if (state === "installed") return "present";
  return state === "removed" ? "absent" : state;
}

function plan(args: DnfArgs, before: PackageStates): Change<PackageStates> | null {
  const packages = packagesOf(args);
  if (packages.length === 0) return withoutPackages(args, before);
  const state = rpmState(args.state);
  const choice = choose(
    { state, packages, onlyUpgrade: args.update_only && state === "latest" },
    before,
  );
  if (choice.by === "apt")
    throw new TaskFailure(
      "dnf does not exist on the host",
      "use the module package, which uses the host's package manager",
    );
  const works = choice.install.length + choice.remove.length > 0;
  if (!works) return null;
  const options = optionsOf(args);
  const update = args.update_cache ? [makeCache(choice.by, options)] : [];
  return {
    after: { ...before, ...chosenStates(before, choice) },
    steps: [...update, ...dnfSteps(choice, state, { options, autoremove: args.autoremove })],
    diff: choice.diff,
    opaque: true,
  };
}

// If no package is named, the lists of the repositories are read again; that is
// no change, as in Ansible.
function withoutPackages(args: DnfArgs, before: PackageStates): Change<PackageStates> | null {
  if (args.autoremove)
    throw new UnsupportedError(
      "dnf: autoremove without packages is not supported",
      undefined,
      "name packages, or use the command module",
    );
  if (args.name === undefined && !args.update_cache)
    throw new UnplacedError(
      '"dnf" needs the parameter "name", or update_cache',
      "name the packages",
    );
  if (!args.update_cache) return null;
  const update = (by: string): Script => makeCache(by, optionsOf(args)).run;
  const run = sh`if command -v dnf >/dev/null; then ${update("dnf")}; else ${update("yum")}; fi`;
  return { after: before, steps: [{ run }], diff: [], silent: true };
}

function optionsOf(args: DnfArgs): string[] {
  const each = (flag: string, values: readonly string[] = []): string[] =>
    values.map((value) => `${flag}=${value}`);
  return [
    ...(args.conf_file === undefined ? [] : [`--config=${args.conf_file}`]),
    ...each("--disableplugin", args.disable_plugin),
    ...each("--enableplugin", args.enable_plugin),
    ...(args.disable_excludes === undefined ? [] : [`--disableexcludes=${args.disable_excludes}`]),
    ...(args.cacheonly ? ["--cacheonly"] : []),
    ...(args.sslverify ? [] : ["--setopt=sslverify=False"]),
    ...each("--enablerepo", args.enablerepo),
    ...each("--disablerepo", args.disablerepo),
    ...each("--exclude", args.exclude),
    ...(args.disable_gpg_check ? ["--nogpgcheck"] : []),
    ...(args.install_weak_deps ? [] : ["--setopt=install_weak_deps=False"]),
    ...(args.allowerasing ? ["--allowerasing"] : []),
    ...(args.nobest ? ["--nobest"] : []),
    ...(args.skip_broken ? ["--skip-broken"] : []),
    ...(args.releasever === undefined ? [] : [`--releasever=${args.releasever}`]),
  ];
}
