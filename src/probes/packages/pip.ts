import { lines, sh, type Script } from "../../script/sh.ts";
import { ask, ProbeError, type Probe, type ProbeKind } from "../probe.ts";
import { canonical } from "../../canonical.ts";

/** Which pip, and what is asked of it. */
export interface PipArg {
  /** The virtual environment; else `program`, else the pip of the host's python3. */
  virtualenv?: string;
  program?: string;
  /** The directory in which it runs; a temporary one unless given. */
  chdir?: string;
  /** Packages to ask about, by their normalised names on PyPI (my-package). */
  names: readonly string[];
  /** The words of `pip install` of which it is asked what they would install. */
  install?: readonly string[];
}

/** What pip says; null: there is no pip. */
export type PipState = null | {
  /** The virtual environment exists, if one is wanted. */
  isMade: boolean;
  /** Name -> version of what is installed; null: known once it is installed. */
  packages: { readonly [name: string]: string | null };
  /** What the words would install; null: this pip cannot say so, or there is nothing to ask. */
  would: { readonly [name: string]: string } | null;
  /** Why the words cannot be installed; "": they can. */
  failure: string;
  /** The words that a task of this run installs: it would install nothing more. */
  installed?: readonly string[];
};

// A name as pip compares it.
export function plainName(name: string): string {
  return name.replace(/[-_.]+/g, "-").toLowerCase();
}

const [UPPER, LOWER] = ["ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz"];

/** Turns NAME==VERSION into "plain-name version". */
const PLAIN = `/^[^ ]*==/{h;s/==.*//;s/[-_.][-_.]*/-/g;y/${UPPER}/${LOWER}/;G;s/\\n.*==/ /;p;}`;

// The environment of pip, and the function hw_pip, which fails with 127 where there is none. With a
// virtual environment its programs are found first.
export function pipFunction({ virtualenv, program, chdir }: Omit<PipArg, "names">): Script {
  const settings = sh`export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INPUT=1 LC_ALL=C.UTF-8`;
  const into =
    chdir === undefined
      ? sh`cd -- "${{ sh: "${TMPDIR:-/tmp}" }}" || exit 1`
      : sh`cd -- ${chdir} || exit 1`;
  if (virtualenv !== undefined) {
    const bin = `${virtualenv}/bin`;
    return lines([
      settings,
      into,
      sh`PATH=${bin}:$PATH; export PATH`,
      sh`hw_pip() { if [ -x ${`${bin}/pip3`} ]; then ${`${bin}/pip3`} "$@"; elif [ -x ${`${bin}/pip`} ]; then ${`${bin}/pip`} "$@"; else return 127; fi; }`,
    ]);
  }
  const call =
    program === undefined
      ? sh`if python3 -c 'import pip' 2>/dev/null; then python3 -m pip "$@"; elif command -v pip3 >/dev/null; then pip3 "$@"; else return 127; fi`
      : sh`command -v ${program} >/dev/null || return 127; ${program} "$@"`;
  return lines([settings, into, sh`hw_pip() { ${call}; }`]);
}

/**
 * One pip after the other. What would be installed is asked with --dry-run, which pip has had since
 * 22.2, and which installs nothing.
 */
export const pipKind: ProbeKind<PipArg, PipState> = {
  name: "pip",
  subject: ({ virtualenv, program }) => virtualenv ?? program ?? "",
  script: (args) => lines(args.map(questionOf)),
  parse(output, args) {
    const parts = output.split(/^--pip--\n/m).slice(1);
    return args.map((_, index) => readPart(parts[index] ?? ""));
  },
  planned: {
    overlay(observed, after, { names, install }) {
      if (!after || !install) return after;
      if (canonical(after.installed) === canonical(install)) return after;
      // an earlier task installs packages, so it is not known yet what these
      // words would install then
      if (!observed?.isMade || names.some((name) => after.packages[name] === null))
        return undefined;
      const would = Object.entries(observed.would ?? {}).filter(
        ([name, version]) => after.packages[name] !== version,
      );
      return { ...after, would: observed.would && Object.fromEntries(would), failure: "" };
    },
    madeOf: (_arg, kind, subject, answer) =>
      answer === null && (["package", "deb"].includes(kind) || /\/(pip3?|python3)$/.test(subject)),
  },
  look: {
    script: (arg) =>
      sh`( ${pipFunction(arg)}
hw_l=$(hw_pip list --format=freeze 2>/dev/null | sed -n ${PLAIN})
hw_s=; for hw_n in ${arg.names}; do printf '%s%s' "$hw_s" "$(printf '%s\\n' "$hw_l" | sed -n "s/^$hw_n //p" | grep . || echo -)"; hw_s=' '; done; echo )`,
    words: (state, { names }) =>
      names.map((name) => {
        const version = state?.packages[name];
        return version === undefined ? "-" : version;
      }),
  },
};

// Prints "pip CODE" or "none", "made", "NAME VERSION" of what is installed, "would
// NAME-VERSION ...", "failure WHY".
function questionOf(arg: PipArg): Script {
  const { virtualenv, install } = arg;
  const dry =
    install === undefined
      ? sh`:`
      : sh`if hw_o=$(hw_pip install --dry-run ${install} 2>&1); then echo asked; printf '%s\\n' "$hw_o" | sed -n 's/^Would install /would /p'
else printf '%s\\n' "$hw_o" | sed -n 's/^ERROR: /failure /p;/no such option/{s/^/failure /;p;}'; fi`;
  return lines([
    sh`echo --pip--`,
    sh`( ${virtualenv === undefined ? sh`echo made` : sh`[ ! -e ${`${virtualenv}/bin/activate`} ] || echo made`}`,
    pipFunction(arg),
    sh`if hw_l=$(hw_pip list --format=freeze 2>/dev/null); then echo pip; printf '%s\\n' "$hw_l" | sed -n ${PLAIN} | sed 's/^/has /'
${dry}
fi )`,
  ]);
}

function readPart(text: string): PipState {
  if (!text.endsWith("\n") && text !== "") throw new ProbeError(`pip answered ${text}`);
  const all = (word: string): string[] =>
    text
      .split("\n")
      .flatMap((line) => (line.startsWith(`${word} `) ? [line.slice(word.length + 1)] : []));
  const isMade = /^made$/m.test(text);
  if (!/^pip$/m.test(text)) {
    return isMade ? null : { isMade, packages: {}, would: null, failure: "" };
  }
  const packages = Object.fromEntries(all("has").map((row) => row.split(" ") as [string, string]));
  const failures = all("failure");
  const isOld = failures.some((line) => line.includes("no such option"));
  const asked = /^asked$/m.test(text);
  const would = all("would").flatMap((row) => row.split(" ").map(splitRelease));
  return {
    isMade,
    packages,
    would: asked ? Object.fromEntries(would) : null,
    failure: isOld ? "" : (failures.at(-1) ?? ""),
  };
}

// NAME-VERSION in its parts; versions have no hyphens.
function splitRelease(text: string): [string, string] {
  const at = text.lastIndexOf("-");
  return [plainName(text.slice(0, at)), text.slice(at + 1)];
}

// Asks a pip what it has, and what it would install.
export function askPip(arg: PipArg): Probe<PipState> {
  return ask(pipKind, arg);
}
