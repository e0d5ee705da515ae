import {
  closeSync,
  existsSync,
  fchmodSync,
  fstatSync,
  openSync,
  readFileSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, relative, resolve } from "node:path";
import { UnplacedError } from "../../errors.ts";
import type { PromisedHost } from "../../plan/saved.ts";
import type { JsonReport } from "../../report/summary.ts";
import type { RunFlags } from "../settings/options.ts";
import { foundPath, portablePath, type RecordedFile } from "../prepare/read-files.ts";
import { sha256Hex } from "../../sha256.ts";
import { fromKeys } from "../../records.ts";
import { attempt } from "../../instead-of.ts";
import { reasonOf } from "../../system-error.ts";
import { readText } from "../../disk/text.ts";

/**
 * A plan in a file: what was reviewed, and what it was made from. It holds no secret:
 * what was decrypted is masked.
 */
export interface SavedPlan {
  hullwright: "plan";
  version: 3;
  created: string;
  /**
   * The directory in which it was planned. Paths are relative to it; `toDirectory` leads there from
   * the directory of the plan's file.
   */
  directory: string;
  toDirectory: string;
  playbooks: { path: string; shipped?: true }[];
  flags: PlannedFlags;
  /** Digest of the variables of -e, which may be secret and are therefore not kept. */
  extraVars: string;
  /** The files of this machine that were read. */
  files: RecordedFile[];
  /** The hosts that could be planned, and those that could not. */
  hosts: { [name: string]: PromisedHost };
  unplanned: string[];
  /** What was shown to whoever reviewed it. */
  report: JsonReport;
  /** The hosts' own names and addresses, by which those are grouped that differ in nothing else. */
  words: { [host: string]: readonly string[] };
}

/** The flags that decide what is planned. Passwords are not among them. */
export type PlannedFlags = Pick<RunFlags, (typeof PLANNED)[number]>;

const PLANNED = [
  "inventory",
  "limit",
  "tags",
  "skipTags",
  "become",
  "becomeUser",
  "user",
  "privateKey",
  "rolesPath",
  "startAtTask",
] as const;

/** What a plan is made of. */
export type PlanParts = Pick<SavedPlan, "files" | "hosts" | "unplanned" | "report" | "words">;

