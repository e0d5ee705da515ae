import { TaskFailure } from "../../errors.ts";
import { askImage, type ImageState } from "../../probes/containerd/image.ts";
import { ctrCall } from "../../probes/containerd/ctr.ts";
import { readRecord, writeRecord } from "../../probes/record.ts";
import { lines, sh, type Script } from "../../script/sh.ts";
import type { Json } from "../../value.ts";
import { CTR_ARGUMENTS, refuseSilent, refuseUnlikely } from "../shared/containerd/ctr.ts";
import {
  ACCESS_ARGUMENTS,
  refuseAccess,
  withRegistry,
} from "../shared/containerd/images/registry_access.ts";
import type { Module } from "../contract/module.ts";
import type { ArgsOf, Schema } from "../contract/schema.ts";
import { refuseImageName } from "../shared/containerd/images/image_names.ts";
import { sha256Hex } from "../../sha256.ts";
import { fieldDiff } from "../contract/diff.ts";

/** `pushed`: the digest that was pushed last, as the host remembers it. */
interface State {
  image: ImageState;
  pushed: Json;
}

const schema = {
  collection: "hullwright.containerd",
  description:
    "Pushes an image of containerd to a registry. The host remembers the digest that it pushed; an image that has changed since is pushed again.",
  example: `name: Have our build in the registry
ctr_image_push:
  name: harbor.example.org/course/nginx:alpine
  user: robot
  password: "{{ vault_harbor_password }}"`,
  returns: ["name, to: the image, and its name in the registry", "digest: what the name refers to"],
  arguments: {
    name: {
      type: "str",
      required: true,
      description: "The image's full name, such as harbor.k8s.local/course/nginx:alpine.",
    },
    to: {
      type: "str",
      description: "The name in the registry, where it is another one.",
    },
    platform: { type: "str", description: "Pushes only this platform." },
    force: {
      type: "bool",
      default: false,
      description:
        "Pushes each time, even if it was pushed before: for a registry that loses images.",
    },
    ...ACCESS_ARGUMENTS,
    ...CTR_ARGUMENTS,
  },
} as const satisfies Schema;

type PushArgs = ArgsOf<typeof schema>;

/** An image of containerd in its registry, or in another. */
export const ctr_image_push: Module<PushArgs, State> = {
  name: "ctr_image_push",
  schema,
  observe(args) {
    refuseUnlikely(args);
    refuseImageName("name", args.name);
    if (args.to !== undefined) refuseImageName("to", args.to);
    refuseAccess(args);
    return { image: askImage(args), pushed: readRecord(noteOf(args)) };
  },
  plan(args, { image, pushed }) {
    const target = args.to ?? args.name;
    refuseSilent(image, args, `${args.name} cannot be pushed`);
    const { there, target: digest } = image!;
    if (!there)
      throw new TaskFailure(
        `there is no image ${args.name} in the namespace ${args.namespace}`,
        'bring it first, with "ctr_image"',
      );
    if (pushed === (digest ?? "") && !args.force) return null;
    const platform = args.platform === undefined ? [] : ["--platform", args.platform];
    const rest = [...platform, target, ...(target === args.name ? [] : [args.name])];
    const run = lines([
      withRegistry(args, args, "push", rest, `${target} cannot be pushed`),
      // what was imported in the same run has a digest that only the host knows
      digest === null ? writeDigest(args) : writeRecord(noteOf(args), digest),
    ]);
    return {
      after: { image, pushed: digest ?? "" },
      steps: [{ run }],
      diff: [
        fieldDiff(
          `pushed to ${target}`,
          typeof pushed === "string" ? pushed : null,
          digest ?? args.name,
        ),
      ],
    };
  },
  result: (args, { image }) => ({
    name: args.name,
    to: args.to ?? args.name,
    digest: image?.target ?? null,
  }),
};

// Records what the host's image refers to.
function writeDigest(args: PushArgs): Script {
  return sh`hw_d=$(${ctrCall(args, "images", "ls")} | while read -r hw_n hw_t hw_d hw_r; do [ "$hw_n" != ${args.name} ] || printf %s "$hw_d"; done)
hw_record ${noteOf(args)} '"'"$hw_d"'"'`;
}

// The name of the host's note about a push.
function noteOf({ address, namespace, name, to, platform }: PushArgs): string {
  const subject = [address, namespace, name, to ?? name, platform ?? ""].join("\n");
  return `pushed-${sha256Hex(subject).slice(0, 32)}`;
}
