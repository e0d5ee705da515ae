import { TaskFailure } from "../../errors.ts";
import {
  askDeb,
  askLists,
  askSimulation,
  type DebState,
  type ListsState,
  type Simulated,
} from "../../probes/packages/apt.ts";
import { askPackage } from "../../probes/packages/package.ts";
import { readRecord } from "../../probes/record.ts";
import type { Json } from "../../value.ts";
import { shownUrl } from "../shared/download/download.ts";
import { debNote, debUrl, fetchedOf, isFetched } from "../shared/packages/deb_url.ts";
import { statPath, type PathState } from "../../probes/files/path.ts";
import type { Probes } from "../../probes/probe.ts";
import type { Also, Change, Controller, Diff, Module, Step } from "../contract/module.ts";
import { hostPath } from "../shared/files/ownership.ts";
import {
  aptSteps,
  fetchedStep,
  updateLists,
  wholeStep,
  wholeVerb,
  type AptOptions,
} from "../shared/packages/apt_steps.ts";
import {
  choose,
  isBlank,
  readPackages,
  type Choice,
  type WantedPackage,
} from "../shared/packages/choose.ts";
import { aptSchema, type AptArgs } from "../shared/packages/schema.ts";
import { askMatches, expandNames, isPattern, type Matches } from "../shared/packages/patterns.ts";
import {
  askPackages,
  chosenStates,
  printed,
  type PackageStates,
} from "../shared/packages/states.ts";
import { defined } from "../../defined.ts";
import { fieldDiff } from "../contract/diff.ts";

/** Names as Debian's policy has them; a dash at the end would mean removal to apt-get. */
export const DEBIAN_NAME = /^[a-z0-9](?:[a-z0-9+.-]*[a-z0-9+.])?(?::[a-z0-9-]+)?$/;

/** Packages, how old the lists are, what a .deb holds, and what an upgrade of all would do. */
export type AptState = PackageStates & {
  /** What installing each package would do, by its name; only where nothing is done. */
  trials?: { [name: string]: Simulated[] };
  /** What patterns of names stand for. */
  matches?: Matches;
  lists?: ListsState;
  deb?: DebState;
  file?: PathState;
  all?: Simulated[];
  /** What was noted of the package of a URL. */
  note?: Json;
};

/** Packages on hosts of Debian and its kin. */
export const apt: Module<AptArgs, AptState> = {
  name: "apt",
  schema: aptSchema,
  observe: (args, controller) => observe(meant(args), controller),
  observeAgain(args, { note, trials, matches }) {
    const name = fetchedOf(note)?.name ?? undefined;
    if (name === undefined && matches === undefined) return undefined;
    const first = observe(meant(args), { isChecked: trials !== undefined }, matches);
    return name === undefined
      ? first
      : { ...first, packages: { ...first.packages, [name]: askPackage(name) } };
  },
  plan: (args, before) => plan(withNames(meant(args), before.matches ?? {}), before),
  result(args, { lists }, outputs) {
    const cache = {
      ...(!outputs && { cache_updated: false }),
      ...defined({ cache_update_time: lists?.time ?? undefined }),
    };
    if (isListsOnly(meant(args))) return cache;
    const said = printed(outputs);
    const { upgrade } = meant(args);
    return { ...cache, ...said, ...(upgrade !== "no" && { msg: said["stdout"] ?? "" }) };
  },
};

// What is asked for, where the names stand for all packages.
function meant(args: AptArgs): AptArgs {
  const { name = [], state } = args;
  if (state !== "latest" || !name.includes("*")) return args;
  if (name.some((one) => one !== "*"))
    throw new TaskFailure(
      "unable to install additional packages when upgrading all installed packages",
      'name: "*" stands for all; name others in a task of their own',
    );
  const { name: _, ...rest } = args;
  return { ...rest, upgrade: "yes" };
}

// The arguments with the names that patterns stand for.
function withNames(args: AptArgs, matches: Matches): AptArgs {
  return args.name?.some(isPattern) ? { ...args, name: expandNames(args.name, matches) } : args;
}

function observe(
  given: AptArgs,
  { isChecked }: Pick<Controller, "isChecked">,
  matches?: Matches,
): Probes<AptState> {
  const plain = given.name?.filter((name) => !isPattern(name));
  const args = matches ? withNames(given, matches) : { ...given, ...defined({ name: plain }) };
  const { deb, state, default_release: release } = args;
  const verb = wholeVerb(args);
  const url = debUrl(deb);
  const path = deb === undefined || url !== undefined ? undefined : hostPath(deb);
  return {
    ...askPackages(packagesOf(args), state, release),
    ...defined({
      matches: given.name?.some(isPattern) ? askMatches(given.name) : undefined,
      trials: isChecked && state !== "absent" ? askTrials(packagesOf(args), release) : undefined,
      lists: updates(args) || state === "latest" ? askLists() : undefined,
      deb: path === undefined ? undefined : askDeb(path),
      file: path === undefined ? undefined : statPath(path, { follow: true, digest: true }),
      all: verb === undefined ? undefined : askSimulation(verb),
      note: url === undefined ? undefined : readRecord(debNote(url)),
    }),
  };
}

// Asks what installing each package would do, as apt-get finds out while it does it.
export function askTrials(
  packages: readonly WantedPackage[],
  release?: string,
): Probes<NonNullable<AptState["trials"]>> {
  const verb = release === undefined ? "install" : `install -t ${release}`;
  const asked = packages.map(({ name, text }) => [name, askSimulation(`${verb} ${text}`)]);
  return Object.fromEntries(asked) as Probes<NonNullable<AptState["trials"]>>;
}

