import { lines, sh } from "../../script/sh.ts";
import { ask, type Probe, type ProbeKind } from "../probe.ts";
import { numbered, readJson } from "./ctr.ts";

/** What an archive of images on the host holds; null: there is no such file, or it is none. */
export type ImageFile = { images: { digest: string; name: string | null }[] } | null;

/** Archives as `ctr images export` writes them. A packed one is read whole for it. */
export const imageFile: ProbeKind<{ path: string }, ImageFile> = {
  name: "image archive",
  subject: (arg) => arg.path,
  holds: { unknownBehind: "commands" },
  script: (args) =>
    lines(
      args.map(
        ({ path }, index) =>
          sh`[ -f ${path} ] && printf 'archive %s %s\n' ${index} "$(tar -xOf ${path} index.json 2>/dev/null | base64 | tr -d '\n')"; :`,
      ),
    ),
  parse(output, args) {
    const answers = numbered(output, "archive");
    return args.map((_arg, index) => readFile(answers.get(index)?.[0]));
  },
};

// Asks what an archive on the host holds.
export function askImageFile(path: string): Probe<ImageFile> {
  return ask(imageFile, { path });
}

/** The part of index.json that is read. */
interface Index {
  manifests?: { digest?: string; annotations?: { [name: string]: string } }[];
}

function readFile(text: string | undefined): ImageFile {
  const index = text ? (readJson(text) as Index | undefined) : undefined;
  if (!index) return null;
  return {
    images: (index.manifests ?? []).map(({ digest, annotations }) => ({
      digest: digest ?? "",
      name: annotations?.["io.containerd.image.name"] ?? null,
    })),
  };
}
