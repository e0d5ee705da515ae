import { lines, quote, sh, type Script } from "../script/sh.ts";
import { ask, ProbeError, type Look, type Probe, type ProbeKind } from "./probe.ts";

/** What is asked about a path. Paths are absolute on the host and hold no newline. */
export interface PathArg {
  path: string;
  /** Looks at what a link points to instead of the link itself. */
  follow?: boolean;
  /** Wants the sha256 of a regular file. */
  digest?: boolean;
  /** The digest may come from the host's index of verified files: for big files that rarely change. */
  indexed?: boolean;
  /** Wants the text, unless the file has this digest already ("" wants it always); up to 1 MiB. */
  unless?: string;
}

export type PathType = "file" | "directory" | "link" | "char" | "block" | "fifo" | "socket" | "denied";

/**
 * What stands at a path; null: nothing. Fields that nobody asked for, or that nobody can know before
 * apply, are absent. `sha256: null` says that the content will be new and its digest is not known yet.
 */
export type PathState = null | {
  type: PathType;
  /** Permission bits, 0 to 0o7777. */
  mode?: number;
  owner?: string;
  group?: string;
  uid?: number;
  gid?: number;
  /** In bytes. */
  size?: number;
  /** Where a link points, as written in it. */
  target?: string;
  sha256?: string | null;
  /** Base64 of the content. */
  content?: string;
};

const TYPES: readonly [bits: number, type: PathType][] = [
  [0x8000, "file"], [0x4000, "directory"], [0xa000, "link"], [0x2000, "char"], [0x6000, "block"], [0x1000, "fifo"], [0xc000, "socket"],
];
const CONTENT_LIMIT = 1024 * 1024;

/** The one question about files, folders and links. */
export const path: ProbeKind<PathArg, PathState> = {
  name: "path",
  subject: (arg) => (arg.follow ? `follow ${arg.path}` : arg.path),
  script: (args) => script(args),
  parse: (output, args) => parse(output, args),
  overlay: (observed, after) => overlay(observed, after),
  implied: (subject, changed) => implied(subject, changed),
  look: { script: (arg) => lookScript(arg), words: (state, arg) => lookWords(state, arg) } satisfies Look<PathArg, PathState>,
};

// Asks about one path.
export function statPath(path_: string, options: Omit<PathArg, "path"> = {}): Probe<PathState> {
  return ask(path, { path: path_, ...options });
}

// The content that a state carries, as text.
export function contentText(state: PathState): string | undefined {
  return state?.content === undefined ? undefined : Buffer.from(state.content, "base64").toString("utf8");
}

const FORMAT = String.raw`%n\0%f\0%U\0%G\0%u\0%g\0%s\0%N\0\n`;

// One stat for links themselves, one for what links point to, one sha256sum, and text where it differs.
function script(args: readonly PathArg[]): Script {
  const plain = unique(args.filter((arg) => !arg.follow));
  const followed = unique(args.filter((arg) => arg.follow));
  const hashed = unique(args.filter((arg) => (arg.digest || arg.unless !== undefined) && !arg.indexed));
  const indexed = unique(args.filter((arg) => arg.indexed));
  const parts = [sh`hw_stat '' ${plain}`, sh`printf '\n--follow--\n'`, sh`hw_stat -L ${followed}`, sh`printf '\n--sums--\n'`];
  parts.push(sh`hw_sums ${hashed}`, sh`hw_known ${indexed}`, sh`printf '\n--content--\n'`);
  for (const arg of args) if (arg.unless !== undefined) parts.push(sh`hw_content ${arg.unless} ${arg.path}`);
  return lines(parts);
}

