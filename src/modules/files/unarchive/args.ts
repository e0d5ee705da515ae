import { TaskFailure } from "../../../errors.ts";
import { isUrl } from "../../shared/download/download.ts";
import { hostPath } from "../../shared/files/ownership.ts";
import { CONTEXT_ARGUMENTS } from "../../shared/files/attributes.ts";
import { type ArgsOf } from "../../contract/schema.ts";
import { type Schema } from "../../contract/schema.ts";
import type { Selection } from "./members.ts";

export const schema = {
  description:
    "Unpacks a tar archive from the controller, or with remote_src from the host, into a directory. Only members that differ from the archive are replaced, each atomically.",
  example: `name: Unpack the release
unarchive: {src: app-1.2.tar.gz, dest: /opt/app, owner: root, group: root}`,
  returns: [
    "dest, src: the directory, and the archive",
    "state, mode, owner, group, uid, gid, size: of the file as it is now",
    "files: the members of the archive, with list_files",
  ],
  arguments: {
    src: {
      type: "path",
      here: "files",
      required: true,
      description:
        "The archive: on the controller, or with remote_src on the host or a URL that the host downloads.",
    },
    dest: {
      type: "path",
      required: true,
      description: "The directory to unpack to. It must exist.",
    },
    remote_src: { type: "bool", default: false, description: "The archive is on the host." },
    copy: {
      type: "bool",
      default: true,
      description: "The older form of remote_src: no means remote_src: yes.",
    },
    io_buffer_size: { type: "int", default: 65536, description: "Has no effect here." },
    creates: { type: "path", description: "Does nothing if this path exists." },
    owner: {
      type: "str",
      account: "user",
      description: "The owner of what is unpacked; by default, for root, the owner in the archive.",
    },
    group: { type: "str", account: "group", description: "The group of what is unpacked." },
    ...CONTEXT_ARGUMENTS,
    mode: {
      type: "mode",
      description:
        "The mode of what is unpacked; by default that of the archive. If there are directories in it, use letters: u=rwX,go=rX.",
    },
    include: {
      type: "list",
      elements: "str",
      default: [],
      description:
        "Only these members, and everything below them. With an archive on the host this makes the plan exact: they are assumed to be files.",
    },
    exclude: {
      type: "list",
      elements: "str",
      default: [],
      description: "Not these members; * and ? are wildcards.",
    },
    extra_opts: {
      type: "list",
      elements: "str",
      default: [],
      description: "Of tar's options, --strip-components=N and --no-same-owner.",
    },
    list_files: {
      type: "bool",
      default: false,
      description: "Returns the files of the archive in `files`.",
    },
    validate_certs: {
      type: "bool",
      default: true,
      description: "Checks the server's certificate, if src is a URL.",
    },
  },
  mutuallyExclusive: [
    ["include", "exclude"],
    ["copy", "remote_src"],
  ],
} as const satisfies Schema;

export type UnarchiveArgs = ArgsOf<typeof schema>;

// Whether the archive is on the host, in the newer word or the older.
export function isRemote({
  remote_src,
  copy,
}: Pick<UnarchiveArgs, "remote_src" | "copy">): boolean {
  return remote_src || !copy;
}

/** What extra_opts say. */
export interface UnarchiveOptions extends Selection {
  /** Everything belongs to who unpacks, whatever the archive says. */
  ownOwner: boolean;
}

// Reads the parameters that choose members. Options of tar that we do not know
// are refused, not ignored.
export function optionsOf({
  include,
  exclude,
  extra_opts: words,
  src,
  remote_src,
  copy,
}: UnarchiveArgs): UnarchiveOptions {
  const options: UnarchiveOptions = { strip: 0, include, exclude, ownOwner: false };
  if (isUrl(src) && !isRemote({ remote_src, copy }))
    throw new TaskFailure(
      `${src} is a URL, which the host must download`,
      "set remote_src: true, or get it with get_url",
    );
  if (/\.zip$/i.test(src))
    throw new TaskFailure(
      `${src} is a zip archive, and only tar archives can be unpacked`,
      "use the release as .tar.gz, or unpack it with the command module",
    );
  for (let i = 0; i < words.length; i++) {
    const joined = /^--strip(?:-components)?=(\d+)$/.exec(words[i]!)?.[1];
    const next = /^--strip(-components)?$/.test(words[i]!)
      ? /^\d+$/.exec(words[i + 1] ?? "")?.[0]
      : undefined;
    if (words[i] === "--no-same-owner") options.ownOwner = true;
    else if (joined ?? next) options.strip = Number(joined ?? next);
    else
      throw new TaskFailure(
        `unarchive does not support "${words[i]}" in extra_opts`,
        "it supports --strip-components=N and --no-same-owner",
      );
    if (next) i++;
  }
  return options;
}

// Where everything goes.
export function destOf({ dest }: UnarchiveArgs): string {
  return hostPath(dest);
}
