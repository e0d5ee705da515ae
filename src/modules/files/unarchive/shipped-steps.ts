import type { PathState } from "../../../probes/files/path.ts";
import { sh, type Script } from "../../../script/sh.ts";
import { staged } from "../../../script/write.ts";
import { attributesStep } from "../../shared/files/attributes.ts";
import { applyMode } from "../../shared/files/mode.ts";
import type { LocalFile, Step } from "../../contract/module.ts";
import { BIG, unpackedMode, type WantedMember } from "./members.ts";
import { ownerWords, type UnarchiveTask } from "./owners.ts";
import { fullMode, unpackStep } from "./steps.ts";
import { defined } from "../../../defined.ts";
import { sha256Hex } from "../../../sha256.ts";

/** A member that is not as it should be. */
export interface Differing {
  member: WantedMember;
  path: string;
  before: PathState;
  after: NonNullable<PathState>;
  /** The content is right; mode or owner are not. */
  isSame: boolean;
}

// Unpacks the members whose content differs, and creates missing directories.
export function contentStep(
  differing: readonly Differing[],
  members: readonly WantedMember[],
  task: UnarchiveTask,
  archive: LocalFile | undefined,
): Step {
  const { args, options, dest } = task;
  const folders = differing
    .map(({ member }) => member)
    .filter((member) => member.type === "directory");
  const others = differing
    .map(({ member }) => member)
    .filter((member) => member.type !== "directory");
  const isWhole =
    others.length === members.filter((member) => member.type !== "directory").length &&
    options.include.length + options.exclude.length === 0;
  const names = new Set(others.flatMap((member) => [member.name!, member.origin ?? member.name!]));
  const words = [...optionWords(task), ...(isWhole ? [] : ["--", ...names])];
  return unpackStep({
    src: args.src,
    dest,
    name: sha256Hex(JSON.stringify(args)),
    attributes: modeAndOwners(task),
    ...defined({
      archive: archive ? staged(archive) : undefined,
      options: archive ? words : undefined,
    }),
    furnish: folders.length > 0 ? furnish(folders, task) : sh`:`,
  });
}

// tar's options for what the task says.
export function optionWords({ options }: Pick<UnarchiveTask, "options">): string[] {
  return [
    ...(options.strip > 0 ? [`--strip-components=${options.strip}`] : []),
    ...(options.ownOwner ? ["-o"] : []),
  ];
}

// The arguments of chmod and chown for everything that is unpacked.
export function modeAndOwners({
  args: { mode, owner, group },
}: Pick<UnarchiveTask, "args">): [mode: string, owner: string, group: string] {
  const octal = mode !== undefined && /^\d/.test(mode);
  return [octal ? fullMode(applyMode(mode, 0, false)) : (mode ?? ""), owner ?? "", group ?? ""];
}

// Creates missing directories in the private directory, and gives them the archive's modes and
// owners, all of a kind at once.
function furnish(folders: readonly WantedMember[], task: UnarchiveTask): Script {
  const kinds = new Map<string, string[]>();
  for (const folder of folders) {
    const kind = set(
      sh`"$@"`,
      ownerWords(folder, task),
      unpackedMode(folder, undefined, task.isRoot),
    ).sh;
    kinds.set(kind, [...(kinds.get(kind) ?? []), folder.path]);
  }
  const scripts = [...kinds].map(
    ([kind, paths]) => sh`set -- ${paths}; ${{ sh: kind }} || exit 1`.sh,
  );
  return sh`(cd "$hw_t" && mkdir -p -- ${folders.map((folder) => folder.path)} || exit 1; ${{ sh: scripts.join("; ") }}) || exit 1`;
}

// Corrects mode and owner of what is otherwise right; nothing is unpacked for it.
export function attributeStep(
  { path, member, before, after }: Differing,
  task: UnarchiveTask,
): Step {
  const step = attributesStep(task.args, before!, after, path, member.type === "directory");
  if (member.type === "directory") return step;
  const run = setOne(
    path,
    ownerWords(member, task),
    member.type === "link" ? undefined : after.mode,
  );
  return {
    ...step,
    run:
      after.sha256 && member.size >= BIG ? sh`${run} && hw_remember ${after.sha256} ${path}` : run,
  };
}

// The same for one path in its place.
function setOne(
  path: string,
  owner: [named: string, numbered: string] | undefined,
  mode: number | undefined,
): Script {
  const words = mode === undefined ? sh`` : sh` ${fullMode(mode)}`;
  const [named, numbered] = (owner ?? ["", ""]).map(
    (owner) => sh`hw_set ${path} ${owner} ''${words}`,
  ) as [Script, Script];
  return named.sh === numbered.sh ? named : sh`{ ${named} 2>/dev/null || ${numbered}; }`;
}

// chown, by names or else by numbers, then chmod. Links themselves are meant.
function set(
  paths: Script,
  owner: [named: string, numbered: string] | undefined,
  mode: number | undefined,
): Script {
  const [named, numbered] = owner ?? ["", ""];
  const chown =
    named === numbered
      ? sh`chown -h ${named} -- ${paths}`
      : sh`{ chown -h ${named} -- ${paths} 2>/dev/null || chown -h ${numbered} -- ${paths}; }`;
  const all = [
    ...(owner ? [chown] : []),
    ...(mode === undefined ? [] : [sh`chmod ${fullMode(mode)} -- ${paths}`]),
  ];
  return { sh: all.length > 0 ? all.map((one) => one.sh).join(" && ") : ":" };
}
