import { TaskFailure } from "../../errors.ts";
import { ctrCall, type CtrArg } from "../../probes/containerd/ctr.ts";
import { askNamespace, type NamespaceState } from "../../probes/containerd/namespace.ts";
import { lines, sh, type Script } from "../../script/sh.ts";
import {
  CTR_ARGUMENTS,
  labelPairs,
  must,
  refuseName,
  refuseSilent,
  refuseUnlikely,
  labelWords,
} from "../shared/containerd/ctr.ts";
import type { Change, Module } from "../contract/module.ts";
import type { ArgsOf, Schema } from "../contract/schema.ts";
import { labelDiff } from "../shared/containerd/images/image_names.ts";
import { fieldDiff } from "../contract/diff.ts";

interface State {
  namespace: NamespaceState;
}

const { address, ctr } = CTR_ARGUMENTS;

const schema = {
  collection: "hullwright.containerd",
  description: "Creates a namespace in containerd, with labels, or removes it.",
  example: `name: Have a namespace for tests
ctr_namespace: {name: test, labels: {team: web}}`,
  returns: ["name, state: as given", "labels: what it has"],
  arguments: {
    name: { type: "str", required: true, description: "The namespace." },
    state: {
      type: "str",
      default: "present",
      choices: ["present", "absent"],
      description: "Whether it is there.",
    },
    labels: {
      type: "dict",
      description: "Labels that it has; those that are not named stay as they are.",
    },
    force: {
      type: "bool",
      default: false,
      description:
        "Removes a namespace with all that is in it: its tasks are killed, its containers and images removed.",
    },
    address,
    ctr,
  },
} as const satisfies Schema;

type NamespaceArgs = ArgsOf<typeof schema>;

/** A namespace of containerd. */
export const ctr_namespace: Module<NamespaceArgs, State> = {
  name: "ctr_namespace",
  schema,
  observe(args) {
    refuseName("name", args.name);
    refuseUnlikely(argOf(args));
    labelPairs(args.labels);
    return { namespace: askNamespace(argOf(args)) };
  },
  plan: (args, { namespace }) =>
    args.state === "present" ? planPresent(args, namespace) : planAbsent(args, namespace),
  result: ({ name, state }, { namespace }) => ({ name, state, labels: namespace?.labels ?? {} }),
};

function argOf(args: NamespaceArgs): CtrArg {
  return { ctr: args.ctr, address: args.address, namespace: args.name };
}

function planPresent(args: NamespaceArgs, before: NamespaceState): Change<State> | null {
  const old = before?.labels ?? null;
  const missing = labelPairs(args.labels).filter(([name, value]) => old?.[name] !== value);
  if (old !== null && missing.length === 0) return null;
  const verb = old === null ? "create" : "label";
  const held = before ?? { images: [], containers: [], tasks: [] };
  return {
    after: { namespace: { ...held, labels: { ...old, ...Object.fromEntries(missing) } } },
    steps: [
      {
        run: must(
          argOf(args),
          `the namespace ${args.name} cannot be made`,
          "namespaces",
          verb,
          args.name,
          labelWords(missing),
        ),
      },
    ],
    diff: [
      ...(old === null ? [fieldDiff("namespace", null, args.name)] : []),
      ...labelDiff(old ?? {}, missing),
    ],
  };
}

function planAbsent(args: NamespaceArgs, before: NamespaceState): Change<State> | null {
  refuseSilent(before, argOf(args), `the namespace ${args.name} cannot be removed`);
  const { labels, images, containers, tasks } = before!;
  if (labels === null) return null;
  const held = { tasks, containers, images };
  const each = Object.entries(held).filter(([, names]) => names.length > 0);
  if (each.length > 0 && !args.force)
    throw new TaskFailure(
      `the namespace ${args.name} is not empty: ${each.map(([kind, names]) => `${kind} ${names.join(", ")}`).join("; ")}`,
      "remove what is in it first, or say force: true, which removes all of it",
    );
  return {
    after: { namespace: { labels: null, images: [], containers: [], tasks: [] } },
    steps: [{ run: removal(argOf(args)) }],
    diff: [
      fieldDiff("namespace", args.name, null),
      ...each.flatMap(([kind, names]) => names.map((name) => fieldDiff(kind, name, null))),
    ],
  };
}

// Empties and removes it. What images leave behind is removed by containerd's garbage
// collection, which is waited for.
function removal(arg: CtrArg): Script {
  const each = (kind: string, ...remove: string[]): Script =>
    sh`for hw_l in $(${ctrCall(arg, kind, "ls", "-q")} 2>/dev/null); do ${ctrCall(arg, kind, remove)} "$hw_l" >/dev/null 2>&1; done`;
  return lines([
    each("tasks", "rm", "-f"),
    each("containers", "rm"),
    each("leases", "rm"),
    each("images", "rm", "--sync"),
    sh`hw_k=0
until hw_o=$(${ctrCall(arg, "namespaces", "rm", arg.namespace)} 2>&1); do
  hw_k=$((hw_k + 1)); [ "$hw_k" -lt 20 ] || { hw_fail ${`the namespace ${arg.namespace} cannot be removed:`} "$hw_o"; exit 1; }
  sleep 0.3
done`,
  ]);
}
