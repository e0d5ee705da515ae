import { createHash } from "node:crypto";
import { TaskFailure } from "../../errors.ts";
import { contentText, statPath, type PathState, type PathType } from "../../probes/files/path.ts";
import { TYPES } from "../../probes/files/path/state.ts";
import { askStat, type StatAlgorithm, type StatState } from "../../probes/files/stat.ts";
import { Unknown } from "../../value.ts";
import { octal } from "../shared/files/mode.ts";
import type { Module } from "../contract/module.ts";
import { hostPath } from "../shared/files/ownership.ts";
import type { ArgsOf, Schema } from "../contract/schema.ts";
import { defined } from "../../defined.ts";
import { fromKeys } from "../../records.ts";

/**
 * `path`: what is there, including what earlier tasks make of it; `host`: everything
 * that the host reports now.
 */
type State = { path: PathState; host: StatState };

const schema = {
  description:
    "Reads the state of a file, directory or link. Register the result and use stat.exists, stat.isdir, stat.checksum and so on.",
  example: `name: Look whether the file is there
stat: {path: /etc/app.conf}
register: conf`,
  returns: [
    "stat: exists, and if it does: path, isdir, isreg, islnk, mode, size, checksum and so on",
  ],
  arguments: {
    path: {
      type: "path",
      required: true,
      aliases: ["dest", "name"],
      description: "The path on the host.",
    },
    follow: { type: "bool", default: false, description: "Follows a link." },
    get_checksum: { type: "bool", default: true, description: "Includes the checksum of a file." },
    checksum_algorithm: {
      type: "str",
      default: "sha1",
      choices: ["md5", "sha1", "sha224", "sha256", "sha384", "sha512"],
      aliases: ["checksum", "checksum_algo"],
      description: "Which digest.",
    },
    get_mime: {
      type: "bool",
      default: true,
      aliases: ["mime", "mime_type", "mime-type"],
      description:
        "Includes mimetype and charset, if the host has the program file; otherwise they are unknown.",
    },
    get_attributes: {
      type: "bool",
      default: true,
      aliases: ["attr", "attributes"],
      description:
        "Includes attributes, attr_flags and version, as far as lsattr is on the host and reads them.",
    },
  },
} as const satisfies Schema;

export type StatArgs = ArgsOf<typeof schema>;

/** What is at a path, with the keys of Ansible's stat. */
export const stat: Module<StatArgs, State> = {
  name: "stat",
  readOnly: true,
  schema,
  observe(args) {
    const path = hostPath(args.path);
    const checksum = args.get_checksum ? { checksum: args.checksum_algorithm } : {};
    return {
      path: statPath(path, {
        source: true,
        ...defined({ follow: args.follow ? true : undefined }),
      }),
      host: askStat({
        path,
        follow: args.follow,
        ...checksum,
        ...defined({
          mime: args.get_mime ? true : undefined,
          attributes: args.get_attributes ? true : undefined,
        }),
      }),
    };
  },
  plan(args, { path }) {
    if (path?.type === "denied")
      throw new TaskFailure(`${args.path} cannot be accessed`, "use become");
    return null;
  },
  result: (args, { path, host }) => ({
    stat:
      path === null && host === null
        ? { exists: false }
        : { exists: true, path: args.path, ...fieldsOf(args, path, host) },
  }),
};

const IS_TYPE: readonly [key: string, type: PathType][] = [
  ["isdir", "directory"],
  ["ischr", "char"],
  ["isblk", "block"],
  ["isreg", "file"],
  ["isfifo", "fifo"],
  ["islnk", "link"],
  ["issock", "socket"],
];
const FLAGS: readonly [key: string, bit: number][] = [
  ["rusr", 0o400],
  ["wusr", 0o200],
  ["xusr", 0o100],
  ["rgrp", 0o040],
  ["wgrp", 0o020],
  ["xgrp", 0o010],
  ["roth", 0o004],
  ["woth", 0o002],
  ["xoth", 0o001],
  ["isuid", 0o4000],
  ["isgid", 0o2000],
];

