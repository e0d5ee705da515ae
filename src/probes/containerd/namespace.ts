import FUNCTIONS from "./namespace.sh?raw";
import { lines, sh } from "../../script/sh.ts";
import { AFTER_EACH_CHANGE, ask, ProbeError, type Probe, type ProbeKind } from "../probe.ts";
import { ctrCall, listed, numbered, readLabels, type CtrArg } from "./ctr.ts";

/** A namespace of containerd; null: containerd does not answer. */
export type NamespaceState = {
  /** null: there is no such namespace. */
  labels: { [name: string]: string } | null;
  images: string[];
  containers: string[];
  tasks: string[];
} | null;

/** One namespace and what is in it. */
export const namespace: ProbeKind<CtrArg, NamespaceState> = {
  name: "ctr namespace",
  subject: (arg) => `${arg.address} ${arg.namespace}`,
  holds: { unknownBehind: "starts", asked: AFTER_EACH_CHANGE },
  script: (args) =>
    lines([
      { sh: FUNCTIONS },
      ...args.flatMap((arg, index) => [
        listed("hw_spaces", arg, "namespaces", "ls"),
        sh`hw_namespace ${index} ${arg.namespace} ${ctrCall(arg)}`,
      ]),
    ]),
  parse(output, args) {
    const answers = numbered(output, "namespace");
    return args.map((_arg, index) => readNamespace(answers.get(index)));
  },
};

// Asks for one namespace.
export function askNamespace({ ctr, address, namespace: name }: CtrArg): Probe<NamespaceState> {
  return ask(namespace, { ctr, address, namespace: name });
}

function readNamespace(answer: string[] | undefined): NamespaceState {
  const [state, labels = "-"] = answer?.[0]?.split(" ") ?? [];
  if (state === "down") return null;
  if (state !== "there" && state !== "absent")
    throw new ProbeError("the answer about a namespace is truncated or garbled");
  const named = (kind: string): string[] =>
    answer!
      .slice(1)
      .filter((line) => line.startsWith(`${kind} `))
      .map((line) => line.slice(kind.length + 1));
  return {
    labels: state === "there" ? readLabels(labels) : null,
    images: named("images"),
    containers: named("containers"),
    tasks: named("tasks"),
  };
}
