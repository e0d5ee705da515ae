import { createHash } from "node:crypto";
import { TaskFailure } from "../../errors.ts";
import { askHostTree, type HostTree } from "../../probes/files/host-tree.ts";
import { statPath, type PathState } from "../../probes/files/path.ts";
import type { Probes } from "../../probes/probe.ts";
import { sh } from "../../script/sh.ts";
import {
  ATTRIBUTE_ARGUMENTS,
  askAbove,
  makeAbove,
  type PathStates,
  shownState,
} from "../shared/files/attributes.ts";
import { BACKUP, backupResult, plannedBackup } from "../shared/files/backup.ts";
import { planOne, questionFor, shipped, type CopySource } from "./copy/one.ts";
import {
  askFromHost,
  fromHostResult,
  hostTreeArg,
  isFromHost,
  planFromHost,
  type HostTreeState,
} from "./copy/host-tree.ts";
import {
  baseName,
  broughtResult,
  checkSource,
  contentFile,
  localSource,
  takenAs,
} from "./copy/source.ts";
import { askTree, planTree, type Tree, type TreeState } from "./copy/tree.ts";
import type { Change, Controller, Module, StepOutput } from "../contract/module.ts";
import { hostPath, inside, parentOf } from "../shared/files/ownership.ts";
import type { ArgsOf, Schema } from "../contract/schema.ts";
import { defined } from "../../defined.ts";

/** What is known of a single file that is copied, by need. */
export type CopyState = {
  /** What dest leads to. */
  to?: PathState;
  /** The file at dest, or in it. */
  file?: PathState;
  inside?: PathState;
  /** dest itself. */
  link?: PathState;
  /** The directory of dest, and those above a file in it. */
  parent?: PathState;
  above?: PathStates;
  /** The source on the host, and what is in it. */
  src?: PathState;
  tree?: HostTree;
};

export const copySchema = {
  description:
    "Copies a file, a directory or a text to the host. Each file is replaced atomically; the old one can be restored.",
  example: `name: Say hello to whoever logs in
copy: {content: "hello\\n", dest: /etc/motd, mode: "0644"}`,
  findsHomesBefore: { unless: "remote_src" },
  returns: [
    "dest, src: where it was copied to, and from",
    "checksum: its SHA-1",
    "md5sum: its MD5, where the content changes",
    "state, mode, owner, group, uid, gid, size: of the file as it is now",
    "backup_file: where the old content was saved",
  ],
  arguments: {
    src: {
      type: "path",
      here: "files",
      description:
        "A file or directory on the controller, looked for in files/ of the role and next to the playbook. With a trailing slash, the contents of the directory. With remote_src, a file or directory on the host.",
    },
    content: { type: "raw", description: "The text itself. A mapping or a list becomes JSON." },
    dest: {
      type: "path",
      required: true,
      description:
        "Where to copy it: a file, or a directory that gets it under its own name. With a trailing slash it is a directory, which is created if it does not exist.",
    },
    ...ATTRIBUTE_ARGUMENTS,
    mode: {
      type: "mode",
      description:
        'Permissions, in octal ("0644") or by letters (u=rw,go=r); preserve: those of the source. Unless said, a new file has what the umask of the login leaves, 0644 with 022.',
    },
    directory_mode: {
      type: "mode",
      description: "Permissions of directories that have to be created.",
    },
    backup: BACKUP,
    force: {
      type: "bool",
      default: true,
      description: "false: a file that exists is not changed.",
    },
    follow: {
      type: "bool",
      default: false,
      description: "Writes to the target of a link at dest; false replaces the link.",
    },
    local_follow: {
      type: "bool",
      description:
        "Follows links in a directory, which is the default for one on the controller; false copies them as links, which is the default for one on the host.",
    },
    remote_src: { type: "bool", default: false, description: "src is on the host." },
    validate: {
      type: "str",
      description: "A command that checks the new file, %s, before it replaces the old one.",
    },
    decrypt: {
      type: "bool",
      default: true,
      description:
        "Decrypts a source that is encrypted with ansible-vault; its content is not shown.",
    },
    checksum: {
      type: "str",
      description: "The checksum that the source must have: SHA-1, or sha256:HEX.",
    },
  },
  mutuallyExclusive: [["src", "content"]],
  requiredOneOf: [["src", "content"]],
} as const satisfies Schema;

