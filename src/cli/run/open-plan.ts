import { breakOff } from "../../plan/model/host.ts";
import { existsSync } from "node:fs";
import { basename, relative, resolve } from "node:path";
import type { HostRun } from "../../run/host-run.ts";
import { InputError, UnplacedError } from "../../errors.ts";
import type { Entry } from "../../plan/model/entry.ts";
import { brokenPromise, promise } from "../../plan/saved.ts";
import { screen } from "../../report/screen.ts";
import type { Mask } from "../../vault/mask.ts";
import type { RunFlags } from "../settings/options.ts";
import { changedFiles, foundPath, type FileChange, type ReadKind } from "../prepare/read-files.ts";
import {
  directoryOf,
  flagsFrom,
  flagsOfPlan,
  readPlan,
  writePlan,
  type SavedPlan,
} from "./saved-plan.ts";
import type { PlannedWith } from "./retry.ts";
import type { Prepared } from "../prepare/prepared.ts";
import { defined } from "../../defined.ts";

/** What a plan says of hosts. */
export type PlannedHosts = Pick<SavedPlan, "hosts" | "unplanned">;

/** A saved plan to be applied. */
export interface OpenPlan {
  file: string;
  plan: SavedPlan;
  /** The flags that it was made with, and those that do not belong to it. */
  flags: RunFlags;
  /** Its playbooks, by their paths. */
  playbooks: string[];
  /** What is not any more as it was among the files that it was made from. */
  changes: FileChange[];
  warn(message: string): void;
  /** The directory in which it is applied. */
  from: string;
  /** A host is not any more what the plan says. */
  isBroken: boolean;
}

// Keeps the plan of a run: what it promises, what it was made from, and what was shown of it.
export async function savePlan(
  file: string,
  playbooks: readonly string[],
  flags: RunFlags,
  prepared: Prepared,
  shown: Pick<SavedPlan, "report" | "words">,
): Promise<void> {
  const { runs, mask, read } = prepared;
  const planned = runs.filter((run) => !run.failed && run.walk);
  writePlan(file, playbooks, flags, {
    files: await read.recorded(process.cwd()),
    ...shown,
    hosts: Object.fromEntries(
      planned.map((run) => [run.host.name, promise(shownEntries(run, mask))]),
    ),
    unplanned: runs.filter((run) => !planned.includes(run)).map((run) => run.host.name),
  });
}

// Opens a saved plan, and goes to the directory that its paths begin at;
// undefined: the file is no plan.
export async function openPlan(
  names: readonly string[],
  flags: RunFlags,
  warn = toStderr,
): Promise<OpenPlan | undefined> {
  const file = names[0]!;
  const plan = readPlan(file);
  if (!plan) {
    names.slice(1).forEach(refusePlan);
    return undefined;
  }
  if (names.length > 1)
    throw new UnplacedError(
      `${file} is a saved plan, which can only be applied by itself`,
      `leave out ${names.slice(1).join(", ")}`,
    );
  const [own, from] = [flagsOfPlan(file, plan, flags), process.cwd()];
  const directory = directoryOf(file, plan);
  process.chdir(directory);
  return {
    file,
    plan,
    warn,
    from,
    isBroken: false,
    flags: directory === from ? own : flagsFrom(from, own),
    playbooks: plan.playbooks.map((playbook) => foundPath(playbook, directory)),
    changes: await changedFiles(plan.files, directory),
  };
}

// Refuses a saved plan where a playbook is wanted.
export function refusePlan(file: string): void {
  if (readPlan(file))
    throw new UnplacedError(
      `${file} is a saved plan, not a playbook`,
      `show it: hullwright show ${file}; do it: hullwright apply ${file}`,
    );
}

function toStderr(message: string): void {
  screen.warn(`warning: ${message}`);
}

/** What files were read for, in words for people. */
const KINDS: Readonly<Record<ReadKind, string>> = {
  playbook: "the playbook has",
  inventory: "the inventory has",
  variables: "variables have",
  file: "files that it copies or reads have",
};

/** A saved plan was made from other files than those that are here. */
export class ChangedSinceError extends InputError {}

// Warns of hosts of a plan that are missing now.
export function warnOfGone(saved: OpenPlan, names: readonly string[]): void {
  const { gone } = hostsSince(saved, names);
  if (gone.length > 0)
    saved.warn(
      `hosts of ${saved.file} are no longer in the inventory, and are skipped: ${gone.join(", ")}`,
    );
}

