import type { DropIn } from "../../../probes/system/drop_ins.ts";
import { contentText, type PathState } from "../../../probes/files/path.ts";
import type { Digest, StartedState } from "../../../probes/system/daemon-start.ts";
import type { UnitState } from "../../../probes/system/unit.ts";
import { hideSecretValue } from "../../../secrets.ts";
import { differences, type TomlDifference } from "../../../toml/compare.ts";
import { parseToml, TomlError } from "../../../toml/parse.ts";
import { sha256Hex } from "../../../sha256.ts";
import { insteadOf } from "../../../instead-of.ts";

/** Why a daemon does not run with what is on disk, or with what will be there. */
export interface Reason {
  path: string;
  why: string;
}

/**
 * How much later than the process a file must be written to count as newer, in
 * seconds: clocks are that coarse.
 */
const SLACK = 0.01;

// The digest as the record has it: "-" for no file, null for content that is not known yet.
export function digestOf(state: PathState): Digest {
  if (state === null) return "-";
  return state.sha256 === undefined ? "-" : state.sha256;
}

// What of a daemon's files is older in its memory than on disk. Our own record is exact; where
// it is silent, ages decide.
export function staleReasons(
  unit: UnitState,
  started: StartedState,
  files: ReadonlyMap<string, PathState>,
): Reason[] {
  const own = started.record?.invocation === unit.invocation ? started.record : null;
  const reasons: Reason[] = [];
  let unsure = false;
  for (const [path, state] of files) {
    const recorded = own && Object.hasOwn(own.files, path) ? own.files[path]! : undefined;
    if (recorded === undefined) unsure = true;
    const why =
      recorded === undefined
        ? whyByAge(unit, started, path, state, own !== null)
        : whyByRecord(started, path, recorded, state);
    if (why !== undefined) reasons.push({ path, why });
  }
  reasons.push(...goneReasons(unit, started, own !== null));
  if (unsure && !own && unit.needReload)
    reasons.push({ path: unit.fragment, why: "changed since systemd loaded it" });
  return reasons;
}

// Files that the daemon has read, and that are gone: imported ones, which nobody names any
// more. After a start of others our note is of an earlier start, and only counts where the
// directory has changed since.
function goneReasons(unit: UnitState, started: StartedState, isOwn: boolean): Reason[] {
  const start = startOf(unit, started);
  return Object.entries(started.gone ?? {}).flatMap(([path, changed]) => {
    if (changed === null) return [{ path, why: "will be removed" }];
    const isLater = start !== undefined && changed > start + SLACK;
    return isOwn || isLater ? [{ path, why: "removed" }] : [];
  });
}

// Which drop-ins were added, changed or removed since the daemon was started. Without a record of
// ours, what systemd has loaded and ages decide.
export function dropInReasons(
  unit: UnitState,
  started: StartedState,
  dropIns: readonly DropIn[],
): Reason[] {
  const noted =
    started.record?.invocation === unit.invocation ? started.record?.dropIns : undefined;
  const why = (one: DropIn): string | undefined =>
    noted ? whyByNote(noted[one.path], one.sha256) : whyByLoaded(unit, started, one);
  const known = dropIns.map(({ path }) => path);
  const gone = (noted ? Object.keys(noted) : unit.dropIns).filter((path) => !known.includes(path));
  return [
    ...dropIns.flatMap((one) => reasonOf(one.path, why(one))),
    ...gone.flatMap((path) => reasonOf(path, "removed")),
  ];
}

function reasonOf(path: string, why: string | undefined): Reason[] {
  return why === undefined ? [] : [{ path, why }];
}

function whyByNote(noted: Digest | undefined, now: Digest): string | undefined {
  if (noted === undefined) return "new";
  return noted === now ? undefined : "changed";
}

function whyByLoaded(
  unit: UnitState,
  started: StartedState,
  { path, modified }: DropIn,
): string | undefined {
  if (!unit.dropIns.includes(path)) return "new";
  if (modified === undefined) return "will be replaced";
  const start = startOf(unit, started);
  return start !== undefined && modified > start + SLACK
    ? "written after it was started"
    : undefined;
}

// When the daemon was started, in seconds since 1970; undefined if that is not known.
function startOf({ startedAt }: UnitState, { evidence }: StartedState): number | undefined {
  return evidence && startedAt > 0 ? evidence.now - (evidence.uptime - startedAt / 1e6) : undefined;
}

// Compares with what our start noted; a TOML file counts by its keys, so that
// comments restart nothing.
function whyByRecord(
  { record, current }: StartedState,
  path: string,
  recorded: Digest,
  state: PathState,
): string | undefined {
  const digest = digestOf(state);
  if (digest === recorded) return undefined;
  if (digest === "-") return "removed";
  if (recorded === "-") return "new";
  const texts = [
    verified(record?.copies[path], recorded),
    contentText(state) ?? verified(current[path], digest),
  ] as const;
  const keys = path.endsWith(".toml") ? keysBetween(...texts) : undefined;
  if (keys === undefined) return "replaced";
  return keys.length === 0 ? undefined : keys.map(keyThatDiffers).join(", ");
}

// A key with its values before and after; of a secret only that it differs.
function keyThatDiffers({ key, ...sides }: TomlDifference): string {
  const { before, after } = hideSecretValue(key, sides);
  return `${key}: ${before ?? "absent"} -> ${after ?? "absent"}`;
}

// Text that really has this digest; what was cut short, or belongs to another
// state of the file, has not.
function verified(base64: string | undefined, digest: Digest): string | undefined {
  const bytes = base64 === undefined ? undefined : Buffer.from(base64, "base64");
  return bytes && sha256Hex(bytes) === digest ? bytes.toString("utf8") : undefined;
}

// The keys that differ; undefined if that cannot be determined.
function keysBetween(
  before: string | undefined,
  after: string | undefined,
): TomlDifference[] | undefined {
  if (before === undefined || after === undefined) return undefined;
  return insteadOf([TomlError], undefined, () => differences(parseToml(before), parseToml(after)));
}

// A file that our note does not have: one that a task of this run replaces, a process whose program
// is gone, or a younger file. Where the start was ours, one that was only renamed to its path
// since, or came with its old time, is new as well.
function whyByAge(
  unit: UnitState,
  started: StartedState,
  path: string,
  state: PathState,
  isOwn: boolean,
): string | undefined {
  const { evidence } = started;
  if (!evidence) return undefined;
  if (digestOf(state) !== (evidence.digests[path] ?? "-")) return "will be replaced";
  if (evidence.replaced && unit.exec === path) return "replaced while it runs";
  const start = startOf(unit, started);
  const isLater = (time: number | undefined): boolean =>
    start !== undefined && time !== undefined && time > start + SLACK;
  if (isLater(evidence.modified[path])) return "written after it was started";
  return isOwn && isLater(evidence.changed?.[path]) ? "new" : undefined;
}
