import { lines, quote, sh, type Script } from "../../script/sh.ts";
import { LIVE } from "../../script/validator.ts";
import { parse } from "./path/parse.ts";
import { TYPES, type PathArg, type PathState } from "./path/state.ts";
import { renewed } from "./may-be-replaced.ts";
import { ask, type Look, type LookWord, type Probe, type ProbeKind } from "../probe.ts";

export { PATH_FUNCTIONS } from "./path/functions.ts";
export { linkTarget, overlayPath } from "./path/planned.ts";
export type { PathArg, PathState, PathType } from "./path/state.ts";

/** The one question about files, directories and links. */
export const path: ProbeKind<PathArg, PathState> = {
  name: "path",
  subject: (arg) => {
    if (arg.below) return `below ${arg.path}`;
    return arg.follow ? `follow ${arg.path}` : arg.path;
  },
  script: (args) => script(args),
  validator: (args) => ({
    paths: unique(args),
    // what is below a directory is not looked at one by one
    more: sh`for hw_p in ${unique(args.filter(({ below }) => below))}; do [ ! -d "$hw_p" ] || ${{ sh: LIVE }}; done`,
  }),
  parse: (output, args) => parse(output, args),
  holds: { asked: ({ unless, below }) => (unless === "" || below ? "each change" : undefined) },
  planned: {
    madeOf: ({ source, path: at }, kind, subject) =>
      source === true &&
      kind === renewed.name &&
      at.startsWith(subject === "/" ? "/" : `${subject}/`),
  },
  located: {
    path: (arg) => ({ path: arg.path, follow: arg.follow === true }),
    at: ({ follow: _follow, ...arg }, location) => ({ ...arg, path: location }),
  },
  look: {
    script: (arg) => lookScript(arg),
    words: (state, arg) => lookWords(state, arg),
    about: ({ path: at, follow }) => ({
      subject: `path ${at}`,
      path: { path: at, follow: follow === true },
    }),
  } satisfies Look<PathArg, PathState>,
};

// Whether a planned state lacks the text that is asked for, so that only apply can answer.
export function lacksText(planned: PathState, { unless }: PathArg): boolean {
  return unless === "" && planned?.type === "file" && planned.content === undefined;
}

// Asks about one path.
export function statPath(path_: string, options: Omit<PathArg, "path"> = {}): Probe<PathState> {
  return ask(path, { path: path_, ...options });
}

// The content that a state carries, as text.
export function contentText(state: PathState): string | undefined {
  return state?.content === undefined
    ? undefined
    : Buffer.from(state.content, "base64").toString("utf8");
}

// One stat for links themselves, one for what links point to, one sha256sum,
// and text where it differs.
function script(args: readonly PathArg[]): Script {
  const plain = unique(args.filter((arg) => !arg.follow && !arg.below));
  const followed = unique(args.filter((arg) => arg.follow && !arg.below));
  const hashed = unique(
    args.filter((arg) => (arg.digest || arg.unless !== undefined) && !arg.indexed),
  );
  const indexed = unique(args.filter((arg) => arg.indexed));
  const parts = [
    sh`hw_stat '' ${plain}`,
    sh`printf '\n--follow--\n'`,
    sh`hw_stat -L ${followed}`,
    sh`printf '\n--sums--\n'`,
  ];
  parts.push(sh`hw_sums ${hashed}`, sh`hw_known ${indexed}`, sh`printf '\n--content--\n'`);
  for (const arg of args)
    if (arg.unless !== undefined) parts.push(sh`hw_content ${arg.unless} ${arg.path}`);
  parts.push(sh`printf '\n--below--\n'`);
  for (const arg of args)
    if (arg.below) parts.push(sh`hw_below ${arg.path} ${arg.below === "first" ? ["-quit"] : []}`);
  return lines(parts);
}

// The paths of some arguments, each once.
function unique(args: readonly PathArg[]): string[] {
  return [...new Set(args.map((arg) => arg.path))];
}

// Prints "81a4 root root DIGEST", "a1ff root root TARGET" or "absent".
function lookScript(arg: PathArg): Script {
  if (arg.below) return sh`:`;
  return sh`hw_look ${{ sh: arg.follow ? "-L" : quote("") }} ${lookedFor(arg)} ${arg.path}`;
}

// What a check looks for besides type, mode and owners.
function lookedFor(arg: PathArg): "digest" | "indexed" | "plain" {
  if (!wantsDigest(arg)) return "plain";
  return arg.indexed && arg.unless === undefined && !arg.digest ? "indexed" : "digest";
}

// Whether the content counts for this question.
export function wantsDigest(arg: PathArg): boolean {
  return Boolean(arg.digest || arg.indexed || arg.unless !== undefined);
}

// The same words from a state.
function lookWords(state: PathState, arg: PathArg): LookWord[] {
  if (arg.below) return [];
  if (state === null) return ["absent"];
  const bits = TYPES.find(([, type]) => type === state.type)?.[0];
  const mode = modeWord(bits, state.mode);
  const digest = state.type === "file" && wantsDigest(arg) ? (state.sha256 ?? null) : "-";
  const any = { begins: "" };
  return [
    mode,
    state.owner ?? any,
    state.group ?? any,
    state.type === "link" ? (state.target ?? null) : digest,
  ];
}

// Type and mode in hexadecimal; where the mode is not known, what they begin with.
function modeWord(bits: number | undefined, mode: number | undefined): LookWord {
  if (bits === undefined) return null;
  if (mode === undefined) return { begins: (bits >> 12).toString(16) };
  return (bits | mode).toString(16);
}