/** The shell functions behind the path probe; they stand once at the head of a program. */
export const PATH_FUNCTIONS = String.raw`
hw_stat() { hw_f=$1; shift; [ $# = 0 ] || QUOTING_STYLE=literal LC_ALL=C stat $hw_f --printf '${FORMAT}' -- "$@" 2>&1; }
hw_sums() {
  for hw_p; do shift; [ -f "$hw_p" ] && set -- "$@" "$hw_p"; done
  hw_s=; [ $# = 0 ] || hw_s=$(sha256sum -- "$@" 2>/dev/null); printf '%s\n' "$hw_s"
}
hw_known() {
  [ $# = 0 ] && return; hw_k=; hw_keep=$hw_s; hw_i=
  [ -f "$HW/index" ] && hw_i=$(cat "$HW/index")
  if [ -n "$hw_i" ]; then
    hw_now=$(stat -L -c '%s %.9Y %.9Z %i %n' -- "$@" 2>/dev/null)
    while IFS= read -r hw_l; do
      case "$hw_i" in *" $hw_l
"*|*" $hw_l") hw_r="\${hw_i%%" $hw_l"*}"; hw_p="\${hw_l#* * * * }"; hw_k="$hw_k
\${hw_r##*
}  $hw_p" ;; esac
    done <<HW_EOF
$hw_now
HW_EOF
    printf '%s\n' "$hw_k"
  fi
  for hw_p; do shift; case "$hw_k
" in *"  $hw_p
"*) ;; *) set -- "$@" "$hw_p" ;; esac; done
  hw_sums "$@"; hw_s="$hw_keep
$hw_k
$hw_s"
}
hw_content() {
  [ -f "$2" ] || return 0
  case "$hw_s" in *"$1  $2"*) [ -n "$1" ] && return 0 ;; esac
  printf '%s\0' "$2"; head -c ${CONTENT_LIMIT} -- "$2" | base64 -w0; printf '\n'
}
hw_look() {
  hw_w=$(QUOTING_STYLE=literal LC_ALL=C stat $1 -c '%f %U %G' -- "$3" 2>/dev/null) || { printf 'absent\n'; return; }
  hw_d=-; [ -L "$3" ] && [ -z "$1" ] && hw_d=$(readlink -- "$3")
  [ "$2" = digest ] && [ -f "$3" ] && { [ -n "$1" ] || [ ! -L "$3" ]; } && { hw_d=$(sha256sum < "$3"); hw_d=\${hw_d%% *}; }
  printf '%s %s\n' "$hw_w" "$hw_d"
}
`.replaceAll("\\${", "${");

// The paths of some arguments, each once.
function unique(args: readonly PathArg[]): string[] {
  return [...new Set(args.map((arg) => arg.path))];
}

// Reads the four sections and joins them for each argument.
function parse(output: string, args: readonly PathArg[]): PathState[] {
  const sections = /^([\s\S]*?)\n--follow--\n([\s\S]*?)\n--sums--\n([\s\S]*?)\n--content--\n([\s\S]*)$/.exec(output);
  if (!sections) throw new ProbeError("the answer about paths is cut or garbled");
  const [plain, followed] = [parseStat(sections[1]!), parseStat(sections[2]!)];
  const sums = parseSums(sections[3]!);
  const contents = new Map(sections[4]!.split("\n").filter(Boolean).map((line) => line.split("\0") as [string, string]));
  return args.map((arg) => {
    const state = (arg.follow ? followed : plain).get(arg.path) ?? null;
    if (state?.type !== "file") return state;
    const [sha256, content] = [sums.get(arg.path), contents.get(arg.path)];
    const wantsDigest = arg.digest || arg.indexed || arg.unless !== undefined;
    return { ...state, ...(wantsDigest && sha256 ? { sha256 } : {}), ...(arg.unless !== undefined && content !== undefined ? { content } : {}) };
  });
}

