import { TaskFailure } from "../../../errors.ts";
import type { PackageProgram, PackageState } from "../../../probes/packages/package.ts";
import type { Diff } from "../../contract/module.ts";
import { defined } from "../../../defined.ts";
import { fieldDiff } from "../../contract/diff.ts";

/** A package as a task names it. */
export interface WantedPackage {
  /** The argument for the package manager: foo=1.2*. */
  text: string;
  /** What is asked for on the host: foo. */
  name: string;
  /** The version that it must have; `*` and `?` are wildcards. */
  version?: string;
}

/** How packages shall be. */
export interface PackageRequest {
  state: "present" | "absent" | "latest";
  packages: readonly WantedPackage[];
  /** Leaves out what is not installed. */
  onlyUpgrade?: boolean;
  /** Also removes configuration files. */
  purge?: boolean;
  /**
   * The lists of packages are updated in this run, so that a newer version may come
   * than the one that is known.
   */
  renewed?: boolean;
}

/** Packages, and what is known of newer ones, by name. */
export interface PackageKnowledge {
  packages: { readonly [name: string]: PackageState };
  candidates: { readonly [name: string]: string | null };
}

/** What has to be done: packages to install or upgrade, or to remove; what they are afterwards. */
export interface Choice {
  by: PackageProgram;
  install: WantedPackage[];
  remove: WantedPackage[];
  after: { [name: string]: PackageState };
  diff: Diff[];
}

// Reads the packages that a task names; a blank names none.
export function readPackages(names: readonly string[] = [], pattern: RegExp): WantedPackage[] {
  return names.filter((name) => !isBlank(name)).map((name) => readPackage(name, pattern));
}

// Whether a name is none.
export function isBlank(name: string): boolean {
  return name.trim() === "";
}

// Reads foo, foo:arm64 and, if there is a `=`, foo=1.2*.
function readPackage(text: string, pattern: RegExp): WantedPackage {
  const [, name = "", version] = /^([^=]*)(?:=(.*))?$/s.exec(text.trim())!;
  if (/^https?:|\//.test(text))
    throw new TaskFailure(
      `"${text}" is not the name of a package`,
      "packages from files are installed by apt with deb: PATH, after get_url or copy",
    );
  if (!pattern.test(name))
    throw new TaskFailure(
      `"${text}" is not the name of a package`,
      /[*?[]/.test(name) ? "patterns are allowed only in a version, as in foo=1.2*" : undefined,
    );
  return { text: text.trim(), name, ...defined({ version }) };
}

// Chooses from all that is wanted what is not so.
export function choose(request: PackageRequest, known: PackageKnowledge): Choice {
  const choice: Choice = { by: "", install: [], remove: [], after: {}, diff: [] };
  for (const wanted of request.packages) {
    const state = known.packages[wanted.name]!;
    if (state.by === "")
      throw new TaskFailure("there is no package manager on the host", "apt-get or dnf is needed");
    choice.by = state.by;
    const newest = request.state === "latest" ? (known.candidates[wanted.name] ?? null) : null;
    if (
      request.state === "absent"
        ? mustRemove(state, request)
        : mustInstall(wanted, state, request, newest)
    )
      addPackage(choice, request, wanted, state, newest);
  }
  return choice;
}

// Whether a package must be removed; one that another package provides is not installed itself.
function mustRemove(
  { installed, provider, leftovers }: PackageState,
  { purge }: PackageRequest,
): boolean {
  return (installed && provider === undefined) || (purge === true && leftovers);
}

// Whether a package must be installed or upgraded.
function mustInstall(
  { version }: WantedPackage,
  state: PackageState,
  { state: want, onlyUpgrade }: PackageRequest,
  newest: string | null,
): boolean {
  if (!state.installed) return onlyUpgrade !== true;
  if (state.version === null) return false;
  if (version !== undefined) return !fits(state.version, version);
  if (want !== "latest" || state.provider !== undefined) return false;
  return newest !== null && newest !== state.version;
}

// Notes one package that changes.
function addPackage(
  choice: Choice,
  request: PackageRequest,
  wanted: WantedPackage,
  state: PackageState,
  newest: string | null,
): void {
  const { text, name, version } = wanted;
  if (request.state === "absent") {
    choice.remove.push(wanted);
    choice.after[name] = {
      by: state.by,
      installed: false,
      version: null,
      leftovers: state.by === "apt" && request.purge !== true,
    };
    choice.diff.push(
      fieldDiff(name, state.version ?? (state.installed ? "installed" : "configuration"), null),
    );
    return;
  }
  const exact = version !== undefined && !/[*?[]/.test(version) ? version : null;
  const next = version === undefined ? newest : exact;
  choice.install.push(wanted);
  choice.after[name] = {
    by: state.by,
    installed: true,
    version: request.renewed && version === undefined ? null : next,
    leftovers: false,
  };
  choice.diff.push(fieldDiff(name, state.version, next ?? (text === name ? "installed" : text)));
}

// Compares a version with a pattern as file names are compared.
export function fits(version: string, pattern: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return version === pattern || new RegExp(`^${source}$`, "s").test(version);
}
