import {
  askReadiness,
  noteOf,
  readinessFunctions,
  readinessOf,
  type Readiness,
  type ReadinessArg,
} from "../../probes/containerd/readiness.ts";
import { UPTIME } from "../../script/clock.ts";
import { lines, sh, type Script } from "../../script/sh.ts";
import { checkContainer } from "../shared/containerd/check_container.ts";
import { refuseRelative } from "../shared/containerd/paths.ts";
import type { Module, Step } from "../contract/module.ts";
import type { ArgsOf, Schema } from "../contract/schema.ts";
import { fieldDiff } from "../contract/diff.ts";

interface State {
  ready: Readiness;
}

const schema = {
  collection: "hullwright.containerd",
  description:
    "Waits until containerd answers, its plugins work, and runc, the shim and, if wanted, a container can be run. A good result remains valid until the daemon is restarted or one of these programs changes.",
  example: `name: Wait until containerd answers
containerd_ready: {timeout: 30}`,
  returns: ["ready: whether it answers", "version: the version that answers"],
  arguments: {
    address: {
      type: "path",
      default: "/run/containerd/containerd.sock",
      description: "containerd's socket.",
    },
    unit: { type: "str", default: "containerd", description: "Its unit." },
    snapshotter: {
      type: "str",
      default: "overlayfs",
      description: "The snapshotter that must work.",
    },
    requires: {
      type: "list",
      elements: "str",
      description:
        "Plugins that must be ok, as TYPE/ID without the leading io.containerd: snapshotter, metadata, runtime and CRI unless given.",
    },
    timeout: { type: "int", default: 30, description: "How long it may take, in seconds." },
    ctr: { type: "path", default: "/usr/local/bin/ctr", description: "The program to ask with." },
    runc: {
      type: "path",
      description: "The runc that the daemon must find first; not checked by default.",
    },
    opt_path: {
      type: "path",
      default: "/opt/containerd",
      description: "The directory whose bin containerd searches before PATH.",
    },
    shim: {
      type: "path",
      default: "/usr/local/bin/containerd-shim-runc-v2",
      description: "The shim that starts containers.",
    },
    run_container: {
      type: "bool",
      default: false,
      description:
        "Whether a container must run, too. Its image, of a few kilobytes, is made on the host, and both are removed again. On processors other than amd64 and arm64 none is run.",
    },
    root: {
      type: "path",
      default: "/var/lib/containerd",
      description: "Where containerd keeps its data.",
    },
  },
} as const satisfies Schema;

type ReadyArgs = ArgsOf<typeof schema>;

/**
 * Whether containerd really works: the unit, the socket, an answer, every plugin that is needed,
 * and the programs that start containers.
 */
export const containerd_ready: Module<ReadyArgs, { ready: Readiness }> = {
  name: "containerd_ready",
  readOnly: true,
  schema,
  observe(args) {
    refuseRelative(args, ["address", "ctr", "runc", "opt_path", "shim", "root"]);
    return { ready: askReadiness(questionOf(args)) };
  },
  plan(args, { ready }) {
    if (ready.state === "noted") return null;
    const after: State = { ready: { state: "noted", invocation: ready.invocation } };
    const change = { after, steps: [waitStep(args)] };
    // a daemon that was started just now may take its time; any other is reported
    if (ready.state !== "not ready") return { ...change, diff: [], silent: true };
    return {
      ...change,
      diff: [fieldDiff("containerd", `not ready: ${ready.why ?? "reason unknown"}`, "ready")],
    };
  },
  result: (args, { ready }, outputs) => ({
    ready: outputs !== undefined || ready.state !== "not ready",
    requires: requirements(args),
    ...serverVersion(outputs?.[0]?.stdout),
  }),
};

// What the host is asked.
function questionOf(args: ReadyArgs): ReadinessArg {
  const unit = args.unit.includes(".") ? args.unit : `${args.unit}.service`;
  const { address, ctr, opt_path, shim } = args;
  return {
    unit,
    address,
    ctr,
    opt_path,
    shim,
    requires: requirements(args),
    runc: args.runc ?? null,
    container: args.run_container,
    note: `ready-${unit.replace(/[^A-Za-z0-9._-]/g, "_")}`,
  };
}

// The plugins that must be ok.
function requirements({ requires, snapshotter }: ReadyArgs): string[] {
  return (
    requires ?? [
      `snapshotter.v1/${snapshotter}`,
      "metadata.v1/bolt",
      "runtime.v2/task",
      "grpc.v1/cri",
    ]
  );
}

// The server's version, from what `ctr version` says.
function serverVersion(text: string | undefined): { version?: string } {
  const version = /Server:\s+Version:\s+v?(\S+)/.exec(text ?? "")?.[1];
  return version === undefined ? {} : { version };
}

// Waits. If an undo restarts the daemon, it is waited for once more; if it stops it, it is not.
function waitStep(args: ReadyArgs): Step {
  const run = waitScript(args);
  const { unit } = questionOf(args);
  const undo = lines([
    sh`[ "$(systemctl show -pActiveState --value -- ${unit})" != inactive ] || exit 0`,
    run,
  ]);
  return { run, undo, late: true };
}

// Looks until it is ready or the time is over, runs a container if it is wanted, and notes which
// start of the daemon was found good, with which programs.
function waitScript(args: ReadyArgs): Script {
  const question = questionOf(args);
  return lines([
    readinessFunctions(),
    sh`${readinessOf(question)}
hw_end=$((${UPTIME} + ${args.timeout}))
until hw_ready; do
  [ -z "$hw_broken" ] && [ "$hw_a" != failed ] && [ "${UPTIME}" -lt "$hw_end" ] && { sleep 0.2; continue; }
  hw_fail ${`${question.unit} is not ready:`} "$hw_why"
  [ -z "$hw_broken" ] || exit 1
  journalctl --sync 2>/dev/null
  hw_l=$(journalctl -u ${question.unit} -n 400 -o cat --no-pager 2>/dev/null | grep -E 'level=(error|fatal)|level=warning.*failed to load|^containerd: ' | grep -v 'cni config load failed' | tail -n 6)
  [ -z "$hw_l" ] || hw_fail "the journal's last words about it:
$hw_l"
  exit 1
done
printf '%s\n' "$hw_version"
${readinessOf(question)}
${args.run_container ? runScript(args, question) : sh``}
hw_note_version
[ -z "$hw_inv" ] || hw_record ${question.note} ${noteOf(question)}`,
  ]);
}

// Runs a container. Where none runs, that is noted, so that the next plan says so.
function runScript(args: ReadyArgs, { unit, note, ...question }: ReadinessArg): Script {
  return sh`${checkContainer(args)}
hw_runs || {
  hw_fail ${`${unit} is not ready:`} "$hw_why"
  [ -z "$hw_inv" ] || hw_record ${note} "broken "${noteOf({ unit, note, ...question })}"
$hw_why"
  exit 1
}`;
}