export type CopyArgs = ArgsOf<typeof copySchema>;

/** Files from the controller, or from elsewhere on the host. */
export const copy: Module<CopyArgs, CopyState | TreeState | HostTreeState> = {
  name: "copy",
  schema: copySchema,
  observe(args, controller) {
    if (args.src === "") throw new TaskFailure("src (or content) is required");
    const tree = treeOf(args, controller);
    return tree
      ? askTree(tree, args, takenAs(args, controller))
      : askOne(args, args.remote_src ? undefined : sourceOf(args, {}, controller));
  },
  observeAgain: (args, first) =>
    "tree" in first && first.tree ? askFromHost(args, first.tree) : undefined,
  plan(args, before, controller) {
    if (isFromHost(before)) return planFromHost(args, before, controller);
    const tree = treeOf(args, controller);
    return tree
      ? planTree(tree, args, before as TreeState, takenAs(args, controller))
      : planFile(args, sourceOf(args, before, controller), before, controller);
  },
  result(args, state, outputs, controller) {
    const from = args.src === undefined ? {} : { src: args.src };
    if (isFromHost(state)) return { ...from, ...fromHostResult(args, state) };
    const tree = treeOf(args, controller);
    if (tree) return { dest: inside(hostPath(args.dest), ""), ...from, state: "directory" };
    return { ...from, ...fileResult(args, sourceOf(args, state, controller), state, outputs) };
  },
};

// The tree that is copied, if `src` is a directory. Its name is part of the copy,
// unless `src` ends in a slash.
function treeOf(args: CopyArgs, controller: Controller): Tree | undefined {
  if (args.src === undefined || args.remote_src) return undefined;
  const source = localSource(args.src, takenAs(args, controller));
  if (!("tree" in source)) return undefined;
  if (args.validate !== undefined)
    throw new TaskFailure("validate checks a single file, but src is a directory");
  const dest = hostPath(args.dest);
  return {
    src: args.src,
    to: args.src.endsWith("/") ? dest : inside(dest, baseName(args.src)),
    tree: source.tree,
  };
}

// The wanted content of the single file.
function sourceOf(args: CopyArgs, before: CopyState, controller: Controller): CopySource {
  if (args.remote_src) return hostSource(args, before.src ?? null);
  const local =
    args.src === undefined
      ? { file: contentFile(args.content) }
      : localSource(args.src, takenAs(args, controller));
  if (!("file" in local)) throw new TaskFailure(`${args.src} is a directory`);
  checkSource(local.file, args.checksum, controller);
  return shipped(local.file);
}

// A file that is on the host already.
function hostSource(args: CopyArgs, state: PathState): CopySource {
  const src = hostPath(args.src ?? "");
  if (state === null)
    throw new TaskFailure(
      `${src} does not exist on the host`,
      "without remote_src, it is looked for on the controller",
    );
  if (state.type !== "file")
    throw new TaskFailure(
      `${src} is a ${state.type}, not a file`,
      state.type === "denied" ? "use become" : "only files and directories are copied",
    );
  const wanted = args.checksum?.replace(/^sha256:/, "");
  if (wanted !== undefined && state.sha256 !== wanted)
    throw new TaskFailure(
      `${src} has the sha256 ${state.sha256 ?? "that apply will show"}, not ${wanted}`,
      "with remote_src the checksum is a sha256",
    );
  return { sha256: state.sha256 ?? null, size: state.size, mode: state.mode, from: sh`${src}` };
}

