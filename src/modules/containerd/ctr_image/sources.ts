import { TaskFailure } from "../../../errors.ts";
import type { ImageState } from "../../../probes/containerd/image.ts";
import { ctrCall } from "../../../probes/containerd/ctr.ts";
import { lines, sh, type Script } from "../../../script/sh.ts";
import { staged } from "../../../script/write.ts";
import { must, refuseSilent } from "../../shared/containerd/ctr.ts";
import { archivedImage } from "../../shared/containerd/images/image_archive.ts";
import { withRegistry } from "../../shared/containerd/images/registry_access.ts";
import type { Controller } from "../../contract/module.ts";
import type { ImageArgs } from "./schema.ts";

/** `source`: the image that `from` names. */
export interface ImageStates {
  image: ImageState;
  source?: ImageState;
}

/** What has to be done so that the name refers to the right image. */
export interface Coming {
  /** null: not known before the image is here. */
  target: string | null;
  manifests: NonNullable<ImageState>["manifests"];
  /** Those that it has then, where that is known: a further name begins with those of the image. */
  labels?: { [name: string]: string };
  run: Script;
}

// Where the image comes from; undefined: the name already refers to it.
export function comingImage(
  args: ImageArgs,
  before: ImageStates,
  controller: Controller,
): Coming | undefined {
  if (args.src !== undefined) return fromArchive(args, before.image, controller);
  if (args.from !== undefined) return fromOther(args, before);
  return fromRegistry(args, before.image);
}

// Imports the archive, and checks that the image exists under its name afterwards.
function fromArchive(
  args: ImageArgs,
  image: ImageState,
  controller: Controller,
): Coming | undefined {
  const wanted = archivedImage(controller.archive(args.src!), args.name, args.src!);
  if (image?.there) {
    const isSame = wanted.digest !== undefined && image.target === wanted.digest;
    if (isSame || image.manifests.some(({ config }) => config === wanted.config)) return undefined;
    if (wanted.digest === undefined && wanted.config === undefined) return undefined;
  }
  const file = controller.file(args.src!, "files");
  const options = [
    ...(args.no_unpack ? ["--no-unpack"] : []),
    ...(wanted.base_name === undefined ? [] : ["--base-name", wanted.base_name]),
    ...platformWords(args),
    ...snapshotterWords(args),
  ];
  const run = sh`hw_o=$(${ctrCall(args, "images", "import", options)} ${staged(file)} 2>&1) || { hw_fail "$hw_o"; exit 1; }
hw_l=$(${ctrCall(args, "images", "ls", "-q")}) || exit 1
printf '%s\n' "$hw_l" | grep -qxF -- ${args.name} || { hw_fail ${`ctr imported ${args.src!}, but not as ${args.name}; its output:`} "$hw_o"; exit 1; }`;
  const manifests = wanted.config === undefined ? [] : [{ digest: "", config: wanted.config }];
  return { target: wanted.digest ?? null, manifests, run };
}

// Gives an image of the namespace a further name.
function fromOther(args: ImageArgs, { image, source }: ImageStates): Coming | undefined {
  refuseSilent(source ?? null, args, `nobody knows what ${args.from!} is`);
  const { there, target, labels } = source!;
  if (!there)
    throw new TaskFailure(
      `there is no image ${args.from!} in the namespace ${args.namespace}`,
      "import it first with src, or pull it from its registry",
    );
  if (image?.there && image.target === target) return undefined;
  const run = must(
    args,
    `${args.from!} cannot be tagged`,
    "images",
    "tag",
    "--force",
    args.from!,
    args.name,
  );
  return { target, manifests: [], labels, run };
}

// Pulls. With a digest that very image is pulled, whatever the registry's tag refers to by now.
function fromRegistry(args: ImageArgs, image: ImageState): Coming | undefined {
  const { digest, name } = args;
  const inName = /@(sha256:[0-9a-f]+)$/.exec(name)?.[1];
  if (image?.there && (digest === undefined || image.target === digest)) return undefined;
  const rest = [...platformWords(args), ...snapshotterWords(args)];
  const pull = (what: string): Script =>
    withRegistry(args, args, "pull", [...rest, what], `${what} cannot be pulled`);
  if (digest === undefined || inName !== undefined)
    return { target: inName ?? null, manifests: [], run: pull(name) };
  const exact = `${name.slice(0, name.lastIndexOf(":"))}@${digest}`;
  const run = lines([
    sh`hw_l=$(${ctrCall(args, "images", "ls", "-q")} | grep -cxF -- ${exact})`,
    pull(exact),
    must(args, `${exact} cannot be tagged`, "images", "tag", "--force", exact, name),
    sh`[ "$hw_l" != 0 ] || ${ctrCall(args, "images", "rm", exact)} >/dev/null`,
  ]);
  return { target: digest, manifests: [], labels: {}, run };
}

function platformWords({ platform, all_platforms }: ImageArgs): string[] {
  if (all_platforms) return ["--all-platforms"];
  return platform === undefined ? [] : ["--platform", platform];
}

function snapshotterWords({ snapshotter }: ImageArgs): string[] {
  return snapshotter === undefined ? [] : ["--snapshotter", snapshotter];
}