// Refuses to write a plan over a file that is none, such as the playbook itself.
export function refuseForeign(file: string): void {
  const stat = statSync(file, { throwIfNoEntry: false });
  if (stat === undefined || !stat.isFile() || stat.size === 0) return;
  if (/^\s*\{\s*"hullwright": "plan"/.test(readFileSync(file, "utf8").slice(0, 200))) return;
  throw new UnplacedError(
    `${file} already exists, and is not a saved plan`,
    "name another file for -o, or remove this one",
  );
}

// Writes a plan that only its owner may read, even if the file existed before.
export function writePlan(
  file: string,
  playbooks: readonly string[],
  flags: RunFlags,
  parts: PlanParts,
): void {
  const directory = process.cwd();
  const plan: SavedPlan = {
    hullwright: "plan",
    version: 3,
    created: new Date().toISOString(),
    directory,
    toDirectory: relative(dirname(resolve(file)), directory) || ".",
    playbooks: playbooks.map((path) => portablePath(path, directory)),
    flags: plannedFlags(flags, directory),
    extraVars: digestOf(flags.extraVars ?? []),
    ...parts,
  };
  refuseForeign(file);
  try {
    writeOwn(file, `${JSON.stringify({ ...plan, whole: digestOf(plan) }, null, 1)}\n`);
  } catch (error) {
    throw new UnplacedError(
      `the plan cannot be saved to ${file}: ${reasonOf(error)}`,
      "name a file in an existing directory that you may write to",
    );
  }
}

// Writes a file for its owner only; its permissions are right before it has any content.
function writeOwn(file: string, text: string): void {
  const handle = openSync(file, "w", 0o600);
  try {
    if (fstatSync(handle).isFile()) fchmodSync(handle, 0o600);
    writeFileSync(handle, text);
  } finally {
    closeSync(handle);
  }
}

// The flags as they are kept; paths that lie with the directory are relative to it.
function plannedFlags(flags: RunFlags, directory: string): PlannedFlags {
  const kept = fromKeys(
    PLANNED.filter((name) => flags[name] !== undefined),
    (name) => flags[name],
  ) as PlannedFlags;
  const portable = (path: string): string =>
    existsSync(path) ? portablePath(path, directory).path : path;
  if (kept.inventory) kept.inventory = kept.inventory.map(portable);
  if (kept.privateKey !== undefined) kept.privateKey = portable(kept.privateKey);
  return kept;
}

// The directory that the paths of a plan begin at: this one, that of the plan's file, or where it
// was made, whichever has the playbooks.
export function directoryOf(file: string, plan: SavedPlan): string {
  const candidates = [
    ...new Set([process.cwd(), resolve(dirname(file), plan.toDirectory), plan.directory]),
  ];
  const found = candidates.find((directory) =>
    plan.playbooks.every((playbook) => existsSync(foundPath(playbook, directory))),
  );
  if (found !== undefined) return found;
  const names = plan.playbooks.map(({ path }) => path).join(", ");
  throw new UnplacedError(
    `${file} was made from ${names} in ${plan.directory}, which is not here`,
    `run hullwright in the directory of ${names}; looked in ${candidates.join(", ")}`,
  );
}

// The flags that a saved plan is applied with. Variables of -e must be given again, and be the
// same; of what was planned no flag may be another now, but --limit may choose some of the hosts.
export function flagsOfPlan(file: string, plan: SavedPlan, flags: RunFlags): RunFlags {
  if (digestOf(flags.extraVars ?? []) !== plan.extraVars) {
    throw new UnplacedError(
      `${file} was planned with different variables`,
      "give the same -e as for plan; the file does not contain them, as they may be secret",
    );
  }
  const other = PLANNED.find((name) => flags[name] !== undefined && !isSame(name, flags, plan));
  if (other !== undefined) {
    const option = `--${other.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
    throw new UnplacedError(
      `${file} was made ${plan.flags[other] === undefined ? `without ${option}` : `with another ${option}`}`,
      `leave ${option} out, or plan again with it`,
    );
  }
  return { ...flags, ...plan.flags, yes: true, promised: true };
}

// Whether a flag is as it was when the plan was made; a limit may also choose some of its hosts.
function isSame(name: keyof PlannedFlags, flags: RunFlags, plan: SavedPlan): boolean {
  if (name === "limit" && plan.flags.limit === undefined) return true;
  return (
    JSON.stringify(plannedFlags({ ...flags }, process.cwd())[name]) ===
    JSON.stringify(plan.flags[name])
  );
}

function digestOf(value: object): string {
  return sha256Hex(JSON.stringify(value));
}

// Reads a saved plan; undefined: the file is no plan (a playbook, most likely).
export function readPlan(file: string): SavedPlan | undefined {
  if (!attempt(() => statSync(file))?.isFile()) return undefined;
  const text = readText(file);
  if (!/^\s*\{\s*"hullwright"/.test(text)) return undefined;
  const hint = "plan again with: hullwright plan PLAYBOOK -o FILE";
  const { whole, ...plan } = parsed(text) ?? {};
  if (plan.hullwright === undefined) throw new UnplacedError(`${file} is not whole`, hint);
  if (plan.hullwright !== "plan" || plan.version !== 3)
    throw new UnplacedError(`${file} was not written by this version of hullwright`, hint);
  if (whole !== digestOf(plan))
    throw new UnplacedError(`${file} has been edited since it was saved`, hint);
  return plan as SavedPlan;
}

// What is in the file of a plan; undefined: it was cut off, or is no JSON for another reason.
function parsed(text: string): (Partial<SavedPlan> & { whole?: string }) | undefined {
  return attempt(() => JSON.parse(text) as Partial<SavedPlan> & { whole?: string });
}

// Paths that somebody gives with a saved plan begin at the current directory, also
// where the plan's is another.
export function flagsFrom(directory: string, flags: RunFlags): RunFlags {
  const absolute = (path: string): string =>
    existsSync(resolve(directory, path)) ? resolve(directory, path) : path;
  const changed: RunFlags = { ...flags };
  if (flags.vaultPasswordFile) changed.vaultPasswordFile = flags.vaultPasswordFile.map(absolute);
  if (flags.vaultId) changed.vaultId = flags.vaultId.map((id) => id.replace(/[^@]*$/, absolute));
  if (flags.vaultPassFile) changed.vaultPassFile = flags.vaultPassFile.map(absolute);
  if (flags.extraVars)
    changed.extraVars = flags.extraVars.map((given) =>
      given.startsWith("@") ? `@${absolute(given.slice(1))}` : given,
    );
  return changed;
}
