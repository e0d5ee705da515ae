import { ACCESS_ARGUMENTS } from "../../shared/containerd/images/registry_access.ts";
import { CTR_ARGUMENTS } from "../../shared/containerd/ctr.ts";
import type { ArgsOf, Schema } from "../../contract/schema.ts";

// What ctr_image takes and gives.
export const schema = {
  collection: "hullwright.containerd",
  description:
    "Ensures that containerd has an image, from an archive on the controller (src), from another local image (from), or from its registry; or removes it. A name that refers to another image is corrected.",
  example: `name: Import the image of the pause container, and keep it
ctr_image: {name: "registry.k8s.io/pause:3.10", namespace: k8s.io, hosts_dir: /etc/containerd/certs.d, pinned: true}`,
  returns: ["name, namespace, state: as given", "digest: what the name refers to"],
  arguments: {
    name: {
      type: "str",
      required: true,
      description:
        "The image's full name, such as docker.io/library/nginx:alpine, or NAME@sha256:DIGEST.",
    },
    src: {
      type: "path",
      asWritten: true,
      description: "An archive on the controller: of docker save, or an OCI archive.",
    },
    from: {
      type: "str",
      description: "An image of the namespace that gets this name besides its own.",
    },
    digest: {
      type: "str",
      description:
        "The digest that the name must refer to, sha256:HEX; another image of that name is pulled again. Without it, an existing image is not pulled again.",
    },
    state: {
      type: "str",
      default: "present",
      choices: ["present", "absent"],
      description: "Whether the image is there.",
    },
    snapshotter: {
      type: "str",
      description: "The snapshotter to unpack with, containerd's own choice unless given.",
    },
    platform: {
      type: "str",
      description: "Of an image of several platforms, the one to take, such as linux/amd64.",
    },
    all_platforms: {
      type: "bool",
      default: false,
      description: "Takes all platforms of the image.",
    },
    no_unpack: {
      type: "bool",
      default: false,
      description: "Leaves unpacking an archive to the first container.",
    },
    labels: {
      type: "dict",
      description: "Labels that the image has; those that are not named stay as they are.",
    },
    pinned: {
      type: "bool",
      default: false,
      description: "Keeps kubelet's garbage collection from removing it (namespace k8s.io).",
    },
    ...ACCESS_ARGUMENTS,
    ...CTR_ARGUMENTS,
  },
  mutuallyExclusive: [
    ["src", "from"],
    ["src", "digest"],
    ["from", "digest"],
    ["platform", "all_platforms"],
  ],
} as const satisfies Schema;

/** Its arguments. */
export type ImageArgs = ArgsOf<typeof schema>;
