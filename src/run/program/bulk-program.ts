import type { CreatedFile } from "../../modules/contract/module.ts";
import { wantsDigest, type PathArg, type PathState } from "../../probes/files/path.ts";
import type { LookWord } from "../../probes/probe.ts";
import { lines, quote, sh, type Script } from "../../script/sh.ts";
import { above, argOf, keyOf, memberOf, type Bulk, type Inline, type BulkMember } from "./bulk.ts";
import { lookPattern, lookScript, type Looked } from "../../plan/model/looks.ts";
import { sha256Hex } from "../../sha256.ts";

/** What is written of each change besides. */
export interface BulkParts {
  /** Notices and undo; ends the program where they cannot be noted. */
  notes(index: number): Script[];
  /** The change by itself, between looks of its own. */
  alone(index: number, inline: Inline): Script;
  /** Ends a program that goes no further. */
  stopped: number;
}

// The shell of one bulk.
export function bulkProgram({ from, entries }: Bulk, inline: Inline, parts: BulkParts): Script {
  const members = entries.map((entry) => memberOf(entry, inline)!);
  const all = members.flatMap(({ looks }) => looks);
  const end = from + entries.length;
  const directories = directoriesOf(members, from);
  const { functions, calls } = contents(members, inline);
  return lines([
    ...functions,
    ...members.map((member, i) => functionsOf(member, from + i, calls, parts)),
    sh`hw_bulk_look() {
${lookAtAll(all)}
}
hw_bulk_make() {
${lines(directories.map(makeDirectory))}
:
}
hw_from=${from}; hw_to=${from}
case $(hw_bulk_look) in ${{ sh: allPattern(all, "before") }}) hw_bulk=yes ;; *) hw_bulk= ;; esac
if [ "$hw_bulk" ] && hw_bulk_make 2>/dev/null; then`,
    ...members.map((member, i) => makeMember(member, from + i, directories)),
    sh`case $(hw_bulk_look) in ${{ sh: allPattern(all, "after") }}) hw_all_done ;; *) hw_verify || exit ${parts.stopped} ;; esac
else`,
    ...members.map((_member, i) => sh`hw_s${from + i}`),
    sh`fi; hw_from=${end}; hw_to=${end}; hw_bulk=; hw_drop_dirs`,
  ]);
}

// The code for each change: how it is recorded, checked, reported as done, and made by itself.
function functionsOf(
  { looks }: BulkMember,
  index: number,
  calls: Inline,
  parts: BulkParts,
): Script {
  return sh`hw_n${index}() {
${lines(parts.notes(index))}
}
hw_l${index}() {
${lookScript(looks)}
}
hw_w${index}() { case "$1" in ${{ sh: lookPattern(looks, "after", false) }}) ;; *) return 1 ;; esac; }
hw_s${index}() {
${parts.alone(index, calls)}
}`;
}

// Makes one change, unless something is there by now, which is then checked by itself.
function makeMember(
  { entry, creations }: BulkMember,
  index: number,
  directories: readonly PrivateDirectory[],
): Script {
  const steps = (entry.change?.steps ?? []).map(({ run }, at) => {
    const { path, file } = creations[at]!;
    if (!file) return sh`hw_does ${index} ${run}`;
    const directory = directories.findIndex((one) => one.folder === above(path));
    return sh`hw_does ${index} hw_settle ${fileName(index, at)} ${path} "$hw_private_dir${directory}" ${keptName(path)}`;
  });
  return sh`if hw_may ${index} ${creations[0]!.path}; then
hw_n${index}
${lines(steps)}
hw_to=${index + 1}
else hw_alone ${index}; fi`;
}

// The name under which the journal keeps what is at a path; as hw_kept makes it.
function keptName(path: string): string {
  return sha256Hex(`${path}\n`);
}

/**
 * A directory that gets files of a bulk, and these files: they are prepared in one
 * private directory inside it.
 */
interface PrivateDirectory {
  number: number;
  folder: string;
  files: { name: string; file: CreatedFile }[];
}

