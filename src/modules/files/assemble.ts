import { isUtf8 } from "node:buffer";
import { createHash } from "node:crypto";
import { defined } from "../../defined.ts";
import { TaskFailure } from "../../errors.ts";
import { askHostTree, treeWithFile } from "../../probes/files/host-tree.ts";
import { statPath, type PathState } from "../../probes/files/path.ts";
import type { Probe, Probes } from "../../probes/probe.ts";
import { sha256Hex } from "../../sha256.ts";
import type { Controller, LocalFile, Module } from "../contract/module.ts";
import type { ArgsOf, Schema } from "../contract/schema.ts";
import { TEXT_LIMIT } from "../shared/edit/edit.ts";
import { ATTRIBUTE_ARGUMENTS } from "../shared/files/attributes.ts";
import { BACKUP } from "../shared/files/backup.ts";
import { hostPath, inside } from "../shared/files/ownership.ts";
import { joined } from "./assemble/join.ts";
import {
  chosenNames,
  controllerFragments,
  hostFragments,
  type FragmentState,
} from "./assemble/fragments.ts";
import { askOne, fileResult, planFile, type CopyArgs, type CopyState } from "./copy.ts";
import { shipped } from "./copy/one.ts";

const schema = {
  description:
    "Joins the files of a directory, in the order of their names, into one file. The directory is on the host, or with remote_src: false on the controller.",
  example: `name: Join the parts of the configuration
assemble: {src: /etc/app/conf.d, dest: /etc/app/app.conf, mode: "0644"}`,
  checkMode: { kind: "skipped", msg: "check mode is not supported for this task." },
  returns: [
    "dest, src: the file, and the directory of its parts",
    "checksum, md5sum: its SHA-1 and its MD5",
    "state, mode, owner, group, uid, gid, size: of the file as it is now",
    "backup_file: where the old content was saved",
  ],
  arguments: {
    src: {
      type: "path",
      here: "files",
      required: true,
      description: "The directory. Directories in it are left out.",
    },
    dest: { type: "path", required: true, description: "The file that they become." },
    remote_src: {
      type: "bool",
      default: true,
      description: "The directory is on the host; false: it is on the controller.",
    },
    delimiter: {
      type: "str",
      description: "A line between two files. \\n, \\t and the like in it are as in Python.",
    },
    regexp: {
      type: "str",
      description: "Takes only files in whose names this pattern is found.",
    },
    ignore_hidden: {
      type: "bool",
      default: false,
      description: "Leaves out files whose names begin with a dot.",
    },
    backup: BACKUP,
    validate: {
      type: "str",
      description: "A command that checks the new file, %s, before it replaces the old one.",
    },
    decrypt: {
      type: "bool",
      default: true,
      description: "Decrypts files of the controller that are encrypted with ansible-vault.",
    },
    ...ATTRIBUTE_ARGUMENTS,
  },
} as const satisfies Schema;

type AssembleArgs = ArgsOf<typeof schema>;

/** The file that is made, and what is in the directory of the host: files by their names. */
type AssembleState = CopyState & FragmentState;

type Whole = LocalFile & { content: Buffer };

/** Copy with a text that is joined from files. */
export const assemble: Module<AssembleArgs, AssembleState> = {
  name: "assemble",
  schema,
  observe: askFirst,
  observeAgain: (args, { tree }) =>
    tree
      ? { ...askFirst(args), fragments: askFragments(args, chosenNames(args, tree.entries)) }
      : undefined,
  plan(args, before, controller) {
    const whole = wholeFile(args, before, controller);
    refuseDirectory(args, before);
    refuseItself(args);
    const change = planFile(copyArgs(args), shipped(whole), before, controller);
    return change && { ...change, after: { ...change.after, ...treeAfter(args, before) } };
  },
  result(args, state, outputs, controller) {
    const whole = wholeFile(args, state, controller);
    const file = fileResult(copyArgs(args), shipped(whole), state, outputs);
    const md5sum = createHash("md5").update(whole.content).digest("hex");
    const isDone = outputs?.at(-1)?.code === undefined || outputs.at(-1)!.code === 0;
    return { src: args.src, ...file, md5sum, ...(args.remote_src && isDone && { msg: "OK" }) };
  },
};

function copyArgs({ src: _, ...args }: AssembleArgs): CopyArgs {
  return { ...args, remote_src: false, force: true, follow: false, content: "" };
}

// Asks for the file that is made, and for what is in a directory of the host.
function askFirst(args: AssembleArgs): Probes<AssembleState> {
  const asked = askOne(copyArgs(args), undefined);
  return args.remote_src ? { ...asked, ...askDirectory(args) } : asked;
}

function askDirectory({ src }: AssembleArgs): Probes<AssembleState> {
  const path = hostPath(src);
  return { src: statPath(path, { follow: true }), tree: askHostTree({ path, follow: false }) };
}

// Asks for the texts of the files that are joined.
function askFragments(
  { src }: AssembleArgs,
  names: readonly string[],
): { [name: string]: Probe<PathState> } {
  const asked = names.map((name): [string, Probe<PathState>] => [
    name,
    statPath(inside(hostPath(src), name), { follow: true, unless: "" }),
  ]);
  return Object.fromEntries(asked);
}

// Fails where dest is a directory: unlike copy's source, what is joined has no name of its own.
function refuseDirectory({ dest }: AssembleArgs, { to }: AssembleState): void {
  if (dest.endsWith("/") || to?.type === "directory")
    throw new TaskFailure(`${dest} is a directory, not a file`, "add the file's name to it");
}

// The path of dest below the directory of the host whose files are joined; undefined: dest is
// elsewhere.
function pathBelow({ src, dest, remote_src: isOnHost }: AssembleArgs): string | undefined {
  if (!isOnHost) return undefined;
  const above = inside(hostPath(src), "");
  return dest.startsWith(above) ? hostPath(dest).slice(above.length) : undefined;
}

// Fails where the file would be joined with the others the next time, or what is kept of it.
function refuseItself(args: AssembleArgs): void {
  const path = pathBelow(args);
  if (path === undefined) return;
  if (chosenNames(args, [{ path, type: "file" }]).length > 0)
    throw new TaskFailure(
      `${args.dest} is one of the files of ${args.src} that are joined`,
      "put it elsewhere, or choose the others with regexp",
    );
  if (args.backup)
    throw new TaskFailure(
      `backup would put a file into ${args.src}, whose files are joined`,
      "put dest elsewhere, or leave out backup",
    );
}

// What is in the directory, where the file is put into it.
function treeAfter(args: AssembleArgs, { tree }: AssembleState): Partial<AssembleState> {
  const path = pathBelow(args);
  return tree && path !== undefined ? { tree: treeWithFile(tree, path) } : {};
}

// The file that the others make.
function wholeFile(args: AssembleArgs, state: AssembleState, controller: Controller): Whole {
  const fragments = args.remote_src
    ? hostFragments(args, state)
    : controllerFragments(args, controller);
  const content = joined(
    args,
    fragments.map((fragment) => fragment.content),
  );
  const isText = content.length <= TEXT_LIMIT && isUtf8(content);
  return {
    content,
    size: content.length,
    sha256: sha256Hex(content),
    ...defined({
      text: isText ? content.toString("utf8") : undefined,
      secret: fragments.find(({ isSecret }) => isSecret)?.isSecret,
    }),
  };
}
