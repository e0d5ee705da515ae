import FUNCTIONS from "./image.sh?raw";
import { defined } from "../../defined.ts";
import { lines, sh } from "../../script/sh.ts";
import { ask, ProbeError, type Probe, type ProbeKind } from "../probe.ts";
import {
  ctrCall,
  ctrSubject,
  listed,
  numbered,
  perNamespace,
  readJson,
  readLabels,
  type CtrArg,
} from "./ctr.ts";
import { sha256Hex } from "../../sha256.ts";

/** Which image is asked about, and how much. */
export interface ImageArg extends CtrArg {
  name: string;
  /** Its manifests are wanted too, which takes a few processes more. */
  content: boolean;
  /** Its digest must be known, even if a task before makes the image. */
  exact: boolean;
}

/** One platform's manifest of an image. */
export interface ImageManifest {
  digest: string;
  /** The digest of its configuration: what Docker calls the image's id. */
  config: string;
  /** Such as linux/amd64, if it is reported. */
  platform?: string;
  /** The key of its unpacked layers' snapshot. */
  chain?: string;
}

/** An image as containerd has it; null: containerd does not answer. */
export type ImageState = {
  there: boolean;
  /**
   * The digest that its name refers to; null: it does not exist, or an earlier task makes
   * it, and it is not known yet.
   */
  target: string | null;
  labels: { [name: string]: string };
  manifests: ImageManifest[];
} | null;

/** An image that does not exist. */
export const NO_IMAGE: NonNullable<ImageState> = {
  there: false,
  target: null,
  labels: {},
  manifests: [],
};

/** One image of a namespace. `ctr images ls` is run once for all images of it. */
export const image: ProbeKind<ImageArg, ImageState> = {
  name: "ctr image",
  subject: (arg) => `${ctrSubject(arg)} ${arg.name}`,
  holds: { unknownBehind: "starts" },
  planned: {
    overlay(observed, after, arg) {
      const planned = withManifests(observed, after);
      const isUnsure = planned !== null && planned.there && planned.target === null && arg.exact;
      return isUnsure ? undefined : planned;
    },
  },
  script: (args) =>
    lines([
      { sh: FUNCTIONS },
      ...perNamespace(
        args,
        (arg) => listed("hw_images", arg, "images", "ls"),
        (arg, index) =>
          sh`hw_image ${index} ${arg.name} ${arg.content ? 1 : ""} ${ctrCall(arg, "content", "get")}`,
      ),
    ]),
  parse(output, args) {
    const answers = numbered(output, "image");
    return args.map((_arg, index) => readImage(answers.get(index)));
  },
};

// What a task says of an image without having asked for its manifests leaves them as they are.
function withManifests(observed: ImageState, after: ImageState): ImageState {
  const isSame = after !== null && after.target !== null && after.target === observed?.target;
  return isSame && after.manifests.length === 0
    ? { ...after, manifests: observed.manifests }
    : after;
}

// Asks for one image.
export function askImage(
  arg: CtrArg & { name: string },
  more: { content?: boolean; exact?: boolean } = {},
): Probe<ImageState> {
  const { ctr, address, namespace, name } = arg;
  const { content = false, exact = false } = more;
  return ask(image, { ctr, address, namespace, name, content, exact });
}

function readImage(answer: string[] | undefined): ImageState {
  const [state, digest, labels = ""] = answer?.[0]?.split(" ") ?? [];
  if (state === "down") return null;
  if (state === "absent") return NO_IMAGE;
  if (state !== "there" || digest === undefined)
    throw new ProbeError("the answer about an image is truncated or garbled");
  const blobs = new Map(
    answer!.slice(1).map((line): [string, Blob] => {
      const [, name = "", text = ""] = line.split(" ");
      return [name, readJson(text) ?? {}];
    }),
  );
  return {
    there: true,
    target: digest,
    labels: readLabels(labels),
    manifests: manifestsOf(digest, blobs),
  };
}

/** What is read of an index, a manifest or a configuration. */
interface Blob {
  manifests?: { digest?: string; platform?: Platform }[];
  config?: { digest?: string };
  rootfs?: { diff_ids?: string[] };
  os?: string;
  architecture?: string;
}

interface Platform {
  os?: string;
  architecture?: string;
  variant?: string;
}

// The manifests whose content is here; those of other platforms mostly are not.
function manifestsOf(digest: string, blobs: ReadonlyMap<string, Blob>): ImageManifest[] {
  const top = blobs.get(digest);
  const each = top?.manifests ?? [{ digest }];
  return each.flatMap(({ digest: own = "", platform }) => {
    const config = blobs.get(own)?.config?.digest;
    if (config === undefined) return [];
    const facts = blobs.get(config);
    const known = platform ?? facts;
    const diffs = facts?.rootfs?.diff_ids;
    return [
      {
        digest: own,
        config,
        ...defined({
          platform: known?.os && known.architecture ? platformName(known) : undefined,
          chain: diffs && diffs.length > 0 ? chainOf(diffs) : undefined,
        }),
      },
    ];
  });
}

// A platform as users write it: linux/arm64/v8.
function platformName({ os = "", architecture = "", variant }: Platform): string {
  return [os, architecture, ...(variant ? [variant] : [])].join("/");
}

// The chain id of layers, as OCI's image specification defines it.
function chainOf(diffs: readonly string[]): string {
  return diffs.reduce((chain, diff) => `sha256:${sha256Hex(`${chain} ${diff}`)}`);
}
