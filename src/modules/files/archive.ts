import { TaskFailure } from "../../errors.ts";
import { defined } from "../../defined.ts";
import {
  askArchived,
  isGlob,
  writeArchive,
  type ArchivedArg,
  type ArchivedState,
} from "../../probes/files/archived.ts";
import { statPath, type PathState } from "../../probes/files/path.ts";
import { sh } from "../../script/sh.ts";
import { Unknown } from "../../value.ts";
import { restore } from "../../script/undo.ts";
import type { Also, Change, Controller, Diff, Module, Step } from "../contract/module.ts";
import type { ArgsOf, Schema } from "../contract/schema.ts";
import {
  ATTRIBUTE_ARGUMENTS,
  attributesStep,
  keptOwners,
  newFileState,
  mustBeAccessible,
  shownState,
  withAttributes,
  type Present,
} from "../shared/files/attributes.ts";
import { applyMode, octal } from "../shared/files/mode.ts";
import { hostPath, ownershipAfter, parentOf } from "../shared/files/ownership.ts";
import { showPath } from "../shared/files/show-path.ts";
import { fieldDiff } from "../contract/diff.ts";

const schema = {
  collection: "community.general",
  description:
    "Packs files and directories of the host into a tar archive there, or compresses one file. It is written again if names, modes, owners, sizes or times differ.",
  example: `name: Keep the configuration before the upgrade
archive: {path: /etc/containerd, dest: /var/backups/containerd.tar.gz}`,
  returns: [
    "dest, dest_state: the archive, and whether it is an archive, one compressed file (compress), lacks a path (incomplete), or is not there (absent)",
    "archived, missing: the paths that it has, and those that do not exist",
    "arcroot: the directory below which the names of members begin",
    "expanded_paths, expanded_exclude_paths: path and exclude_path with what patterns match",
    "state, mode, owner, group, uid, gid, size: of the archive",
  ],
  arguments: {
    path: {
      type: "list",
      elements: "path",
      required: true,
      description: "What to pack: paths, or patterns with * and ?.",
    },
    dest: {
      type: "path",
      description: "The archive. By default, for one file: its name with the format as the ending.",
    },
    format: {
      type: "str",
      choices: ["bz2", "gz", "tar", "xz", "zstd"],
      foreignChoices: ["zip"],
      default: "gz",
      description: "How it is compressed; tar: not at all.",
    },
    exclude_path: {
      type: "list",
      elements: "path",
      default: [],
      description: "Paths or patterns that are left out of what path names or matches.",
    },
    exclusion_patterns: {
      type: "list",
      elements: "str",
      default: [],
      description:
        "Members whose whole names in the archive match one of these patterns are left out; * also matches slashes.",
    },
    force_archive: {
      type: "bool",
      default: false,
      description: "One file becomes an archive, too, instead of being compressed alone.",
    },
    remove: {
      type: "bool",
      default: false,
      description: "Removes what has been packed.",
    },
    ...ATTRIBUTE_ARGUMENTS,
  },
} as const satisfies Schema;

type ArchiveArgs = ArgsOf<typeof schema>;
/** What there is to pack, the archive (links are followed), and its directory. */
type State = { sources: ArchivedState; dest: PathState; parent: PathState };

/** Archives of what the host has, made on the host. */
export const archive: Module<ArchiveArgs, State> = {
  name: "archive",
  schema,
  observe(args) {
    const arg = argOf(args);
    return {
      sources: askArchived(arg),
      dest: statPath(arg.dest, { follow: true }),
      parent: statPath(parentOf(arg.dest), { follow: true }),
    };
  },
  plan,
  result(args, { sources, dest }, outputs) {
    const size = /^size (\d+)$/m.exec(outputs?.[0]?.stdout ?? "")?.[1];
    return {
      archived: isMany(args, sources) ? sources.members : sources.files,
      dest: argOf(args).dest,
      dest_state: destState(args, sources, dest),
      arcroot: sources.root,
      missing: sources.missing,
      expanded_paths: sources.paths,
      expanded_exclude_paths: sources.excluded,
      ...(dest && shownState(dest)),
      ...defined({ size: size === undefined ? undefined : Number(size) }),
    };
  },
};

// What is asked about.
function argOf(args: ArchiveArgs): ArchivedArg {
  const excluded = args.exclude_path.map(sourcePath);
  const paths = args.path.map(sourcePath);
  if (paths.length === 0) throw new TaskFailure("Error, no source paths were found");
  return {
    paths,
    excluded,
    patterns: args.exclusion_patterns,
    format: args.format,
    force: args.force_archive,
    dest: args.dest === undefined ? defaultDest(args, paths, excluded) : hostPath(args.dest),
  };
}

// A source; a slash at its end stays, since the names of members begin behind it.
function sourcePath(path: string): string {
  const plain = hostPath(path);
  return path.endsWith("/") && plain !== "/" ? `${plain}/` : plain;
}

// Where the compressed form of one file goes.
function defaultDest(
  { format, force_archive }: ArchiveArgs,
  paths: readonly string[],
  excluded: readonly string[],
): string {
  const [one, ...more] = [...new Set(paths)].filter((path) => !excluded.includes(path));
  if (one === undefined) throw new TaskFailure("Error, no source paths were found");
  if (force_archive || more.length > 0 || [one, ...excluded].some(isGlob) || one.endsWith("/"))
    throw needsDest();
  return `${one}.${format}`;
}

