import FUNCTIONS from "./container.sh?raw";
import { lines, sh } from "../../script/sh.ts";
import { ask, ProbeError, type Probe, type ProbeKind } from "../probe.ts";
import {
  ctrCall,
  ctrSubject,
  listed,
  numbered,
  perNamespace,
  readJson,
  type CtrArg,
} from "./ctr.ts";

/** Which container is asked about. */
export interface ContainerArg extends CtrArg {
  name: string;
}

/** A mount of a container, as its specification has it. */
export interface ContainerMount {
  type: string;
  src: string;
  dst: string;
  options: string[];
}

/** What a container was made of: what our descriptions can say of it. */
export interface ContainerFacts {
  image: string;
  labels: { [name: string]: string };
  snapshotter: string;
  runtime: string;
  args: string[];
  env: { [name: string]: string };
  cwd: string;
  mounts: ContainerMount[];
  net_host: boolean;
  read_only: boolean;
}

/** A container and its task; null: containerd does not answer. */
export type ContainerState = {
  container: ContainerFacts | null;
  /** RUNNING, PAUSED, STOPPED, CREATED ... as ctr says; null: there is no task. */
  task: string | null;
} | null;

/** One container of a namespace. `ctr tasks ls` is run once for all of it. */
export const container: ProbeKind<ContainerArg, ContainerState> = {
  name: "ctr container",
  subject: (arg) => `${ctrSubject(arg)} ${arg.name}`,
  holds: { unknownBehind: "starts" },
  script: (args) =>
    lines([
      { sh: FUNCTIONS },
      ...perNamespace(
        args,
        (arg) => listed("hw_tasks", arg, "tasks", "ls"),
        (arg, index) =>
          sh`hw_container ${index} ${arg.name} ${ctrCall(arg, "containers", "info", arg.name)}`,
      ),
    ]),
  parse(output, args) {
    const answers = numbered(output, "container");
    return args.map((_arg, index) => readContainer(answers.get(index)));
  },
};

// Asks for one container and its task.
export function askContainer(arg: CtrArg & { name: string }): Probe<ContainerState> {
  const { ctr, address, namespace, name } = arg;
  return ask(container, { ctr, address, namespace, name });
}

/** What is read of `ctr containers info`. */
interface Info {
  Image?: string;
  Labels?: { [name: string]: string } | null;
  Snapshotter?: string;
  Runtime?: { Name?: string };
  Spec?: {
    process?: { args?: string[]; env?: string[]; cwd?: string };
    root?: { readonly?: boolean };
    mounts?: { type?: string; source?: string; destination?: string; options?: string[] }[];
    linux?: { namespaces?: { type?: string }[] };
  };
}

function readContainer(answer: string[] | undefined): ContainerState {
  const [task, info = ""] = answer?.[0]?.split(" ") ?? [];
  if (task === undefined)
    throw new ProbeError("the answer about a container is truncated or garbled");
  if (task === "down") return null;
  const found = info === "" ? undefined : (readJson(info) as Info | undefined);
  return { container: found ? factsOf(found) : null, task: task === "-" ? null : task };
}

function factsOf({ Image, Labels, Snapshotter, Runtime, Spec }: Info): ContainerFacts {
  return {
    image: Image ?? "",
    labels: Labels ?? {},
    snapshotter: Snapshotter ?? "",
    runtime: Runtime?.Name ?? "",
    args: Spec?.process?.args ?? [],
    env: Object.fromEntries(
      (Spec?.process?.env ?? []).map((pair) => {
        const at = pair.indexOf("=");
        return [pair.slice(0, at), pair.slice(at + 1)];
      }),
    ),
    cwd: Spec?.process?.cwd ?? "/",
    mounts: (Spec?.mounts ?? []).map(({ type, source, destination, options }) => ({
      type: type ?? "",
      src: source ?? "",
      dst: destination ?? "",
      options: options ?? [],
    })),
    net_host: !(Spec?.linux?.namespaces ?? []).some(({ type }) => type === "network"),
    read_only: Spec?.root?.readonly ?? false,
  };
}