function directoriesOf(members: readonly BulkMember[], from: number): PrivateDirectory[] {
  const directories = new Map<string, PrivateDirectory>();
  for (const [i, { creations }] of members.entries())
    for (const [at, { path, file }] of creations.entries()) {
      if (!file) continue;
      const folder = above(path);
      const directory = directories.get(folder) ?? { number: directories.size, folder, files: [] };
      directory.files.push({ name: fileName(from + i, at), file });
      directories.set(folder, directory);
    }
  return [...directories.values()];
}

// The name of a file in its private directory.
function fileName(index: number, step: number): string {
  return `f${index}.${step}`;
}

// Writes the files of one private directory completely, and syncs them.
function makeDirectory({ number, folder, files }: PrivateDirectory): Script {
  const inFolder = `${folder === "/" ? "" : folder}/.`;
  const all = files.map(({ name }) => `./${name}`);
  const grouped = (of: (file: CreatedFile) => string): [key: string, names: string[]][] =>
    [...new Set(files.map(({ file }) => of(file)))].map((key) => [
      key,
      files.flatMap(({ name, file }) => (of(file) === key ? `./${name}` : [])),
    ]);
  const owners = grouped(({ owner, group }) => owner + (group === "" ? "" : `:${group}`));
  const steps = [
    ...files.map(({ name, file }) => sh`${contentCall(file.sha256)} > ${`./${name}`}`),
    ...owners.flatMap(([who, names]) => (who === "" ? [] : [sh`chown -h -- ${who} ${names}`])),
    ...grouped(({ mode }) => mode).map(([mode, names]) => sh`chmod -- ${mode} ${names}`),
    sh`sync ${all}`,
  ];
  return sh`hw_enter ${inFolder} || return 1
hw_private_dirs="$hw_private_dirs
$hw_private_dir "${inFolder}; ${{ sh: `hw_private_dir${number}` }}=$hw_private_dir
{ ${{ sh: steps.map((step) => step.sh).join(" &&\n") }}; } || { hw_back; return 1; }
hw_back`;
}

/** The call of the function that prints a file of the program. */
function contentCall(sha256: string): Script {
  return { sh: `hw_c_${sha256.slice(0, 32)}` };
}

// Functions that print the files of a bulk, each once; and how other parts of
// the program call them.
function contents(
  members: readonly BulkMember[],
  inline: Inline,
): { functions: Script[]; calls: Inline } {
  const wanted = new Set(
    members.flatMap(({ creations }) => creations.flatMap(({ file }) => file?.sha256 ?? [])),
  );
  const functions = [...wanted].map(
    (sha256) => sh`${contentCall(sha256)}() {
${inline.get(sha256)!}
}`,
  );
  const calls = new Map([...wanted].map((sha256) => [sha256, contentCall(sha256)]));
  return { functions, calls };
}

// One stat for all paths, one for what they lead to, and one sha256sum.
function lookAtAll(looks: readonly Looked[]): Script {
  const paths = (follow: boolean): string[] => [
    ...new Set(looks.map(argOf).flatMap((arg) => (Boolean(arg.follow) === follow ? arg.path : []))),
  ];
  const sums = [...new Set(looks.filter(hasSum).map((one) => argOf(one).path))];
  return sh`hw_stats '' ${paths(false)}; printf '%s\n' --; hw_stats -L ${paths(true)}; printf '%s\n' --; hw_sums ${sums}`;
}

// Whether a digest belongs to a look.
function hasSum({ probe, before, after }: Looked): boolean {
  const isFile = [before, after].some((state) => (state as PathState)?.type === "file");
  return isFile && wantsDigest(probe.arg as unknown as PathArg);
}

// What `lookAtAll` prints before or after the bulk, as a pattern of case.
function allPattern(looks: readonly Looked[], which: "before" | "after"): string {
  // if several checks concern one path, the first has its old state, and the last its new one
  const ordered = which === "before" ? [...looks].reverse() : looks;
  const lastOf = new Map(ordered.map((one) => [keyOf(one), one]));
  const keys = [...new Set(looks.map(keyOf))];
  const section = (follow: boolean): LookWord[][] =>
    keys.flatMap((key) => {
      const one = lastOf.get(key)!;
      return Boolean(argOf(one).follow) === follow ? statLine(one, which) : [];
    });
  const sums = new Map(
    looks.filter(hasSum).map((one) => [argOf(one).path, (one[which] as PathState)?.sha256]),
  );
  const words = [
    ...section(false).flat(),
    "--\n",
    ...section(true).flat(),
    "--\n",
    ...[...sums].flatMap(([at, sha256]) => (sha256 ? [`${sha256}  ${at}\n`] : [])),
  ];
  return patternOf(words);
}

