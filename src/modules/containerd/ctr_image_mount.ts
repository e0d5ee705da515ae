import { defined } from "../../defined.ts";
import { TaskFailure } from "../../errors.ts";
import { askImage, type ImageManifest, type ImageState } from "../../probes/containerd/image.ts";
import {
  askImageMount,
  snapshotterFlag,
  type ImageMountState,
} from "../../probes/containerd/image_mount.ts";
import { ctrCall } from "../../probes/containerd/ctr.ts";
import { statPath, type PathState } from "../../probes/files/path.ts";
import { lines, sh, type Script } from "../../script/sh.ts";
import { CTR_ARGUMENTS, must, refuseSilent, refuseUnlikely } from "../shared/containerd/ctr.ts";
import { refuseRelative } from "../shared/containerd/paths.ts";
import { hostPath } from "../shared/files/ownership.ts";
import type { Change, Module } from "../contract/module.ts";
import type { ArgsOf, Schema } from "../contract/schema.ts";
import { refuseImageName } from "../shared/containerd/images/image_names.ts";
import { fieldDiff } from "../contract/diff.ts";

interface State {
  mount: ImageMountState;
  point: PathState;
  image?: ImageState;
}

const schema = {
  collection: "hullwright.containerd",
  description:
    "Mounts an image of containerd on a directory of the host, or unmounts it. The mount is protected from containerd's garbage collection, which would remove it after a day.",
  example: `name: Look into an image
ctr_image_mount: {name: "docker.io/library/nginx:alpine", path: /mnt}`,
  returns: ["name, path, state: as given"],
  arguments: {
    name: { type: "str", description: "The image's full name." },
    path: {
      type: "path",
      required: true,
      description: "The directory. It is made where it is missing, but not those above it.",
    },
    state: {
      type: "str",
      default: "mounted",
      choices: ["mounted", "unmounted"],
      description: "Whether it is mounted.",
    },
    writable: {
      type: "bool",
      default: false,
      description: "Mounts it writable; what is written is lost when it is unmounted.",
    },
    platform: { type: "str", description: "Of an image of several platforms, the one to mount." },
    snapshotter: {
      type: "str",
      default: "",
      description: "The snapshotter to use, containerd's own choice unless given.",
    },
    ...CTR_ARGUMENTS,
  },
  requiredIf: [{ if: "state", is: "mounted", then: ["name"] }],
} as const satisfies Schema;

type MountArgs = ArgsOf<typeof schema>;

/** The files of an image below a directory of the host. */
export const ctr_image_mount: Module<MountArgs, State> = {
  name: "ctr_image_mount",
  schema,
  observe(args) {
    refuseUnlikely(args);
    refuseRelative(args, ["path"]);
    if (args.name !== undefined) refuseImageName("name", args.name);
    const path = hostPath(args.path);
    const asked = { mount: askImageMount({ ...args, path }), point: statPath(path) };
    if (args.state === "unmounted") return asked;
    return {
      ...asked,
      image: askImage({ ...args, name: args.name! }, { content: true }),
    };
  },
  plan: (args, before) =>
    args.state === "mounted" ? planMounted(args, before) : planUnmounted(args, before),
  result: ({ name, path, state }) => ({ ...defined({ name }), path, state }),
};

function planMounted(args: MountArgs, before: State): Change<State> | null {
  const path = hostPath(args.path);
  refuseSilent(before.mount, args, `${args.name!} cannot be mounted`);
  const { mount, point } = before;
  const chain = chainOf(args, before.image ?? null);
  const isRight = mount!.parent === chain && mount!.writable === args.writable;
  if (mount!.mounted && isRight) return null;
  if (mount!.mounted && mount!.parent === null)
    throw new TaskFailure(
      `something else is mounted on ${path}`,
      "unmount it, or choose another path",
    );
  if (point && point.type !== "directory")
    throw new TaskFailure(`${path} is a ${point.type}, not a directory`);
  const steps = lines([
    ...(mount!.mounted || (mount!.parent !== null && !isRight) ? [unmount(args, path)] : []),
    ...(point ? [] : [sh`hw_mkdir ${path} "" "" 0755 || exit 1`]),
    must(
      args,
      `${args.name!} cannot be mounted on ${path}`,
      "images",
      "mount",
      mountFlags(args),
      args.name!,
      path,
    ),
    // the lease of the mount ends after a day, and its snapshot would go under it
    must(
      args,
      "the snapshot cannot be labelled",
      "snapshots",
      snapshotterFlag(args),
      "label",
      path,
      "containerd.io/gc.root=hullwright",
    ),
  ]);
  return {
    after: {
      ...before,
      point: point ?? { type: "directory", mode: 0o755 },
      mount: { mounted: true, parent: chain, writable: args.writable },
    },
    steps: [{ run: steps, undo: unmount(args, path) }],
    diff: [fieldDiff(path, mount!.mounted ? "another image" : null, args.name!)],
  };
}

function mountFlags(args: MountArgs): string[] {
  return [
    ...(args.writable ? ["--rw"] : []),
    ...(args.platform === undefined ? [] : ["--platform", args.platform]),
    ...snapshotterFlag(args),
  ];
}

// The layers of the selected manifest: by platform, or the one that is here. For an image that
// arrives in the same run, they are not known.
function chainOf({ name, namespace, platform }: MountArgs, image: ImageState): string {
  if (!image?.there)
    throw new TaskFailure(
      `there is no image ${name!} in the namespace ${namespace}`,
      'bring it first, with "ctr_image"',
    );
  if (image.target === null) return "";
  const found: ImageManifest | undefined =
    platform === undefined
      ? image.manifests[0]
      : image.manifests.find((one) => one.platform === platform);
  if (found?.chain !== undefined) return found.chain;
  const there = image.manifests.map((one) => one.platform ?? "a platform that it does not name");
  throw new TaskFailure(
    `the content of ${name!} is not here${platform === undefined ? "" : ` for ${platform}`}`,
    there.length > 0 ? `here is ${there.join(", ")}` : "pull it again",
  );
}

function unmount(args: MountArgs, path: string): Script {
  return sh`${must(args, `${path} cannot be unmounted`, "images", "unmount", snapshotterFlag(args), "--rm", path)}
${ctrCall(args, "leases", "rm", path)} >/dev/null 2>&1; :`;
}

function planUnmounted(args: MountArgs, before: State): Change<State> | null {
  const path = hostPath(args.path);
  refuseSilent(before.mount, args, `${path} cannot be unmounted`);
  const { mounted, parent } = before.mount!;
  if (!mounted && parent === null) return null;
  if (parent === null)
    throw new TaskFailure(
      `what is mounted on ${path} is no image of the namespace ${args.namespace}`,
      'unmount it with "mount", or name its snapshotter and namespace',
    );
  return {
    after: { ...before, mount: { mounted: false, parent: null, writable: false } },
    steps: [{ run: unmount(args, path) }],
    diff: [fieldDiff(path, "an image", null)],
  };
}