// Asks for the single file, where it may be, and what it needs to exist there.
export function askOne(args: CopyArgs, source: CopySource | undefined): Probes<CopyState> {
  const dest = hostPath(args.dest);
  const question = {
    ...(source ? questionFor(source) : { digest: true }),
    ...defined({ follow: args.follow ? true : undefined }),
  };
  const src = args.remote_src
    ? {
        src: statPath(hostPath(args.src ?? ""), { follow: true, digest: true, source: true }),
        tree: askHostTree(hostTreeArg(args)),
      }
    : {};
  const name = args.src === undefined ? undefined : baseName(args.src);
  if (name !== undefined && args.dest.endsWith("/"))
    return {
      ...src,
      above: askAbove(inside(dest, name)),
      inside: statPath(inside(dest, name), question),
    };
  const named = name === undefined ? {} : { inside: statPath(inside(dest, name), question) };
  return {
    ...src,
    to: statPath(dest, { follow: true }),
    parent: statPath(parentOf(dest), { follow: true }),
    ...defined({ link: args.follow ? statPath(dest) : undefined }),
    file: statPath(dest, question),
    ...named,
  };
}

/** Where the one file goes. */
interface Place {
  path: string;
  question: "file" | "inside";
}

// `dest`, or a path in it. Fails if no file can be there.
function placeOf(args: CopyArgs, before: CopyState): Place {
  const dest = hostPath(args.dest);
  const isFolder = args.dest.endsWith("/") || before.to?.type === "directory";
  if (!isFolder) return { path: dest, question: "file" };
  if (args.src === undefined)
    throw new TaskFailure(
      "can not use content with a dir as dest",
      `${dest} is a directory: add the file's name to it`,
    );
  return { path: inside(dest, baseName(args.src)), question: "inside" };
}

// Plans the single file, with the directories that a slash at the end of dest asks for.
export function planFile(
  args: CopyArgs,
  source: CopySource,
  before: CopyState,
  controller: Controller,
): Change<CopyState> | null {
  const { path, question } = placeOf(args, before);
  const isMade = args.dest.endsWith("/") && args.src !== undefined;
  const folders = { owner: args.owner, group: args.group, mode: args.directory_mode };
  const above = isMade ? makeAbove(path, folders, before.above, controller) : undefined;
  const present = question === "inside" ? before.to! : (before.parent ?? null);
  const parent = above ? above.parent : present;
  if (parent?.type === "denied")
    throw new TaskFailure(`${parentOf(path)} cannot be accessed`, "use become");
  if (parent?.type !== "directory")
    throw new TaskFailure(
      `Destination directory ${parentOf(path)} does not exist`,
      "create it first, with the file module",
    );
  const placed = planOne(path, source, args, before[question] ?? null, parent, controller);
  if (!placed) return null;
  const brought = broughtResult(source, before[question], placed.after);
  const whole = question === "file" ? { to: placed.after } : {};
  const isPlain = "link" in before && question === "file" && before.link?.type !== "link";
  return {
    after: {
      ...before,
      ...whole,
      ...defined({ above: above?.after, link: isPlain ? placed.after : undefined }),
      [question]: placed.after,
    },
    also: above?.also ?? [],
    steps: [...(above?.steps ?? []), ...placed.steps],
    diff: [...(above?.diff ?? []), ...placed.diff],
    result: { ...plannedBackup(placed.isKept), ...brought },
  };
}

// What `register` gets of one file.
export function fileResult(
  args: CopyArgs,
  source: CopySource,
  state: CopyState,
  outputs: StepOutput[] | undefined,
): { [key: string]: unknown } {
  const { path, question } = placeOf(args, state);
  const text = source.file?.content ?? source.file?.text;
  const checksum =
    text === undefined ? {} : { checksum: createHash("sha1").update(text).digest("hex") };
  return {
    dest: path,
    ...shownState(state[question] ?? null),
    ...checksum,
    ...backupResult(outputs),
  };
}
