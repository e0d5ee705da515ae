import { TaskFailure } from "../../../errors.ts";
import { directives, type DropIn } from "../../../probes/system/drop_ins.ts";
import { contentText, type PathState } from "../../../probes/files/path.ts";
import type { StartedState } from "../../../probes/system/daemon-start.ts";
import {
  describeUnit,
  isRunning,
  UNMASKED,
  unitPaths,
  type UnitFiles,
  type UnitState,
} from "../../../probes/system/unit.ts";
import type { Diff, Step } from "../../contract/module.ts";
import { dropInReasons, staleReasons, type Reason } from "./stale.ts";
import type { PathStates } from "../files/attributes.ts";
import type { SystemdArgs } from "./schema.ts";
import { reloadStep, startStep, stopStep, systemctl } from "./steps.ts";
import { fieldDiff } from "../../contract/diff.ts";

/** The unit, and with `files` what its daemon runs with. */
export type State = {
  unit: UnitState;
  /** Its own files, where they may be. */
  unitFiles: PathStates;
  /**
   * The files that its daemon depends on, and whether an earlier task of the run may replace them.
   */
  files: PathStates;
  renewed: { [path: string]: boolean };
  started?: StartedState;
  disk?: UnitFiles;
  /** The drop-ins that count, as they will be by then. */
  dropIns?: DropIn[];
};

/** What is found to be done, step by step; `unit` is the unit as it will be by then. */
export interface Work {
  name: string;
  args: SystemdArgs;
  before: State;
  unit: UnitState;
  reasons: Reason[];
  steps: Step[];
  diff: Diff[];
  opaque: boolean;
}

// Files that an earlier task of the run may replace, before their content is known.
function renewedFiles({ renewed }: State): Reason[] {
  return Object.keys(renewed)
    .filter((path) => renewed[path])
    .map((path) => ({ path, why: "will be replaced from an archive" }));
}

// Masks or unmasks; what a unit is without its mask shows its files.
export function planMask(work: Work): void {
  const { name, args, unit } = work;
  const isMasked = unit.load === "masked";
  if (args.masked === undefined || args.masked === isMasked) return;
  const force = args.force ? " --force" : "";
  if (args.masked)
    recordStep(
      work,
      systemctl(`mask${force}`, name, "unmask"),
      { load: "masked", fileState: "masked" },
      ["masked", "no", "yes"],
    );
  else recordStep(work, systemctl("unmask", name, "mask"), UNMASKED, ["masked", "yes", "no"]);
}

// A unit that systemd does not know yet exists if one of its files does: on disk, or from an
// earlier task of this run.
export function planPresence(work: Work): void {
  const { name, args, before } = work;
  const text = plannedText(work);
  const unit = text === undefined ? work.unit : installed(work.unit, text);
  work.unit = unit;
  const wanted = args.state !== undefined || args.enabled !== undefined;
  if (unit.load === "masked" && wanted && args.state !== "stopped" && args.enabled !== false) {
    throw new TaskFailure(
      `${name} is masked, so it can be neither started nor enabled`,
      "add masked: false, if it may be unmasked",
    );
  }
  const isThere = unitPaths(name).some((path) => before.unitFiles[path]?.type === "file");
  // a daemon whose file was gone at a reload and is back: systemd does not read it, and starts
  // nothing, before the next one
  if (unit.load === "error" && isThere && (wanted || args.daemon_reload === true))
    work.unit = { ...unit, load: "loaded", needReload: true, type: "" };
  if (unit.load !== "not-found") return;
  if (isThere) {
    work.unit = {
      ...unit,
      load: "loaded",
      fileState: fileStateOf(unit, text),
      type: "",
      needReload: unit === before.unit,
    };
  } else if (wanted) {
    const hint =
      "there is no file for this unit on the host, and no earlier task of this run writes one";
    throw new TaskFailure(`Could not find the requested service ${args.name!}: host`, hint);
  }
}

