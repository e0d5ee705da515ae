import { UPTIME } from "../../../script/clock.ts";
import STATUS from "./task_status.sh?raw";
import { TaskFailure } from "../../../errors.ts";
import type { ContainerState } from "../../../probes/containerd/container.ts";
import { ctrCall, type CtrArg } from "../../../probes/containerd/ctr.ts";
import { lines, sh, type Script } from "../../../script/sh.ts";
import { must } from "./ctr.ts";

/** What a container's task shall be. */
export type TaskGoal = "running" | "paused" | "stopped" | "absent";

/** How a task is started and ended. */
export interface TaskHandling {
  name: string;
  signal: string;
  grace: number;
  log?: string;
}

// The parameters for it.
export const TASK_ARGUMENTS = {
  signal: {
    type: "str",
    default: "SIGTERM",
    description: "The signal that asks the task to end.",
  },
  grace: {
    type: "int",
    default: 10,
    description: "How long it may take for that, in seconds, before it is killed.",
  },
  log: {
    type: "path",
    description:
      "The file on the host that gets what the task prints. By default the output is discarded.",
  },
} as const;

const SIGNAL = /^(SIG)?[A-Z][A-Z0-9+-]*$|^\d+$/;

// Refuses what cannot be meant.
export function refuseHandling({ signal, grace }: TaskHandling): void {
  if (!SIGNAL.test(signal))
    throw new TaskFailure(`"${signal}" is not a signal`, "write it as SIGTERM, or as its number");
  if (grace < 0) throw new TaskFailure("grace is a number of seconds, 0 or more");
}

// Plans a task; undefined: it is already as wanted. `task` is its status in ctr's words.
export function planTask(
  arg: CtrArg,
  handling: TaskHandling,
  goal: TaskGoal,
  task: string | null,
): { task: string | null; run: Script } | undefined {
  const now = statusOf(task);
  const wanted = { running: "RUNNING", paused: "PAUSED", stopped: "STOPPED", absent: null }[goal];
  if (task === wanted || (goal === "stopped" && now === "none")) return undefined;
  return { task: wanted, run: lines([{ sh: STATUS }, ...steps(arg, handling, goal, now)]) };
}

type Now = "none" | "running" | "paused" | "ended";

// PAUSING becomes PAUSED; CREATED is a task that was never started.
function statusOf(task: string | null): Now {
  if (task === null) return "none";
  if (task === "RUNNING") return "running";
  return task === "PAUSED" || task === "PAUSING" ? "paused" : "ended";
}

function steps(arg: CtrArg, handling: TaskHandling, goal: TaskGoal, now: Now): Script[] {
  const { name } = handling;
  const remove = must(arg, `the task ${name} cannot be removed`, "tasks", "rm", "-f", name);
  if (goal === "stopped") return [stop(arg, handling, now)];
  if (goal === "absent") return now === "ended" ? [remove] : [stop(arg, handling, now), remove];
  const begin = {
    none: [start(arg, handling)],
    ended: [remove, start(arg, handling)],
    paused: [must(arg, `${name} cannot be resumed`, "tasks", "resume", name)],
    running: [],
  }[now];
  const pause = must(arg, `${name} cannot be paused`, "tasks", "pause", name);
  return goal === "paused" ? [...(now === "paused" ? [] : begin), pause] : begin;
}

// Starts it, and sees that it did not end at once.
function start(arg: CtrArg, { name, log }: TaskHandling): Script {
  const output = log === undefined ? ["--null-io"] : ["--log-uri", `file://${log}`];
  return sh`${must(arg, `the task ${name} cannot be started`, "tasks", "start", "-d", output, name)}
hw_status ${name} ${ctrCall(arg, "tasks", "ls")}
[ "$hw_s" = RUNNING ] || { hw_fail ${`the task ${name} ended at once`} ${log === undefined ? "(what it printed is kept if log names a file)" : `(what it printed is in ${log})`}; exit 1; }`;
}

// Asks it to end, and kills it when the time is over: all of its cgroup, and its first process,
// which may have been moved out of that. A paused one only notices once it is resumed.
function stop(arg: CtrArg, { name, signal, grace }: TaskHandling, now: Now): Script {
  const kill = (...more: string[]): Script =>
    sh`${ctrCall(arg, "tasks", "kill", ...more, "-s", "SIGKILL", name)} >/dev/null 2>&1`;
  const resume =
    now === "paused" ? sh`${ctrCall(arg, "tasks", "resume", name)} >/dev/null 2>&1` : sh`:`;
  return sh`${must(arg, `${name} takes no ${signal}`, "tasks", "kill", "-s", signal, name)}
${resume}
hw_end=$((${UPTIME} + ${grace})); hw_hard=
while hw_status ${name} ${ctrCall(arg, "tasks", "ls")}; [ -n "$hw_s" ] && [ "$hw_s" != STOPPED ]; do
  if [ "${UPTIME}" -ge "$hw_end" ]; then
    [ -z "$hw_hard" ] || { hw_fail ${`the task ${name} does not end, though it was killed`}; exit 1; }
    hw_hard=1; hw_end=$((hw_end + 10)); ${kill("-a")}; ${kill()}
  fi
  sleep 0.1
done`;
}

// How a task is shown to people.
export function shownTask(task: string | null): string | null {
  return task === null ? null : task.toLowerCase();
}

// A container that must be there.
export function refuseMissing(state: ContainerState, name: string, namespace: string): void {
  if (state !== null && state.container === null)
    throw new TaskFailure(
      `there is no container ${name} in the namespace ${namespace}`,
      'make it first, with "ctr_container"',
    );
}