// Reads stat's records; a path that may not be looked at is "denied", one that is not there is left out.
function parseStat(text: string): Map<string, PathState> {
  const states = new Map<string, PathState>();
  for (const record of text.split("\0\n")) {
    const denied = /cannot stat\w* '?(.*?)'?: Permission denied/.exec(record);
    if (denied) states.set(denied[1]!, { type: "denied" });
    const fields = record.slice(record.lastIndexOf("\n", record.indexOf("\0")) + 1).split("\0");
    if (fields.length < 8) continue;
    const [name, raw, owner, group, uid, gid, size, quoted] = fields as [string, string, string, string, string, string, string, string];
    const bits = Number.parseInt(raw, 16);
    const type = TYPES.find(([mask]) => (bits & 0xf000) === mask)?.[1];
    if (!type) throw new ProbeError(`the host answered an unknown file type for ${name}`);
    const target = type === "link" ? { target: quoted.slice(name.length + " -> ".length) } : {};
    states.set(name, { type, mode: bits & 0o7777, owner, group, uid: Number(uid), gid: Number(gid), size: Number(size), ...target });
  }
  return states;
}

// Reads lines of sha256sum; a leading backslash says that the name is escaped.
function parseSums(text: string): Map<string, string> {
  const sums = new Map<string, string>();
  for (const line of text.split("\n")) {
    const match = /^(\\?)([0-9a-f]{64}) [ *](.*)$/.exec(line);
    if (match) sums.set(match[1] ? match[3]!.replaceAll("\\\\", "\\") : match[3]!, match[2]!);
  }
  return sums;
}

// A planned state that says nothing of the content (a new mode) keeps the observed content.
function overlay(observed: PathState, after: PathState): PathState {
  if (after?.type !== "file" || observed?.type !== "file" || after.sha256 !== undefined) return after;
  const { sha256, content, size } = observed;
  return { ...after, ...(sha256 ? { sha256 } : {}), ...(content !== undefined ? { content } : {}), ...(size !== undefined ? { size } : {}) };
}

// What a changed parent folder, or a changed link, says of a path that nobody changed itself.
function implied(subject: string, changed: ReadonlyMap<string, PathState>): { after: PathState } | undefined {
  if (subject.startsWith("follow ")) return followChanged(subject.slice("follow ".length), changed);
  for (let at = subject.lastIndexOf("/"); at > 0; at = subject.lastIndexOf("/", at - 1)) {
    const parent = changed.get(subject.slice(0, at));
    if (parent !== undefined) return parent === null || parent.type === "file" ? { after: null } : undefined;
  }
  return undefined;
}

// Follows links that are planned; a link to a path that nobody changed stays with what was observed.
function followChanged(start: string, changed: ReadonlyMap<string, PathState>): { after: PathState } | undefined {
  let at = start;
  for (let hops = 0; hops < 40; hops++) {
    const state = changed.get(at);
    if (state === undefined) return implied(at, changed);
    if (state?.type !== "link" || state.target === undefined) return { after: state };
    at = state.target.startsWith("/") ? state.target : `${at.slice(0, at.lastIndexOf("/"))}/${state.target}`;
  }
  return undefined;
}

// Prints "81a4 root root DIGEST", "a1ff root root TARGET" or "absent".
function lookScript(arg: PathArg): Script {
  return sh`hw_look ${{ sh: arg.follow ? "-L" : quote("") }} ${wantsDigest(arg) ? "digest" : "plain"} ${arg.path}`;
}

// Tells whether the content counts for this question.
function wantsDigest(arg: PathArg): boolean {
  return Boolean(arg.digest || arg.indexed || arg.unless !== undefined);
}

// The same words from a state.
function lookWords(state: PathState, arg: PathArg): (string | null)[] {
  if (state === null) return ["absent"];
  const bits = TYPES.find(([, type]) => type === state.type)?.[0];
  const mode = bits === undefined || state.mode === undefined ? null : (bits | state.mode).toString(16);
  const digest = state.type === "file" && wantsDigest(arg) ? (state.sha256 ?? null) : "-";
  return [mode, state.owner ?? null, state.group ?? null, state.type === "link" ? (state.target ?? null) : digest];
}