// The text that an earlier task of the run gives the unit's file, where the
// first of its files is such.
function plannedText({ name, before }: Work): string | undefined {
  const path = unitPaths(name).find((place) => before.unitFiles[place]?.type === "file");
  return path === undefined ? undefined : contentText(before.unitFiles[path]!);
}

// How far a unit is enabled that had no file, or a mask: its links may be there already.
function fileStateOf({ linked }: UnitState, text: string | undefined): string {
  if (linked) return "enabled";
  return text === undefined || INSTALLS.test(text) ? "disabled" : "static";
}

/** What makes a unit one that can be enabled. */
const INSTALLS =
  /^\[Install\]\s*\n(?:(?!\[).*\n)*?(?:Alias|WantedBy|RequiredBy|UpheldBy)[ \t]*=[ \t]*\S/m;

// A unit that is not enabled, with the new text of its file: only one with an
// [Install] section can be enabled.
function installed(unit: UnitState, text: string): UnitState {
  if (unit.fileState !== "static" && unit.fileState !== "disabled") return unit;
  return { ...unit, fileState: INSTALLS.test(text) ? "disabled" : "static" };
}

// Has systemd reload the unit if its files are newer; as a result of `daemon_reload`, that is not a
// change in Ansible's eyes.
export function planReload(work: Work): "quiet" | "shown" | undefined {
  const { args, before, unit } = work;
  const running = isRunning(unit) && args.files !== undefined;
  const stale = running ? dropInReasons(unit, before.started!, before.dropIns ?? []) : [];
  work.reasons = running
    ? [
        ...renewedFiles(before),
        ...staleReasons(unit, before.started!, filesOf(args, before)),
        ...stale,
      ]
    : [];
  const own =
    stale.length > 0 ||
    work.reasons.some(({ path }) => path === unit.fragment || unitPaths(work.name).includes(path));
  const unread =
    (args.daemon_reload === true && isUnread(work)) ||
    (args.files !== undefined && isUnloaded(unit, before.dropIns ?? []));
  const tracked = args.daemon_reload === true || args.files !== undefined || unit.type === "";
  if (!own && !unread && !(unit.needReload && tracked)) return undefined;
  const quiet = args.files === undefined;
  const dropIns =
    before.dropIns?.map(({ path }) => path).sort() ?? before.disk?.dropIns ?? unit.dropIns;
  recordStep(work, reloadStep(), { needReload: false, dropIns }, [
    "daemon-reload",
    null,
    "systemd reloads the unit",
  ]);
  return quiet ? "quiet" : "shown";
}

// Files of the unit that systemd has not read: changed by an earlier task, or drop-ins in a
// directory that it has not seen yet.
function isUnread({ name, args, before, unit }: Work): boolean {
  const restarts = args.state === "restarted" || args.state === "reloaded";
  const disk = before.disk ?? { digests: {}, dropIns: [] };
  const changed = unitPaths(name).some(
    (path) => before.unitFiles[path]?.sha256 !== disk.digests[path],
  );
  const known = unit.dropIns.filter((file) =>
    unitPaths(name).some((path) => file.startsWith(`${path}.d/`)),
  );
  return restarts || changed || known.join("\n") !== disk.dropIns.join("\n");
}

// Drop-ins that systemd has not loaded with the unit, or that are gone.
function isUnloaded({ type, dropIns }: UnitState, onDisk: readonly DropIn[]): boolean {
  return (
    type !== "" &&
    onDisk
      .map(({ path }) => path)
      .sort()
      .join("\n") !== dropIns.join("\n")
  );
}

/**
 * States of unit files that count as enabled; a static or indirect unit cannot
 * be enabled any further.
 */
const ENABLED = /^(enabled|enabled-runtime|static|indirect|alias|generated|transient)$/;

export function planEnabled(work: Work): void {
  const { name, args, unit } = work;
  if (args.enabled === true && !ENABLED.test(unit.fileState)) {
    const force = args.force ? " --force" : "";
    recordStep(
      work,
      systemctl(`enable${force}`, name, "disable"),
      { fileState: "enabled", needReload: false },
      ["enabled", "no", "yes"],
    );
  }
  if (args.enabled === false && /^enabled(-runtime)?$/.test(unit.fileState)) {
    const runtime = unit.fileState === "enabled-runtime" ? " --runtime" : "";
    recordStep(
      work,
      systemctl(`disable${runtime}`, name, `enable${runtime}`),
      { fileState: "disabled", needReload: false },
      ["enabled", "yes", "no"],
    );
  }
}

// Starts, stops, restarts.
export function planState(work: Work): void {
  const { name, args, unit, reasons } = work;
  const noBlock = args.no_block ?? false;
  const keepProcesses = args.keep_processes ?? false;
  const up = {
    active: "active",
    sub: "running",
    needReload: false,
    invocation: null,
    mainPid: 0,
    startedAt: 0,
    restarts: 0,
    result: "success",
  };
  const start = (
    verb: "start" | "restart" | "reload",
    after: Partial<UnitState>,
    shown: Shown,
  ): void => {
    if (verb === "restart" && isRunning(unit)) refuseToKill(work);
    work.opaque = true;
    recordStep(
      work,
      startStep(name, { verb, files: args.files ?? [], noBlock, keepProcesses }),
      after,
      shown,
    );
  };
  if (args.state === "stopped") {
    if (!isRunning(unit) && unit.active !== "deactivating") return;
    refuseToKill(work);
    recordStep(
      work,
      stopStep(name, { noBlock, keepProcesses }),
      { active: "inactive", sub: "dead", mainPid: 0 },
      ["state", unit.active, "inactive"],
    );
  } else if (args.state !== undefined && !isRunning(unit))
    start("start", up, ["state", describeUnit(unit), "active"]);
  else if (args.state === "reloaded") start("reload", {}, ["state", unit.active, "reloaded"]);
  else if (args.state === "restarted") start("restart", up, ["state", unit.active, "restarted"]);
  else if (reasons.length > 0) {
    const listed = reasons.map(({ path, why }) => `${path} (${why})`).join("; ");
    start("restart", up, [
      "restart",
      `runs with older files: ${listed}`,
      "runs with what is on disk",
    ]);
  }
}

/** How systemd may stop a unit so that what it has started lives on. */
const SPARING = ["process", "none"];

// A stop that would kill what must live on is not planned. Where a unit's own file is
// new, the step itself looks.
function refuseToKill({ name, args, before, unit, reasons }: Work): void {
  if (!args.keep_processes) return;
  const said = directives(before.dropIns ?? [], "KillMode").at(-1);
  const isRead = !unit.needReload && !reasons.some(({ path }) => unitPaths(name).includes(path));
  const mode = said?.value ?? (isRead ? unit.killMode : "process");
  if (SPARING.includes(mode)) return;
  const where = said ? `${said.path} sets KillMode=${mode}` : `its KillMode is ${mode}`;
  throw new TaskFailure(
    `${name} must be stopped or restarted, which would kill everything that it has started: ${where}`,
    "set KillMode=process there, or allow it: containerd_allow: [kill_mode], or keep_processes: false in a task of your own",
  );
}

type Shown = [title: string, before: string | null, after: string];

// Records one step: the script, what it makes of the unit, how it is shown.
function recordStep(
  work: Work,
  step: Step,
  after: Partial<UnitState>,
  [title, from, to]: Shown,
): void {
  work.steps.push(step);
  work.unit = { ...work.unit, ...after };
  work.diff.push(fieldDiff(title, from, to));
}

// The files that the daemon depends on, with their states.
export function filesOf({ files = [] }: SystemdArgs, before: State): Map<string, PathState> {
  return new Map(files.map((path) => [path, before.files[path] ?? null]));
}
