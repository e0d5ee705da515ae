import { quote, sh, type Script } from "../../script/sh.ts";
import { ask, ProbeError, type Probe, type ProbeKind } from "../probe.ts";

/** What is special in a pattern. */
const SPECIAL = /(\*|\?|\[!?[^\]/][^\]/]*\])/;

/**
 * Whether any path matches a shell pattern, as Python's glob has it: links count that lead nowhere.
 */
export const matches: ProbeKind<{ pattern: string }, boolean> = {
  name: "matches",
  subject: (arg) => arg.pattern,
  script: (args) => sh`${{ sh: MATCHES }}
${{ sh: args.map(({ pattern }) => `hw_matches ${literalOf(pattern)} ${shellPattern(pattern)}`).join("\n") }}`,
  parse(output, args) {
    const words = output.split("\n").filter(Boolean);
    if (words.length !== args.length)
      throw new ProbeError("the answer about patterns is truncated or garbled");
    return words.map((word) => word === "yes");
  },
  planned: {
    madeOf: ({ pattern }, kind, subject) =>
      (kind === "path" || kind === "renewed") && mayMatch(pattern, subject),
  },
  look: {
    script: ({ pattern }) => sh`${{ sh: MATCHES }}
hw_matches ${{ sh: literalOf(pattern) }} ${{ sh: shellPattern(pattern) }}`,
    words: (state) => [state ? "yes" : "no"],
  },
};

/**
 * A shell leaves a pattern that nothing matches as it is: a path of that very name counts only
 * where the pattern means it.
 */
const MATCHES =
  'hw_matches() { if [ "$2" != "$1" ] && { [ -e "$2" ] || [ -L "$2" ]; }; then echo yes; else echo no; fi; }';

// Asks whether anything matches a pattern.
export function askMatches(pattern: string): Probe<boolean> {
  return ask(matches, { pattern });
}

// Whether a path is a pattern, as Python's glob sees it.
export function isPattern(path: string): boolean {
  return /[*?[]/.test(path);
}

// Shell: true where something matches a path or pattern.
export function existsTest(path: string): Script {
  const words = isPattern(path) ? `${literalOf(path)} ${shellPattern(path)}` : `'' ${quote(path)}`;
  return { sh: `(set -- ${words}; [ "$2" != "$1" ] && { [ -e "$2" ] || [ -L "$2" ]; })` };
}

// A pattern with brackets that does not match its own text, as a word of shell;
// of any other an empty word.
function literalOf(pattern: string): string {
  const source = pattern
    .split(SPECIAL)
    .map((part, at) =>
      at % 2 === 0 ? part.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&") : regexOf(part),
    );
  return new RegExp(`^${source.join("")}$`, "s").test(pattern) ? "''" : quote(pattern);
}

// A part of a pattern that is special as a regular expression.
function regexOf(part: string): string {
  if (part === "*") return ".*";
  if (part === "?") return ".";
  const [, not = "", members = ""] = /^\[(!?)([\s\S]*)\]$/.exec(part) ?? [];
  return `[${not === "" ? "" : "^"}${members.replaceAll(/[\\\]^[]/g, "\\$&")}]`;
}

// A pattern as a word of shell: what is special stays bare, all else is quoted.
export function shellPattern(pattern: string): string {
  const parts = pattern.split(SPECIAL);
  return parts
    .map((part, at) => {
      if (at % 2 === 0) return part === "" ? "" : quote(part);
      return bare(part);
    })
    .join("");
}

// A special part of a pattern: text in brackets is quoted, except for the dash of a range.
function bare(part: string): string {
  const [, not = "", members = ""] = /^\[(!?)([\s\S]*)\]$/.exec(part) ?? [];
  if (members === "") return part;
  return `[${not}${members
    .split(/(-)/)
    .map((word) => (word === "-" || word === "" ? word : quote(word)))
    .join("")}]`;
}

// Whether a change of a path may have to do with what a pattern finds.
function mayMatch(pattern: string, subject: string): boolean {
  const fixed = pattern.slice(0, pattern.search(/[*?[]/)).replace(/[^/]*$/, "");
  const path = subject.replace(/^(follow|below) /, "");
  return `${path}/`.startsWith(fixed) || fixed.startsWith(`${path}/`) || path === "/";
}