// What stat prints for one path: nothing if nothing is there.
function statLine(one: Looked, which: "before" | "after"): LookWord[][] {
  const state = one[which] as PathState;
  if (state === null) return [];
  const [mode = null, owner = null, group = null] = one.look.words(state, one.probe.arg);
  const { path, follow } = argOf(one);
  const name = state.type === "link" && !follow ? `${path} -> ${state.target}` : path;
  return [[mode, " ", owner, " ", group, " ", `${name}\n`]];
}

// One pattern of words; the newlines at its end are what a substitution takes away.
function patternOf(words: readonly LookWord[]): string {
  const pieces: (string | null)[] = [];
  for (const piece of words.flatMap(piecesOf)) {
    const last = pieces.at(-1);
    if (typeof last === "string" && piece !== null) pieces[pieces.length - 1] = last + piece;
    else pieces.push(piece);
  }
  const end = pieces.length - 1;
  pieces[end] = pieces[end]?.replace(/\n+$/, "") ?? null;
  return pieces.map((piece) => (piece === null ? "*" : quote(piece))).join("");
}

// A word as text, and null for anything.
function piecesOf(word: LookWord): (string | null)[] {
  if (word === null || typeof word === "string") return [word];
  return word.begins === "" ? [null] : [word.begins, null];
}

/**
 * The shell functions of bulks. $hw_from and $hw_to: the changes of a bulk that are made, and not
 * looked at again yet. hw_verify looks at them one by one, and tells what it finds; hw_all_done
 * tells that all are done. hw_may INDEX PATH tells whether a change may be made; hw_does INDEX
 * COMMAND... is one step of it; hw_alone INDEX makes it between looks of its own.
 */
export function bulkFunctions(nonce: string, stopped: number): Script {
  return sh`hw_nonce=${nonce}; hw_from=0; hw_to=0; hw_bulk=; hw_private_dirs=
hw_verify() {
  hw_missed=
  while [ "$hw_from" -lt "$hw_to" ]; do
    hw_now=$("hw_l$hw_from")
    if "hw_w$hw_from" "$hw_now"; then hw_done "$hw_from" change; else hw_left "$hw_from" "$hw_now"; hw_mark missed "$hw_from"; printf '%s\n' "$hw_now"; hw_missed=yes; fi
    hw_from=$((hw_from + 1))
  done
  [ -z "$hw_missed" ]
}
hw_all_done() {
  hw_x=; hw_y=
  while [ "$hw_from" -lt "$hw_to" ]; do hw_y="$hw_y
done $((hw_base + hw_from)) change"; hw_x="$hw_x
@$hw_nonce done $hw_from
"; hw_from=$((hw_from + 1)); done
  printf '%s\n' "$hw_y" >> "$HW_RUN_DIR/log"; printf %s "$hw_x"; printf %s "$hw_x" >&2
}
hw_halt() { [ ! -e "$HW_STATE_DIR/stop-$hw_run" ] || { hw_verify; hw_mark stopped; exit ${stopped}; }; }
hw_may() { hw_halt; [ ! -e "$2" ] && [ ! -L "$2" ] && hw_mark begin "$1"; }
hw_alone() { hw_verify || exit ${stopped}; "hw_s$1"; hw_from=$(($1 + 1)); hw_to=$hw_from; }
hw_does() {
  hw_i=$1; shift
  "$@" </dev/null > "$HW_RUN_DIR/out" 2> "$HW_RUN_DIR/err" 9>&-; hw_rc=$?
  if [ -s "$HW_RUN_DIR/out" ] || [ -s "$HW_RUN_DIR/err" ]; then hw_mark step "$hw_i"; hw_print; hw_mark code "$hw_i" "$hw_rc"; else
    hw_x="
@$hw_nonce step $hw_i

@$hw_nonce code $hw_i $hw_rc
"; printf %s "$hw_x"; printf %s "$hw_x" >&2
  fi
  [ "$hw_rc" = 0 ] || { hw_verify; hw_left "$hw_i" ''; exit ${stopped}; }
}`;
}
