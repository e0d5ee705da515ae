import { lines, sh, type Script } from "../../script/sh.ts";
import { ask, ProbeError, type Probe, type ProbeKind } from "../probe.ts";

/** A working copy, and what its source has. */
export interface GitArg {
  dest: string;
  repo: string;
  /** A branch, a tag, a commit in full, or HEAD; undefined: the source is not asked. */
  version?: string;
  remote: string;
  program: string;
  /** The ssh command for sources that use ssh. */
  ssh?: string;
}

/** What is known of it; null: the host has no git. */
export type GitState = null | {
  /** The commit that is checked out; null: dest is no working copy. */
  head: string | null;
  /** Files that git follows were changed. */
  dirty: boolean;
  /** Submodules are not at the commits that the working copy wants. */
  stale: boolean;
  /** dest has something in it that is no working copy. */
  occupied: boolean;
  url: string;
  /** The commit that the source has for the version; null: it has none. */
  wanted: string | null;
  kind: "head" | "branch" | "tag" | "commit";
  /** Why the source could not be asked; "": it could. */
  failure: string;
};

const FULL = /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/;

/** One working copy after the other; sources are asked with ls-remote, which writes nothing. */
export const gitKind: ProbeKind<GitArg, GitState> = {
  name: "git",
  subject: ({ dest }) => dest,
  script: (args) => lines(args.map((arg) => lines([lookAt(arg), askSource(arg)]))),
  parse(output, args) {
    const parts = output.split("--git--\n").slice(1);
    return args.map((arg, index) => parsePart(parts[index] ?? "", arg));
  },
  planned: {
    overlay: (observed, after) =>
      observed && after
        ? { ...after, wanted: observed.wanted, kind: observed.kind, failure: observed.failure }
        : after,
    madeOf: (_arg, kind, subject, answer) =>
      answer === null && (["package", "deb"].includes(kind) || subject.endsWith("/git")),
  },
  look: {
    script: (arg) => sh`{ ${lookAt(arg)}
} | sed -n 's/^local //p' | head -n 1`,
    words: (state) => [
      state === null
        ? "-"
        : { begins: `${state.head ?? "-"} ${Number(state.dirty)} ${Number(state.stale)} ` },
    ],
  },
};

// Prints "local HEAD DIRTY STALE OCCUPIED URL".
function lookAt({ dest, remote, program }: GitArg): Script {
  return sh`echo --git--; if command -v ${program} >/dev/null; then (
  hw_h=-; hw_d=0; hw_s=0; hw_o=0; hw_u=
  if [ -e ${dest}/.git ] && cd -- ${dest}; then
    hw_h=$(${program} rev-parse HEAD 2>/dev/null) || hw_h=none
    [ -z "$(${program} status --porcelain --untracked-files=no --ignore-submodules 2>/dev/null)" ] || hw_d=1
    hw_u=$(${program} config --get ${`remote.${remote}.url`})
    if [ -f .gitmodules ] && ${program} submodule status --recursive 2>/dev/null | grep -q '^[-+U]'; then hw_s=1; fi
  elif [ -e ${dest} ] && [ -n "$(ls -A -- ${dest})" ]; then hw_o=1; fi
  printf 'local %s %s %s %s %s\\n' "$hw_h" "$hw_d" "$hw_s" "$hw_o" "$hw_u" ); else echo 'local -'; fi`;
}

// Prints what the source has: "remote SHA NAME", or "failure WHY".
function askSource({ repo, version, program, ssh }: GitArg): Script {
  if (version === undefined || FULL.test(version)) return sh`:`;
  const names =
    version === "HEAD"
      ? ["HEAD"]
      : [`refs/heads/${version}`, `refs/tags/${version}`, `refs/tags/${version}^{}`];
  const by = ssh === undefined ? sh`` : sh`GIT_SSH_COMMAND=${ssh} `;
  return sh`if command -v ${program} >/dev/null; then if hw_r=$(GIT_TERMINAL_PROMPT=0 LC_ALL=C ${by}${program} ls-remote ${repo} ${names} 2>&1); then printf '%s\\n' "$hw_r" | sed -n 's/^\\([0-9a-f]*\\)\t/remote \\1 /p'
else printf 'failure %s\\n' "$(printf '%s' "$hw_r" | sed -n '/^fatal: /{s///;p;q;};$p' | head -n 1)"; fi; fi`;
}

function parsePart(text: string, { version }: GitArg): GitState {
  const found = /^local (?:-$|(\S+) (\d) (\d) (\d) (.*)$)/m.exec(text);
  if (!found) throw new ProbeError(`git answered ${text}`);
  const [, head, dirty, stale, occupied, url = ""] = found;
  if (head === undefined) return null;
  const failure = /^failure (.*)$/m.exec(text)?.[1] ?? "";
  const refs = new Map(
    [...text.matchAll(/^remote (\S+) (\S+)$/gm)].map(([, sha, name]) => [name!, sha!]),
  );
  return {
    head: head === "-" ? null : head,
    dirty: dirty === "1",
    stale: stale === "1",
    occupied: occupied === "1",
    url,
    failure,
    ...versionOf(version, refs),
  };
}

// What a version is, and its commit.
function versionOf(
  version: string | undefined,
  refs: ReadonlyMap<string, string>,
): Pick<NonNullable<GitState>, "wanted" | "kind"> {
  if (version === undefined || version === "HEAD")
    return { kind: "head", wanted: refs.get("HEAD") ?? null };
  if (FULL.test(version)) return { kind: "commit", wanted: version };
  const branch = refs.get(`refs/heads/${version}`);
  if (branch !== undefined) return { kind: "branch", wanted: branch };
  const tag = refs.get(`refs/tags/${version}^{}`) ?? refs.get(`refs/tags/${version}`);
  return { kind: "tag", wanted: tag ?? null };
}

// Asks about a working copy and its source.
export function askGit(arg: GitArg): Probe<GitState> {
  return ask(gitKind, arg);
}
