import { TaskFailure } from "../../errors.ts";
import { askImage, NO_IMAGE, type ImageState } from "../../probes/containerd/image.ts";
import { ctrCall } from "../../probes/containerd/ctr.ts";
import { lines } from "../../script/sh.ts";
import {
  labelPairs,
  must,
  refuseSilent,
  refuseUnlikely,
  labelWords,
} from "../shared/containerd/ctr.ts";
import { labelDiff, refuseImageName, shownImage } from "../shared/containerd/images/image_names.ts";
import { hasAccess, refuseAccess } from "../shared/containerd/images/registry_access.ts";
import type { Change, Controller, Diff, Module } from "../contract/module.ts";
import { schema, type ImageArgs } from "./ctr_image/schema.ts";
import { comingImage, type ImageStates } from "./ctr_image/sources.ts";
import { fieldDiff } from "../contract/diff.ts";

const PINNED = "io.cri-containerd.pinned";

/**
 * An image in containerd: pulled from a registry, brought as an archive, or
 * another one by a further name.
 */
export const ctr_image: Module<ImageArgs, ImageStates> = {
  name: "ctr_image",
  schema,
  observe(args) {
    refuseUnlikely(args);
    refuseArguments(args);
    const own = askImage(args, { content: args.src !== undefined, exact: needsDigest(args) });
    if (args.from === undefined) return { image: own };
    return { image: own, source: askImage({ ...args, name: args.from }) };
  },
  plan: (args, before, controller) =>
    args.state === "present" ? planPresent(args, before, controller) : planRemoval(args, before),
  result: ({ name, namespace, state }, { image }) => ({
    name,
    namespace,
    state,
    digest: image?.target ?? null,
  }),
};

// Whether only a digest that an earlier task of this run produces decides what to do.
function needsDigest({ state, digest }: ImageArgs): boolean {
  return state === "present" && digest !== undefined;
}

// Refuses what cannot be meant, before any host is asked.
function refuseArguments(args: ImageArgs): void {
  refuseImageName("name", args.name);
  if (args.from !== undefined) refuseImageName("from", args.from);
  if (args.digest !== undefined && !/^sha256:[0-9a-f]{64}$/.test(args.digest))
    throw new TaskFailure(`"${args.digest}" is not a digest`, "write it as sha256:HEX");
  refuseAccess(args);
  const where = args.src ?? args.from;
  if (where !== undefined && hasAccess(args))
    throw new TaskFailure(
      `the image is taken from ${where}, so nothing is asked of a registry`,
      "leave out plain_http, hosts_dir, ca, user and their like, or src and from",
    );
  labelsOf(args);
}

function labelsOf({ labels, pinned }: ImageArgs): [string, string][] {
  const given = labelPairs(labels);
  return pinned ? [...given.filter(([name]) => name !== PINNED), [PINNED, "pinned"]] : given;
}

function planPresent(
  args: ImageArgs,
  before: ImageStates,
  controller: Controller,
): Change<ImageStates> | null {
  const old = before.image ?? NO_IMAGE;
  const coming = comingImage(args, before, controller);
  const kept = coming?.labels ?? old.labels;
  const missing = labelsOf(args).filter(([name, value]) => kept[name] !== value);
  if (!coming && missing.length === 0) return null;
  const labelling = must(
    args,
    `${args.name} cannot be labelled`,
    "images",
    "label",
    args.name,
    labelWords(missing),
  );
  const after: NonNullable<ImageState> = {
    there: true,
    target: coming ? coming.target : old.target,
    manifests: coming ? coming.manifests : old.manifests,
    labels: { ...kept, ...Object.fromEntries(missing) },
  };
  const run = lines([...(coming ? [coming.run] : []), ...(missing.length > 0 ? [labelling] : [])]);
  const undo =
    coming && before.image?.there === false
      ? { undo: ctrCall(args, "images", "rm", args.name) }
      : {};
  return {
    after: { ...before, image: after },
    steps: [{ run, ...undo }],
    diff: [
      ...(coming ? [imageDiff(args, before.image, after.target)] : []),
      ...labelDiff(kept, missing),
    ],
  };
}

function imageDiff({ name }: ImageArgs, old: ImageState, now: string | null): Diff {
  if (!old?.there) return fieldDiff("image", null, shownImage(name, now));
  return fieldDiff(name, old.target, now ?? "another image");
}

function planRemoval(args: ImageArgs, before: ImageStates): Change<ImageStates> | null {
  refuseSilent(before.image, args, `${args.name} cannot be removed`);
  if (!before.image!.there) return null;
  const { target } = before.image!;
  return {
    after: { ...before, image: NO_IMAGE },
    steps: [
      { run: must(args, `${args.name} cannot be removed`, "images", "rm", "--sync", args.name) },
    ],
    diff: [fieldDiff("image", shownImage(args.name, target), null)],
  };
}