// Refuses a plan that was made from other files than the present ones, and names new
// and missing hosts, if they are known.
export function refuseChanged(saved: OpenPlan, names?: readonly string[]): void {
  const { file, changes } = saved;
  if (changes.length === 0) return;
  const { added, gone } = names ? hostsSince(saved, names) : { added: [], gone: [] };
  const kinds = (Object.keys(KINDS) as ReadKind[]).filter((kind) =>
    changes.some((change) => change.file.kind === kind),
  );
  const lines = kinds.map(
    (kind) =>
      `${KINDS[kind]} changed since: ${changes
        .filter((change) => change.file.kind === kind)
        .map(nameOf)
        .join(", ")}`,
  );
  const hosts = [
    ...(added.length > 0 ? [`new hosts: ${added.join(", ")}`] : []),
    ...(gone.length > 0 ? [`missing hosts: ${gone.join(", ")}`] : []),
  ];
  throw new ChangedSinceError(
    `${file} cannot be applied: ${[...lines, ...hosts].join("; ")}`,
    undefined,
    "plan again, and review the new plan",
  );
}

function nameOf({ file, what }: FileChange): string {
  return `${file.shipped ? "hullwright's " : ""}${file.path}${what === "gone" ? " (gone)" : ""}`;
}

// The hosts that have come and gone since a plan was made; where a limit chooses some of
// them, the others are not gone.
function hostsSince(
  { plan, flags }: OpenPlan,
  names: readonly string[],
): { added: string[]; gone: string[] } {
  const [then, now] = [new Set([...Object.keys(plan.hosts), ...plan.unplanned]), new Set(names)];
  const isChosen = flags.limit !== plan.flags.limit;
  return {
    added: [...now].filter((name) => !then.has(name)),
    gone: isChosen ? [] : [...then].filter((name) => !now.has(name)),
  };
}

// The part of a plan that is about some hosts.
export function partOf({ hosts, unplanned }: PlannedHosts, mine: readonly string[]): PlannedHosts {
  const rest = new Set(unplanned);
  return {
    hosts: Object.fromEntries(
      mine.flatMap((name) => (Object.hasOwn(hosts, name) ? [[name, hosts[name]!]] : [])),
    ),
    unplanned: mine.filter((name) => rest.has(name)),
  };
}

// Holds a run to a saved plan: refuses the hosts that are not any more as the plan found them, and
// has nothing done on the others that it does not promise.
export function holdTo(
  { run: whole, runs, mask }: Prepared,
  saved: { plan: PlannedHosts; isBroken?: boolean },
): void {
  refuseMoved(runs, mask, saved);
  whole.bind({ looksAgain: false });
}

function refuseMoved(
  runs: readonly HostRun[],
  mask: Mask,
  saved: { plan: PlannedHosts; isBroken?: boolean },
): void {
  for (const run of runs) {
    if (run.failed || !run.walk) continue;
    const message = reasonAgainst(run, saved.plan, mask);
    if (message === undefined) continue;
    saved.isBroken = true;
    breakOff(run.known, { task: "", message, hint: "plan again, and review the new plan" });
  }
}

// What a saved plan was made with, for a line in the directory in which it is applied.
export function plannedWith({ file, plan, playbooks, from }: OpenPlan): PlannedWith {
  const here = (path: string): string =>
    existsSync(path) ? relative(from, resolve(path)) || "." : path;
  const flags = { ...plan.flags };
  if (flags.inventory) flags.inventory = flags.inventory.map(here);
  if (flags.privateKey !== undefined) flags.privateKey = here(flags.privateKey);
  const books = plan.playbooks.map(({ shipped, path }, at) =>
    shipped ? basename(path) : here(playbooks[at]!),
  );
  return { file, playbooks: books, flags };
}

// Why what was promised for a host cannot be done there; undefined: it can.
function reasonAgainst(run: HostRun, plan: PlannedHosts, mask: Mask): string | undefined {
  const { name } = run.host;
  if (plan.unplanned.includes(name))
    return "the saved plan has no changes for this host: it could not be planned at the time";
  if (!Object.hasOwn(plan.hosts, name))
    return "the host is new: it was not in the inventory when the plan was made";
  const broken = brokenPromise(plan.hosts[name]!, shownEntries(run, mask));
  return (
    broken &&
    `${broken.isByHost ? "the host has changed since the plan was saved" : "the plan of this host is now different"}: ${broken.reasons.join("; ")}`
  );
}

// The entries of a host as they may be shown.
export function shownEntries({ walk }: HostRun, mask: Mask): Entry[] {
  return (walk?.entries ?? []).map((entry) => ({
    ...entry,
    task: mask.hide(entry.task),
    diff: mask.hideIn(entry.diff),
    ...defined({ item: entry.item === undefined ? undefined : mask.hide(entry.item) }),
  }));
}
