import { TaskFailure } from "../../errors.ts";
import { askImage, type ImageState } from "../../probes/containerd/image.ts";
import { askImageFile, type ImageFile } from "../../probes/containerd/image_file.ts";
import { ctrCall } from "../../probes/containerd/ctr.ts";
import { sh, type Script } from "../../script/sh.ts";
import { CTR_ARGUMENTS, refuseSilent, refuseUnlikely } from "../shared/containerd/ctr.ts";
import { refuseRelative } from "../shared/containerd/paths.ts";
import { hostPath } from "../shared/files/ownership.ts";
import type { Module } from "../contract/module.ts";
import type { ArgsOf, Schema } from "../contract/schema.ts";
import { refuseImageName, shownImage } from "../shared/containerd/images/image_names.ts";
import { restore } from "../../script/undo.ts";
import { fieldDiff } from "../contract/diff.ts";

interface State {
  image: ImageState;
  file: ImageFile;
}

const schema = {
  collection: "hullwright.containerd",
  description:
    "Exports an image of containerd to an OCI archive on the host. An archive with another image is written again.",
  example: `name: Have an image as an archive
ctr_image_export: {name: "docker.io/library/nginx:alpine", dest: /srv/nginx.tar.gz}`,
  returns: ["name, dest: as given", "digest: what the name refers to"],
  arguments: {
    name: {
      type: "str",
      required: true,
      description: "The image's full name, such as docker.io/library/nginx:alpine.",
    },
    dest: {
      type: "path",
      required: true,
      description:
        "The archive's path on the host. It is compressed if its name ends in .gz or .tgz.",
    },
    platform: {
      type: "str",
      description: "Of an image of several platforms, the one to export.",
    },
    all_platforms: {
      type: "bool",
      default: false,
      description: "Exports all platforms of the image.",
    },
    mode: { type: "mode", default: "0644", description: "The archive's mode." },
    ...CTR_ARGUMENTS,
  },
  mutuallyExclusive: [["platform", "all_platforms"]],
} as const satisfies Schema;

type ExportArgs = ArgsOf<typeof schema>;

/** An image of containerd as an archive on the host. */
export const ctr_image_export: Module<ExportArgs, State> = {
  name: "ctr_image_export",
  schema,
  observe(args) {
    refuseUnlikely(args);
    refuseImageName("name", args.name);
    refuseRelative(args, ["dest"]);
    return {
      image: askImage(args, { content: true }),
      file: askImageFile(hostPath(args.dest)),
    };
  },
  plan(args, { image, file }) {
    refuseSilent(image, args, `${args.name} cannot be exported`);
    const { there, target: digest } = image!;
    if (!there)
      throw new TaskFailure(
        `there is no image ${args.name} in the namespace ${args.namespace}`,
        'bring it first, with "ctr_image"',
      );
    const same = [digest ?? "", ...image!.manifests.map((manifest) => manifest.digest)];
    const held = file?.images.find(({ name }) => name === args.name);
    if (held && same.includes(held.digest)) return null;
    const dest = hostPath(args.dest);
    return {
      after: { image, file: { images: [{ digest: digest ?? "", name: args.name }] } },
      also: [
        {
          kind: "path",
          subject: dest,
          after: { type: "file", mode: Number.parseInt(args.mode, 8) },
        },
      ],
      steps: [{ run: exportScript(args, dest), undo: restore(dest) }],
      diff: [
        fieldDiff(
          dest,
          held ? `${args.name} (${held.digest})` : file && "other images",
          shownImage(args.name, digest),
        ),
      ],
    };
  },
  result: ({ name, dest }, { image }) => ({
    name,
    dest,
    digest: image?.target ?? null,
  }),
};

// Exports beside the destination, and renames it into place.
function exportScript(args: ExportArgs, dest: string): Script {
  const platform = args.platform === undefined ? [] : ["--platform", args.platform];
  const flags = args.all_platforms ? ["--all-platforms"] : platform;
  const pack = /\.t?gz$/.test(dest) ? sh`gzip -n < ./f > ./z && mv -f ./z ./f` : sh`:`;
  return sh`hw_export() { hw_o=$(${ctrCall(args, "images", "export", flags, "./f", args.name)} 2>&1) || { hw_fail ${`${args.name} cannot be exported:`} "$hw_o"; rm -f ./f; return 1; }; ${pack} && chmod ${args.mode} ./f && sync ./f; }
hw_new ${dest} hw_export`;
}
