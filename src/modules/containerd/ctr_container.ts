import { TaskFailure } from "../../errors.ts";
import {
  askContainer,
  type ContainerFacts,
  type ContainerState,
} from "../../probes/containerd/container.ts";
import { askImage, type ImageState } from "../../probes/containerd/image.ts";
import { ctrCall } from "../../probes/containerd/ctr.ts";
import { lines, sh, type Script } from "../../script/sh.ts";
import {
  labelPairs,
  must,
  pairs,
  refuseName,
  refuseSilent,
  refuseUnlikely,
  labelWords,
} from "../shared/containerd/ctr.ts";
import { labelDiff, refuseImageName } from "../shared/containerd/images/image_names.ts";
import { refuseRelative } from "../shared/containerd/paths.ts";
import { planTask, refuseHandling, shownTask } from "../shared/containerd/task.ts";
import type { Change, Diff, Module } from "../contract/module.ts";
import { creation, differences, made, mountsOf } from "./ctr_container/description.ts";
import { schema, type ContainerArgs } from "./ctr_container/schema.ts";
import { fieldDiff } from "../contract/diff.ts";

interface State {
  container: ContainerState;
  image?: ImageState;
}

/** A container of containerd: what it is made of, and, if that is said, what its task does. */
export const ctr_container: Module<ContainerArgs, State> = {
  name: "ctr_container",
  schema,
  observe(args) {
    refuseUnlikely(args);
    refuseName("name", args.name);
    refuseHandling(args);
    refuseRelative(args, ["log"]);
    if (args.image !== undefined) refuseImageName("image", args.image);
    if (args.cwd !== undefined && !args.cwd.startsWith("/"))
      throw new TaskFailure(`cwd must be an absolute path in the container, not "${args.cwd}"`);
    mountsOf(args);
    labelPairs(args.labels);
    pairs("env", args.env);
    const asked = { container: askContainer(args) };
    if (args.state === "absent") return asked;
    return { ...asked, image: askImage({ ...args, name: args.image! }) };
  },
  plan(args, { container, image }) {
    refuseSilent(container, args, `nobody knows what the container ${args.name} is`);
    const change =
      args.state === "absent" ? planAbsent(args, container!) : planPresent(args, container!, image);
    if (!change || image === undefined) return change;
    return { ...change, after: { ...change.after, image } };
  },
  result: ({ name, namespace, state }, { container }) => ({
    name,
    namespace,
    state,
    image: container?.container?.image ?? null,
    status: shownTask(container?.task ?? null),
  }),
};

function planPresent(
  args: ContainerArgs,
  before: NonNullable<ContainerState>,
  image: ImageState | undefined,
): Change<State> | null {
  const found = before.container;
  const other = found ? differences(args, found) : [];
  if (other.length > 0 && !args.recreate)
    throw new TaskFailure(
      `the container ${args.name} was made otherwise: ${other.join(", ")}`,
      "set recreate: true to create it again; this ends its task and loses what was written in it",
    );
  const isNew = found === null || other.length > 0;
  if (isNew && image?.there === false)
    throw new TaskFailure(
      `there is no image ${args.image!} in the namespace ${args.namespace}`,
      'bring it first, with "ctr_image"',
    );
  const kept = isNew ? {} : found.labels;
  const missing = labelPairs(args.labels).filter(([name, value]) => kept[name] !== value);
  const task = isNew ? null : before.task;
  const goal = args.task ?? (isNew && before.task === "RUNNING" ? "running" : undefined);
  const tasked = goal && planTask(args, args, goal, task);
  if (!isNew && missing.length === 0 && !tasked) return null;
  const making = isNew ? [...(found ? [removal(args, before.task)] : []), creation(args)] : [];
  const labelling = must(
    args,
    `${args.name} cannot be labelled`,
    "containers",
    "label",
    args.name,
    labelWords(missing),
  );
  const after: ContainerFacts = isNew
    ? made(args)
    : { ...found, labels: { ...kept, ...Object.fromEntries(missing) } };
  const undo =
    found === null
      ? {
          undo: sh`${ctrCall(args, "tasks", "rm", "-f", args.name)} >/dev/null 2>&1; ${ctrCall(args, "containers", "rm", args.name)}`,
        }
      : {};
  return {
    after: { container: { container: after, task: tasked ? tasked.task : task } },
    steps: [
      {
        run: lines([
          ...making,
          ...(isNew || missing.length === 0 ? [] : [labelling]),
          ...(tasked ? [tasked.run] : []),
        ]),
        ...undo,
      },
    ],
    diff: [
      ...(isNew ? [creationDiff(args, other)] : labelDiff(kept, missing)),
      ...(tasked ? [fieldDiff("task", shownTask(task), shownTask(tasked.task))] : []),
    ],
  };
}

function creationDiff(args: ContainerArgs, other: string[]): Diff {
  const before = other.length > 0 ? `${args.name} (other ${other.join(", ")})` : null;
  return fieldDiff("container", before, `${args.name} of ${args.image!}`);
}

// Ends its task, and removes both.
function removal(args: ContainerArgs, task: string | null): Script {
  const ended = planTask(args, args, "absent", task);
  return lines([
    ...(ended ? [ended.run] : []),
    must(args, `the container ${args.name} cannot be removed`, "containers", "rm", args.name),
  ]);
}

function planAbsent(
  args: ContainerArgs,
  before: NonNullable<ContainerState>,
): Change<State> | null {
  if (before.container === null) return null;
  return {
    after: { container: { container: null, task: null } },
    steps: [{ run: removal(args, before.task) }],
    diff: [
      fieldDiff("container", `${args.name} of ${before.container.image}`, null),
      ...(before.task === null ? [] : [fieldDiff("task", shownTask(before.task), null)]),
    ],
  };
}
