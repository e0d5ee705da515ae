import { lines, sh } from "../../script/sh.ts";
import { AFTER_EACH_CHANGE, ask, type Probe, type ProbeKind } from "../probe.ts";
import { lists } from "./apt.ts";

/** The packages that apt knows and whose names match a pattern of file names (`php*`), by name. */
export const available: ProbeKind<{ pattern: string }, string[]> = {
  name: "available_packages",
  subject: (arg) => arg.pattern,
  holds: { unknownBehind: "starts", asked: AFTER_EACH_CHANGE },
  planned: { madeOf: (_arg, kind) => kind === lists.name },
  script: (args) =>
    lines([
      { sh: FUNCTIONS },
      ...args.map(({ pattern }) => {
        const [prefix = ""] = /^[a-z0-9+.-]*/.exec(pattern) ?? [];
        return sh`printf 'pattern %s\n' ${pattern}; hw_available ${prefix} ${regexOf(pattern)}`;
      }),
    ]),
  parse(output, args) {
    const parts = output.split(/^pattern /m);
    return args.map(({ pattern }) => {
      const [, ...names] = parts.find((part) => part.startsWith(`${pattern}\n`))?.split("\n") ?? [];
      return [...new Set(names.filter(Boolean))].sort();
    });
  },
};

// Asks which packages a pattern means.
export function askAvailable(pattern: string): Probe<string[]> {
  return ask(available, { pattern });
}

/** hw_available PREFIX REGEX: names alone, of which another package only speaks, do not count. */
const FUNCTIONS = String.raw`hw_available() {
  hw_l=$(apt-cache pkgnames -- "$1" | grep -xE -e "$2") || return 0
  # shellcheck disable=SC2086 # names of packages are words
  LC_ALL=C apt-cache policy $hw_l | sed -n -e '/^[^ ]*:$/{s/:$//;h;}' -e '/Candidate: (none)/d' -e '/Candidate: /{g;p;}'
}`;

// A pattern of file names as a regular expression of grep.
function regexOf(pattern: string): string {
  return pattern
    .replace(/[.+^$(){}|\\]/g, "\\$&")
    .replaceAll("[!", "[^")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
}
