import { askContents, LISTS, type Contents } from "../../probes/containerd/contents.ts";
import { CTR_ARGUMENTS, refuseSilent, refuseUnlikely } from "../shared/containerd/ctr.ts";
import type { Module } from "../contract/module.ts";
import type { ArgsOf, Schema } from "../contract/schema.ts";

const schema = {
  collection: "hullwright.containerd",
  description:
    "Lists the images, containers and tasks of a namespace, and containerd's namespaces and plugins. It changes nothing.",
  example: `name: Learn what runs
ctr_info: {namespace: k8s.io, gather: [tasks], details: true}
register: running`,
  returns: [
    "images: name, type, digest, size, platforms, labels, status, unpacked of each",
    "containers: id, image, runtime; tasks: name, pid, status, and metrics and processes with details",
    "namespaces: name, labels; plugins: type, id, platforms, status",
    "version: of client and server",
  ],
  arguments: {
    gather: {
      type: "list",
      elements: "str",
      default: [...LISTS],
      choices: LISTS,
      description: "What is told.",
    },
    details: {
      type: "bool",
      default: false,
      description: "Also lists what each task uses (metrics) and its processes.",
    },
    ...CTR_ARGUMENTS,
  },
} as const satisfies Schema;

type InfoArgs = ArgsOf<typeof schema>;

/** What containerd holds and does. */
export const ctr_info: Module<InfoArgs, { inventory: Contents }> = {
  name: "ctr_info",
  readOnly: true,
  schema,
  observe(args) {
    refuseUnlikely(args);
    return { inventory: askContents({ ...args, parts: args.gather }) };
  },
  plan: () => null,
  result(args, { inventory }) {
    refuseSilent(inventory, args, "nothing can be said about it");
    return { ...inventory };
  },
};
