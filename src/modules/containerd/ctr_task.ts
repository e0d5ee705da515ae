import { askContainer, type ContainerState } from "../../probes/containerd/container.ts";
import {
  CTR_ARGUMENTS,
  refuseName,
  refuseSilent,
  refuseUnlikely,
} from "../shared/containerd/ctr.ts";
import { refuseRelative } from "../shared/containerd/paths.ts";
import {
  planTask,
  refuseHandling,
  refuseMissing,
  shownTask,
  TASK_ARGUMENTS,
  type TaskGoal,
} from "../shared/containerd/task.ts";
import type { Module } from "../contract/module.ts";
import type { ArgsOf, Schema } from "../contract/schema.ts";
import { fieldDiff } from "../contract/diff.ts";

const GOALS: { readonly [state: string]: TaskGoal } = { started: "running", resumed: "running" };

const schema = {
  collection: "hullwright.containerd",
  description: "Starts, pauses, stops or removes the task of a container, which is its process.",
  example: `name: Hold the container
ctr_task: {name: web, state: paused}`,
  returns: ["name, namespace: as given", "status: running, paused, stopped or null"],
  arguments: {
    name: { type: "str", required: true, description: "The container." },
    state: {
      type: "str",
      default: "started",
      choices: ["started", "running", "resumed", "paused", "stopped", "absent"],
      description:
        "started, running and resumed are the same: it runs, whether it has to be started or resumed for that. absent removes what is left of a stopped one, too.",
    },
    ...TASK_ARGUMENTS,
    ...CTR_ARGUMENTS,
  },
} as const satisfies Schema;

type TaskArgs = ArgsOf<typeof schema>;

/** The process of a container. */
export const ctr_task: Module<TaskArgs, { container: ContainerState }> = {
  name: "ctr_task",
  schema,
  observe(args) {
    refuseUnlikely(args);
    refuseName("name", args.name);
    refuseHandling(args);
    refuseRelative(args, ["log"]);
    return { container: askContainer(args) };
  },
  plan(args, { container }) {
    const goal = GOALS[args.state] ?? (args.state as TaskGoal);
    refuseSilent(container, args, `nobody knows what the task ${args.name} does`);
    if (goal === "running" || goal === "paused")
      refuseMissing(container, args.name, args.namespace);
    const planned = planTask(args, args, goal, container!.task);
    if (!planned) return null;
    return {
      after: { container: { ...container!, task: planned.task } },
      steps: [{ run: planned.run }],
      diff: [fieldDiff("task", shownTask(container!.task), shownTask(planned.task))],
    };
  },
  result: ({ name, namespace }, { container }) => ({
    name,
    namespace,
    status: shownTask(container?.task ?? null),
  }),
};