// What is only checked fails where apt-get could not do it either.
function refuseUnavailable({ install }: Choice, { trials }: AptState): void {
  const missing = install.find(({ name }) => trials?.[name]?.length === 0);
  if (missing) throw new TaskFailure(`No package matching '${missing.name}' is available`);
}

function packagesOf({ name }: AptArgs): WantedPackage[] {
  return readPackages(name, DEBIAN_NAME);
}

// A blank name is no package, which is as well only where none is to be there.
function refuseBlank({ name = [], state }: AptArgs): void {
  if (state !== "absent" && name.some(isBlank))
    throw new TaskFailure("No package matching '' is available", "leave the empty name out");
}

// Whether the lists may have to be updated.
function updates(args: AptArgs): boolean {
  return args.update_cache ?? args.cache_valid_time > 0;
}

// Where nothing but the lists is asked for, their update is what the task reports.
function isListsOnly(args: AptArgs): boolean {
  return !args.name && !args.deb && wholeVerb(args) === undefined;
}

function plan(args: AptArgs, before: AptState): Change<AptState> | null {
  refuseBlank(args);
  const update =
    updates(args) && (before.lists === null || before.lists!.age > args.cache_valid_time);
  const packages = packagesOf(args);
  const choice = choose(
    {
      state: args.state,
      packages,
      purge: args.purge,
      onlyUpgrade: args.only_upgrade,
      renewed: update || before.lists?.age === 0,
    },
    before,
  );
  if (choice.by !== "apt" && choice.by !== "")
    throw new TaskFailure(
      "apt-get does not exist on the host",
      "use the module package, which uses the host's package manager",
    );
  refuseUnavailable(choice, before);
  const file = planFile(args, before);
  const all = before.all ?? [];
  const steps: Step[] = [
    ...(update ? [updateLists(args.update_cache_retries, args.update_cache_retry_max_delay)] : []),
    ...aptSteps(choice, options(args), file && !file.isFetched ? [file.path] : []),
    ...(file?.isFetched ? [fetchedStep(file.path, debNote(file.path), options(args))] : []),
    ...(all.length > 0 ? [wholeStep(wholeVerb(args)!, options(args), all)] : []),
  ];
  return steps.length === 0 ? null : change(args, before, { update, choice, file, steps });
}

interface Work {
  update: boolean;
  choice: Choice;
  file: {
    path: string;
    /** The path is a URL, from which the host downloads it. */
    isFetched: boolean;
    after: Partial<AptState>;
    also: Also[];
    diff: Diff;
  } | null;
  steps: Step[];
}

// Scripts of packages may do anything; an update of the lists changes nothing else.
function change(
  args: AptArgs,
  before: AptState,
  { update, choice, file, steps }: Work,
): Change<AptState> {
  const all = before.all ?? [];
  const isFiles = wholeVerb(args) === "autoclean";
  const opaque = isFiles ? "files" : true;
  const works = choice.install.length + choice.remove.length + all.length > 0 || file !== null;
  const diff: Diff[] = [
    ...(update
      ? [fieldDiff("package lists", before.lists ? `${before.lists.age} s old` : null, "updated")]
      : []),
    ...choice.diff,
    ...(file ? [file.diff] : []),
    ...all.map(({ name, from, to }) => fieldDiff(isFiles ? `file of ${name}` : name, from, to)),
  ];
  return {
    after: {
      ...before,
      ...chosenStates(before, choice),
      ...defined({
        lists: update ? { age: 0, time: null } : undefined,
        all: before.all ? [] : undefined,
      }),
      ...file?.after,
    },
    ...defined({ also: file ? file.also : undefined }),
    steps,
    diff,
    result: { cache_updated: update },
    ...defined({
      opaque: works ? opaque : undefined,
      silent: works || isListsOnly(args) ? undefined : true,
    }),
  };
}

// Plans a package's file. One that an earlier task brings cannot be looked into
// yet, so it is installed.
function planFile({ deb: path }: AptArgs, before: AptState): Work["file"] {
  if (path === undefined) return null;
  if (debUrl(path) !== undefined) return planFetched(path, before);
  const { deb, file } = before;
  if (!file)
    throw new TaskFailure(
      `${path} does not exist on the host`,
      "copy or download it in an earlier task (copy, get_url)",
    );
  const sha256 = file.sha256 ?? null;
  const seen = deb !== null && deb !== undefined && deb.sha256 === sha256 ? deb : null;
  if (seen && seen.installed === seen.version) return null;
  const { name = null, version = null, installed = null } = seen ?? {};
  const also: Also[] =
    name === null
      ? []
      : [
          {
            kind: "package",
            subject: name,
            after: { by: "apt", installed: true, version, leftovers: false },
          },
        ];
  return {
    path,
    isFetched: false,
    after: { deb: { name, version, installed: version, sha256 } },
    also,
    diff: fieldDiff(name ?? path, installed, version ?? "installed"),
  };
}

// Plans a package that a URL brings. What it is can only be known once it is there, so it is
// fetched unless a note says that the same URL brought what is installed.
function planFetched(url: string, { note, packages }: AptState): Work["file"] {
  if (isFetched(fetchedOf(note), packages)) return null;
  const title = shownUrl(url);
  return {
    path: url,
    isFetched: true,
    after: { note: { name: null, version: null } },
    also: [],
    diff: fieldDiff(title, null, "fetched and installed"),
  };
}

function options(args: AptArgs): AptOptions {
  return {
    recommends: args.install_recommends,
    release: args.default_release,
    purge: args.purge,
    autoremove: args.autoremove,
    onlyUpgrade: args.only_upgrade,
    allowDowngrade: args.allow_downgrade || args.force,
    allowUnauthenticated: args.allow_unauthenticated || args.force,
    allowHeld: args.allow_change_held_packages || args.force,
    dpkg: args.dpkg_options,
    lockTimeout: args.lock_timeout,
  };
}
