import { CTR_ARGUMENTS } from "../../shared/containerd/ctr.ts";
import { TASK_ARGUMENTS } from "../../shared/containerd/task.ts";
import type { ArgsOf, Schema } from "../../contract/schema.ts";

// What ctr_container takes and gives.
export const schema = {
  collection: "hullwright.containerd",
  description:
    "Creates a container in containerd from an image, or removes it. A container that was created with other settings is recreated only with `recreate`, because what was written in it is lost.",
  example: `name: Have a container, and let it run
ctr_container:
  name: web
  image: docker.io/library/nginx:alpine
  mounts: [{src: /srv/web, dst: /usr/share/nginx/html, options: [rbind, ro]}]
  net_host: true
  task: running`,
  returns: [
    "name, namespace, state: as given",
    "image, status: its image, and running, paused, stopped or null",
  ],
  arguments: {
    name: { type: "str", required: true, description: "The container." },
    image: { type: "str", description: "The full name of its image, which must be there." },
    state: {
      type: "str",
      default: "present",
      choices: ["present", "absent"],
      description: "Whether it is there. absent ends its task first.",
    },
    args: {
      type: "list",
      elements: "str",
      aliases: ["command"],
      description: "What it runs, the image's own command unless given.",
    },
    env: { type: "dict", description: "Variables of its environment, besides the image's." },
    mounts: {
      type: "list",
      elements: "dict",
      default: [],
      description: "What is mounted in it.",
      options: {
        type: { type: "str", default: "bind", description: "bind, tmpfs ..." },
        src: { type: "str", required: true, description: "A path on the host." },
        dst: { type: "str", required: true, description: "A path in the container." },
        options: {
          type: "list",
          elements: "str",
          default: [],
          description: "Such as rbind and rw.",
        },
      },
    },
    labels: {
      type: "dict",
      description: "Labels that it has; those that are not named stay as they are.",
    },
    net_host: { type: "bool", default: false, description: "It uses the host's network." },
    privileged: { type: "bool", default: false, description: "It may do what root may." },
    read_only: {
      type: "bool",
      default: false,
      description: "Nothing can be written in its own files.",
    },
    cwd: { type: "str", description: "The directory in which it runs." },
    memory_limit: { type: "int", description: "How much memory it may have, in bytes." },
    snapshotter: {
      type: "str",
      description: "The snapshotter to use, containerd's own choice unless given.",
    },
    runtime: {
      type: "str",
      default: "io.containerd.runc.v2",
      description: "The runtime, such as io.containerd.runc.v2.",
    },
    task: {
      type: "str",
      choices: ["running", "paused", "stopped", "absent"],
      description: "What its task is, as with ctr_task; if not given, it is not checked.",
    },
    recreate: {
      type: "bool",
      default: false,
      description: "Makes a container anew that was made otherwise. Its task is ended for that.",
    },
    ...TASK_ARGUMENTS,
    ...CTR_ARGUMENTS,
  },
  requiredIf: [{ if: "state", is: "present", then: ["image"] }],
} as const satisfies Schema;

/** Its arguments. */
export type ContainerArgs = ArgsOf<typeof schema>;
