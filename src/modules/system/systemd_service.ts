import { TaskFailure } from "../../errors.ts";
import { askDropIns } from "../../probes/system/drop_ins.ts";
import { statPath, type PathState } from "../../probes/files/path.ts";
import { ask, type Probes } from "../../probes/probe.ts";
import { askRenewed } from "../../probes/files/may-be-replaced.ts";
import { askStarted } from "../../probes/system/daemon-start.ts";
import {
  askUnit,
  maskPath,
  unitFiles,
  unitName,
  unitPaths,
  type UnitState,
} from "../../probes/system/unit.ts";
import { sh } from "../../script/sh.ts";
import type { Change, Module } from "../contract/module.ts";
import { systemdSchema } from "../shared/systemd/schema.ts";
import { digestOf } from "../shared/systemd/stale.ts";
import { reloadStep } from "../shared/systemd/steps.ts";
import {
  filesOf,
  planEnabled,
  planMask,
  planPresence,
  planReload,
  planState,
  type State,
  type Work,
} from "../shared/systemd/work.ts";
import { defined } from "../../defined.ts";
import type { SystemdArgs } from "../shared/systemd/schema.ts";
import { fromKeys } from "../../records.ts";

/**
 * Starts, stops, enables and masks units; with `files`, restarts a daemon that
 * runs with older ones.
 */
export const systemdService: Module<SystemdArgs, State> = {
  name: "systemd_service",
  schema: systemdSchema,
  observe,
  plan,
  result: (args, { unit }) =>
    args.name === undefined
      ? {}
      : {
          name: args.name,
          ...defined({ state: args.state ? args.state : undefined, enabled: args.enabled }),
          status: unit ? status(unit) : {},
        },
};

// Asks about the unit, its own files, and the files that its daemon depends on.
function observe(args: SystemdArgs): Probes<State> {
  checkArguments(args);
  if (args.name === undefined) return {} as Probes<State>;
  const name = unitName(args.name);
  const files = args.files ?? [];
  const digests =
    args.daemon_reload === true && !files.some((path) => unitPaths(name).includes(path));
  const asked = { follow: true, ...defined({ digest: digests ? true : undefined }) };
  return {
    unit: askUnit(name),
    ...defined({
      started: files.length > 0 ? askStarted(name, files) : undefined,
      dropIns: files.length > 0 || args.keep_processes ? askDropIns(name) : undefined,
      disk: args.daemon_reload ? ask(unitFiles, { name, digests }) : undefined,
    }),
    unitFiles: byPath(unitPaths(name), (path) => statPath(path, asked)),
    files: byPath(files, (path) => statPath(path, { follow: true, indexed: true })),
    renewed: byPath(files, askRenewed),
  };
}

function byPath<T>(paths: readonly string[], value: (path: string) => T): { [path: string]: T } {
  return fromKeys(paths, (path) => value(path));
}

// Refuses what makes no sense, before any host is asked.
function checkArguments({ name, state, enabled, masked, daemon_reexec, files }: SystemdArgs): void {
  if (name === undefined && (state ?? enabled ?? masked ?? files) !== undefined) {
    throw new TaskFailure("state, enabled, masked and files need a unit", "add name: UNIT");
  }
  if (name !== undefined && !/^[A-Za-z0-9:_.@\\-]+$/.test(name)) {
    throw new TaskFailure(
      `"${name}" is not the name of a unit`,
      "name one unit; patterns are not supported",
    );
  }
  if (name !== undefined && daemon_reexec)
    throw new TaskFailure(
      "daemon_reexec concerns no unit",
      "use a separate task for it, without name",
    );
  if (files && state !== "started" && state !== "restarted") {
    throw new TaskFailure("files says when a daemon must be restarted, so it needs state: started");
  }
  const wrong = files?.find((path) => !path.startsWith("/") || /[\n\\]/.test(path));
  if (wrong !== undefined)
    throw new TaskFailure(`files: "${wrong}" is not an absolute path on the host`);
}

function plan(args: SystemdArgs, before: State): Change<State> | null {
  if (args.name === undefined) return rereadAll(args, before);
  const { unit } = before;
  if (unit.problem !== undefined)
    throw new TaskFailure("systemd is not running on the host", unit.problem);
  const work: Work = {
    name: unitName(args.name),
    args,
    before,
    unit,
    reasons: [],
    steps: [],
    diff: [],
    opaque: false,
  };
  planMask(work);
  planPresence(work);
  const reread = planReload(work);
  planEnabled(work);
  planState(work);
  if (work.steps.length === 0) return null;
  const { steps, diff, opaque } = work;
  const silent = reread === "quiet" && steps.length === 1;
  return {
    after: afterwards(work),
    steps,
    diff,
    ...defined({
      opaque: opaque ? ("start" as const) : undefined,
      silent: silent ? silent : undefined,
    }),
  };
}

// Without a unit there is nothing to compare with: Ansible does it each time
// and calls it unchanged.
function rereadAll(
  { daemon_reload, daemon_reexec }: SystemdArgs,
  before: State,
): Change<State> | null {
  const steps = [
    ...(daemon_reexec ? [{ run: sh`systemctl daemon-reexec` }] : []),
    ...(daemon_reload ? [reloadStep()] : []),
  ];
  return steps.length === 0 ? null : { after: before, steps, diff: [], silent: true };
}

// The state once everything is done. A start of ours records the state of the files.
function afterwards({ name, args, before, unit, opaque }: Work): State {
  const fresh = opaque && args.files && unit.invocation === null;
  const files = Object.fromEntries(
    [...filesOf(args, before)].map(([path, state]) => [path, digestOf(state)]),
  );
  const dropIns = Object.fromEntries(
    (before.dropIns ?? []).map(({ path, sha256 }) => [path, sha256]),
  );
  const mask = maskPath(name);
  const masks = (before.unit.load === "masked") !== (unit.load === "masked");
  const masked: PathState = args.masked ? { type: "char" } : null;
  const digests = Object.entries(before.unitFiles).flatMap(([path, state]) =>
    state?.sha256 === undefined ? [] : [[path, state.sha256]],
  );
  return {
    ...before,
    unit,
    unitFiles: masks ? { ...before.unitFiles, [mask]: masked } : before.unitFiles,
    renewed: byPath(args.files ?? [], () => false),
    ...defined({
      started: fresh
        ? { record: { invocation: null, files, copies: {}, dropIns }, evidence: null, current: {} }
        : undefined,
    }),
    ...defined({
      disk: before.disk ? { ...before.disk, digests: Object.fromEntries(digests) } : undefined,
    }),
  };
}

// The unit's properties by systemd's own names. Which process a start brings is not
// known when it is planned.
function status(unit: UnitState): { [name: string]: string } {
  const isNew = unit.active === "active" && unit.invocation === null;
  const running = { MainPID: String(unit.mainPid), InvocationID: unit.invocation ?? "" };
  return {
    LoadState: unit.load,
    ActiveState: unit.active,
    SubState: unit.sub,
    UnitFileState: unit.fileState,
    FragmentPath: unit.fragment,
    NeedDaemonReload: unit.needReload ? "yes" : "no",
    ...(!isNew && running),
    NRestarts: String(unit.restarts),
    Result: unit.result,
    Type: unit.type,
    KillMode: unit.killMode,
    Delegate: unit.delegate ? "yes" : "no",
  };
}