function needsDest(): TaskFailure {
  return new TaskFailure(
    'Error, must specify "dest" when archiving multiple files or trees',
    "dest: /var/backups/NAME.tar.gz",
  );
}

// Whether it is an archive, rather than one compressed file.
function isMany(args: ArchiveArgs, { directories, files, missing }: ArchivedState): boolean {
  return (
    args.force_archive ||
    args.format === "tar" ||
    args.path.some(isGlob) ||
    directories.length > 0 ||
    files.length + missing.length > 1
  );
}

function destState(args: ArchiveArgs, sources: ArchivedState, dest: PathState): string {
  const hasSources = sources.directories.length + sources.files.length > 0;
  if (hasSources && sources.missing.length > 0) return "incomplete";
  if (hasSources) return isMany(args, sources) ? "archive" : "compress";
  if (dest === null) return "absent";
  return /\.(tar|tar\.(gz|bz2|xz|zst)|tgz|tbz2|tzst|zip)$/i.test(argOf(args).dest)
    ? "archive"
    : "compress";
}

function plan(args: ArchiveArgs, before: State, controller: Controller): Change<State> | null {
  const { sources, dest } = before;
  const arg = argOf(args);
  refuse(args, arg, before);
  const isThere = dest?.type === "file";
  const isWritten = sources.verdict === "differs" || (sources.verdict === "same" && !isThere);
  const gone = args.remove ? removable(args, sources) : [];
  const after = isWritten ? newState(args, before, controller) : dest && withAttributes(args, dest);
  if (!after && gone.length === 0) return null;
  const make = after ? [stepFor(args, arg, { before: dest, after, isWritten }, controller)] : [];
  return {
    after: { ...before, dest: after ?? dest, sources: { ...sources, verdict: null } },
    ...defined({ opaque: gone.length > 0 ? ("files" as const) : undefined }),
    also: gone.map((subject): Also => ({ kind: "path", subject, after: null })),
    steps: [...make, ...gone.map(removeStep)],
    diff: [
      ...(after ? [showPath(arg.dest, dest, after)] : []),
      ...gone.map((title): Diff => fieldDiff(title, "present", null)),
    ],
    ...defined({ result: isWritten ? { size: new Unknown("the archive") } : undefined }),
  };
}

// Refuses what cannot become an archive.
function refuse(args: ArchiveArgs, { dest: path, format }: ArchivedArg, before: State): void {
  const { sources, dest, parent } = before;
  if (sources.directories.length + sources.files.length + sources.missing.length === 0)
    throw new TaskFailure(
      "Error, no source paths were found",
      `nothing on the host is at ${args.path.join(", ")}, less exclude_path`,
    );
  if (args.dest === undefined && isMany(args, sources) && format !== "tar") throw needsDest();
  const within = sources.directories.find((one) => path.startsWith(`${one.replace(/\/$/, "")}/`));
  if (args.remove && within !== undefined)
    throw new TaskFailure(
      "Error, created archive can not be contained in source paths when remove=true",
      `${path} would be removed together with ${within}`,
    );
  if (sources.verdict === "needs")
    throw new TaskFailure(
      `Failed to find required executable "${sources.digest}"`,
      "install it before",
    );
  if (mustBeAccessible(path, dest)?.type === "directory")
    throw new TaskFailure(`${path} is a directory, not an archive`, "choose another dest");
  if (sources.verdict !== "none" && dest === null && parent?.type !== "directory")
    throw new TaskFailure(
      `the directory ${parentOf(path)} does not exist`,
      "create it first, with the file module",
    );
}

// What is removed once it is packed: directories as a whole, and of the files
// those that the archive has.
function removable(args: ArchiveArgs, sources: ArchivedState): string[] {
  if (sources.verdict === null || sources.verdict === "none") return [];
  const files = isMany(args, sources)
    ? sources.files.filter((path) => sources.members.includes(path))
    : sources.files;
  return [...sources.directories, ...files].map(hostPath);
}

function removeStep(path: string): Step {
  return { run: sh`hw_remove ${path}`, undo: restore(path) };
}

// The archive as it is written: an existing one keeps its mode and owners unless the task says.
function newState(args: ArchiveArgs, { dest, parent }: State, controller: Controller): Present {
  const made = newFileState("file", args, parent, controller);
  if (dest?.type !== "file") return { ...made, sha256: null };
  const old = dest.mode ?? 0o644;
  const mode = args.mode === undefined ? old : applyMode(args.mode, old, false);
  const owners = controller.becomeUser === "root" ? ownershipAfter(args, dest) : {};
  return { ...made, ...owners, mode, sha256: null };
}

// Writes the archive, or only gives it its mode and owners.
function stepFor(
  args: ArchiveArgs,
  arg: ArchivedArg,
  { before, after, isWritten }: { before: PathState; after: Present; isWritten: boolean },
  controller: Controller,
): Step {
  if (!isWritten && before) return attributesStep(args, before, after, arg.dest, true);
  const [owner, group] = keptOwners(args, before, controller);
  const at = before === null ? sh`${arg.dest}` : sh`"$(hw_follow ${arg.dest})"`;
  return {
    run: sh`${writeArchive(arg, at, [octal(after.mode ?? 0o644), owner, group])} && stat -L -c 'size %s' -- ${arg.dest}`,
    undo: restore(at),
  };
}
