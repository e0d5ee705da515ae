import { TaskFailure } from "../../errors.ts";
import { askImages } from "../../probes/containerd/daemon.ts";
import { sh, type Script } from "../../script/sh.ts";
import { staged } from "../../script/write.ts";
import type { Change, Controller, Module } from "../contract/module.ts";
import type { ArgsOf, Schema } from "../contract/schema.ts";

/** null: containerd does not answer. */
type State = { images: string[] | null };

const schema = {
  description:
    "Imports an image into containerd from an archive (docker save, OCI), or removes it.",
  example: `name: Have the image of the pause container
ctr_image: {name: "registry.k8s.io/pause:3.10", namespace: k8s.io}`,
  returns: ["name, namespace, state: as given"],
  arguments: {
    name: {
      type: "str",
      required: true,
      description: "The image's full name, such as docker.io/library/nginx:alpine.",
    },
    src: { type: "path", asWritten: true, description: "The archive on the controller." },
    state: {
      type: "str",
      default: "present",
      choices: ["present", "absent"],
      description: "Whether the image is there.",
    },
    namespace: {
      type: "str",
      default: "default",
      description: "containerd's namespace; Kubernetes uses k8s.io.",
    },
    snapshotter: {
      type: "str",
      description: "The snapshotter to unpack with, containerd's own choice unless given.",
    },
    platform: {
      type: "str",
      description: "Of an archive with several platforms, the one to import.",
    },
    no_unpack: {
      type: "bool",
      default: false,
      description: "Leaves unpacking to the first container.",
    },
    address: {
      type: "path",
      default: "/run/containerd/containerd.sock",
      description: "containerd's socket.",
    },
    ctr: {
      type: "path",
      default: "/usr/local/bin/ctr",
      description: "The program to do it with.",
    },
  },
  requiredIf: [{ if: "state", is: "present", then: ["src"] }],
} as const satisfies Schema;

type ImageArgs = ArgsOf<typeof schema>;

/** An image in containerd, brought from an archive on the controller: no registry is needed. */
export const ctr_image: Module<ImageArgs, State> = {
  name: "ctr_image",
  collection: "hullwright.containerd",
  schema,
  observe: ({ ctr, address, namespace }) => ({ images: askImages({ ctr, address, namespace }) }),
  plan: (args, before, given) =>
    args.state === "present" ? planImport(args, before, given) : planRemoval(args, before),
  result: ({ name, namespace, state }) => ({ name, namespace, state }),
};

// How ctr is called; everything else is an argument of it.
function call(
  { ctr, address, namespace }: ImageArgs,
  ...words: (string | readonly string[])[]
): Script {
  return sh`${ctr} -a ${address} -n ${namespace} images ${words.flat()}`;
}

// Brings the archive, and sees that the image is there by its name afterwards: archives may hold other names.
function planImport(args: ImageArgs, before: State, given: Controller): Change<State> | null {
  if (before.images?.includes(args.name)) return null;
  const file = given.file(args.src!, "files");
  const options = [
    ...(args.no_unpack ? ["--no-unpack"] : []),
    ...(args.platform ? ["--platform", args.platform] : []),
    ...(args.snapshotter ? ["--snapshotter", args.snapshotter] : []),
  ];
  const run = sh`hw_o=$(${call(args, "import", options)} ${staged(file)} 2>&1) || { hw_fail "$hw_o"; exit 1; }
hw_l=$(${call(args, "ls", "-q")}) || exit 1
printf '%s\n' "$hw_l" | grep -qxF -- ${args.name} || { hw_fail ${`the archive does not hold ${args.name}; it said:`} "$hw_o"; exit 1; }`;
  return {
    after: { images: [...(before.images ?? []), args.name] },
    steps: [{ run, undo: call(args, "rm", args.name) }],
    files: [file],
    diff: [{ kind: "field", title: "image", before: null, after: args.name }],
  };
}

function planRemoval(args: ImageArgs, before: State): Change<State> | null {
  if (before.images === null)
    throw new TaskFailure(
      `containerd does not answer on ${args.address}, so ${args.name} cannot be removed`,
      "is it running?",
    );
  if (!before.images.includes(args.name)) return null;
  return {
    after: { images: before.images.filter((name) => name !== args.name) },
    steps: [{ run: call(args, "rm", "--sync", args.name) }],
    diff: [{ kind: "field", title: "image", before: args.name, after: null }],
  };
}
