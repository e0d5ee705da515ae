import { TaskFailure } from "../../../errors.ts";
import { ctrCall, type CtrArg } from "../../../probes/containerd/ctr.ts";
import { sh, type Script } from "../../../script/sh.ts";
import { refuseRelative } from "./paths.ts";

// The parameters that all modules for what is in containerd have.
export const CTR_ARGUMENTS = {
  namespace: {
    type: "str",
    default: "default",
    description: "containerd's namespace; Kubernetes uses k8s.io.",
  },
  address: {
    type: "path",
    default: "/run/containerd/containerd.sock",
    description: "containerd's socket.",
  },
  ctr: { type: "path", default: "/usr/local/bin/ctr", description: "The ctr program." },
} as const;

// Refuses what would only fail on the host.
export function refuseUnlikely(args: CtrArg): void {
  refuseRelative(args, ["address", "ctr"]);
  refuseName("namespace", args.namespace);
}

// containerd's own law for the names of namespaces, containers and their like.
export function refuseName(parameter: string, name: string): void {
  if (/^[A-Za-z0-9]+([._-]+[A-Za-z0-9]+)*$/.test(name) && name.length <= 76) return;
  throw new TaskFailure(
    `containerd takes no ${parameter} "${name}"`,
    "it takes at most 76 letters and digits, with single dots, dashes and underscores between them",
  );
}

// A daemon that does not answer cannot be asked for what is in it.
export function refuseSilent(state: unknown, { address }: CtrArg, whatFor: string): void {
  if (state === null)
    throw new TaskFailure(
      `containerd does not answer on ${address}, so ${whatFor}`,
      "is it running? `ctr` needs root, too: use become",
    );
}

// Runs a call of ctr, and says what it said if it fails; in `hw_o` is what it printed.
export function must(arg: CtrArg, what: string, ...words: Parameters<typeof ctrCall>[1][]): Script {
  return sh`hw_o=$(${ctrCall(arg, ...words)} 2>&1) || { hw_fail ${`${what}:`} "$hw_o"; exit 1; }`;
}

// A mapping of the task as words KEY=VALUE, in the order of their names. Values are text.
export function pairs(parameter: string, value: unknown): [name: string, value: string][] {
  const entries =
    value instanceof Map ? [...(value as Map<string, unknown>)] : Object.entries(value ?? {});
  return entries
    .map(([name, one]): [string, string] => {
      if (typeof one === "object" && one !== null)
        throw new TaskFailure(
          `${parameter}: ${String(name)} takes text, but this is a list or a mapping`,
        );
      if (String(name) === "" || String(name).includes("="))
        throw new TaskFailure(
          `${parameter} has no name "${String(name)}"`,
          "names hold no equals sign",
        );
      return [String(name), textOf(one)];
    })
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
}

function textOf(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "boolean") return value ? "true" : "false";
  return String(value);
}

// Labels as words for ctr. What ctr could not print apart again is refused.
export function labelPairs(value: unknown): [name: string, value: string][] {
  return pairs("labels", value).map(([name, label]) => {
    if (/[\s,]/.test(name + label) || label === "")
      throw new TaskFailure(
        `labels: ${name} cannot be "${label}"`,
        "a label's value is text without spaces and commas, and not empty",
      );
    return [name, label];
  });
}

// Words KEY=VALUE.
export function labelWords(list: readonly [string, string][]): string[] {
  return list.map(([name, value]) => `${name}=${value}`);
}