// All keys. Of what an earlier task has yet to make or change the host says nothing: only that is
// known which the task says.
function fieldsOf(args: StatArgs, path: PathState, host: StatState): { [key: string]: unknown } {
  const unknown = new Unknown(`the state of ${args.path} after it was changed`);
  const known: Partial<NonNullable<PathState>> = host ? stateOf(host) : path!;
  const { type, target, mode = unknown } = known;
  const checksum = host ? host.checksum : (plannedSum(args.checksum_algorithm, path!) ?? unknown);
  return {
    ...Object.fromEntries(IS_TYPE.map(([key, name]) => [key, type === name])),
    mode: typeof mode === "number" ? octal(mode) : mode,
    ...Object.fromEntries(
      FLAGS.map(([key, bit]) => [key, typeof mode === "number" ? (mode & bit) !== 0 : mode]),
    ),
    uid: known.uid ?? unknown,
    gid: known.gid ?? unknown,
    pw_name: known.owner ?? unknown,
    gr_name: known.group ?? unknown,
    size: known.size ?? unknown,
    ...fromKeys(["inode", "dev", "nlink", "atime", "mtime", "ctime"] as const, (key) =>
      host ? host[key] : unknown,
    ),
    block_size: host ? host.blockSize : unknown,
    blocks: host ? host.blocks : unknown,
    device_type: host ? host.deviceType : unknown,
    ...(args.get_mime && (host ? mimeOf(host) : { mimetype: unknown, charset: unknown })),
    ...(args.get_attributes &&
      (host ? attributesOf(host) : { version: unknown, attributes: unknown, attr_flags: unknown })),
    readable: host ? host.may.includes("r") : unknown,
    writeable: host ? host.may.includes("w") : unknown,
    executable: host ? host.may.includes("x") : unknown,
    ...defined({
      lnk_target: type === "link" ? (target ?? unknown) : undefined,
      lnk_source: type === "link" ? (host?.source ?? unknown) : undefined,
      checksum: args.get_checksum && type === "file" ? checksum : undefined,
    }),
  };
}

// What the program `file` says of the content: its type, and how text is encoded.
function mimeOf({ mime }: NonNullable<StatState>): { mimetype: string; charset: string } {
  const [, mimetype, charset] = /^(.*); charset=(.*)$/.exec(mime ?? "") ?? [];
  return { mimetype: mimetype ?? "unknown", charset: charset ?? "unknown" };
}

/** The names of the attributes that Ansible knows, by lsattr's letters. */
const ATTRIBUTES: { readonly [letter: string]: string } = {
  A: "noatime",
  a: "append",
  c: "compressed",
  C: "nocow",
  d: "nodump",
  D: "dirsync",
  e: "extents",
  E: "encrypted",
  h: "blocksize",
  i: "immutable",
  I: "indexed",
  j: "journalled",
  N: "inline",
  s: "zero",
  S: "synchronous",
  t: "notail",
  T: "blockroot",
  u: "undelete",
  X: "compressedraw",
  Z: "compresseddirty",
};

// What `lsattr` says of the file.
function attributesOf({ attributes }: NonNullable<StatState>): {
  version: string | null;
  attributes: string[];
  attr_flags: string;
} {
  const [, version = null, letters = ""] = /^\s*(\d+)\s+(\S+)/.exec(attributes ?? "") ?? [];
  const flags = letters.replaceAll("-", "");
  const names = [...flags].flatMap((letter) => ATTRIBUTES[letter] ?? []);
  return { version, attributes: names, attr_flags: flags };
}

// What the host reports of a path, as a path's state has it.
function stateOf({ bits, ...host }: NonNullable<StatState>): Partial<NonNullable<PathState>> {
  const type = TYPES.find(([own]) => own === (bits & 0xf000))?.[1];
  return { ...host, ...defined({ type }), mode: bits & 0o7777 };
}

// The digest of a content that is planned, where it is known.
function plannedSum(algorithm: StatAlgorithm, path: NonNullable<PathState>): string | undefined {
  if (algorithm === "sha256" && typeof path.sha256 === "string") return path.sha256;
  return contentText(path) === undefined
    ? undefined
    : createHash(algorithm).update(Buffer.from(path.content!, "base64")).digest("hex");
}
