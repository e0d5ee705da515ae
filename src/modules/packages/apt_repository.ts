import { askLists, type ListsState } from "../../probes/packages/apt.ts";
import { contentText, statPath, type PathState } from "../../probes/files/path.ts";
import { askSources, type SourcesState } from "../../probes/packages/sources.ts";
import { lines, sh } from "../../script/sh.ts";
import { placeFile, staged } from "../../script/write.ts";
import { listPath, readLine, readRepo, writeLine } from "./apt_repository/lines.ts";
import { textFile } from "../files/copy/source.ts";
import { applyMode, octal } from "../shared/files/mode.ts";
import type { Change, LocalFile, Module, Step } from "../contract/module.ts";
import { hostPath } from "../shared/files/ownership.ts";
import { updateLists } from "../shared/packages/apt_steps.ts";
import { defined } from "../../defined.ts";
import type { ArgsOf, Schema } from "../contract/schema.ts";
import { restore, revert } from "../../script/undo.ts";
import { contentState } from "../shared/files/placed.ts";
import { mapValues } from "../../records.ts";

/**
 * All lists; the one that a new source goes to, with what earlier tasks make of it; how old
 * the lists of packages are.
 */
type State = { sources: SourcesState; file: PathState; lists?: ListsState };

const schema = {
  description: "Adds a package source to apt, or removes it; then updates the package lists.",
  example: `name: Use packages from backports
apt_repository: {repo: "deb http://deb.debian.org/debian bookworm-backports main", filename: backports}`,
  returns: ["repo, state: as given"],
  arguments: {
    repo: {
      type: "str",
      required: true,
      description:
        "The source as a line: deb [signed-by=/etc/apt/keyrings/x.gpg] https://... SUITE COMPONENT.",
    },
    state: {
      type: "str",
      choices: ["present", "absent"],
      default: "present",
      description: "present: one of the files has the line; absent: none has.",
    },
    filename: {
      type: "str",
      description:
        "The file in /etc/apt/sources.list.d for a new line, without .list; by default it is named after the URL.",
    },
    mode: { type: "mode", description: "Permissions of a new file; 0644 by default." },
    update_cache: {
      type: "bool",
      default: true,
      aliases: ["update-cache"],
      description: "Updates the package lists when anything has changed.",
    },
    update_cache_retries: {
      type: "int",
      default: 5,
      description: "How often to retry an update.",
    },
    update_cache_retry_max_delay: {
      type: "int",
      default: 12,
      description: "The longest time between two tries, in seconds.",
    },
    install_python_apt: {
      type: "bool",
      default: true,
      description: "Has no effect: no Python is needed.",
    },
    validate_certs: {
      type: "bool",
      default: true,
      description: "Has no effect: no key is downloaded.",
    },
  },
} as const satisfies Schema;

type RepositoryArgs = ArgsOf<typeof schema>;

/** Where apt's packages come from, in the one-line style. */
export const apt_repository: Module<RepositoryArgs, State> = {
  name: "apt_repository",
  schema,
  observe: (args) => ({
    sources: askSources(),
    file: statPath(pathOf(args), { follow: true, unless: "" }),
    ...defined({ lists: args.update_cache ? askLists() : undefined }),
  }),
  plan,
  result: ({ repo, state }) => ({ repo, state }),
};

function pathOf({ repo, filename }: RepositoryArgs): string {
  return hostPath(listPath(readRepo(repo), filename));
}

// The lists with what earlier tasks of the run make of the one file.
function listsOf(path: string, { sources, file }: State): SourcesState {
  const { [path]: _own, ...others } = sources;
  const text = file === null ? undefined : (contentText(file) ?? sources[path] ?? "");
  return text === undefined ? others : { ...others, [path]: text };
}

function plan(args: RepositoryArgs, before: State): Change<State> | null {
  const path = pathOf(args);
  const old = listsOf(path, before);
  const now =
    args.state === "present"
      ? withSource(old, readRepo(args.repo), path)
      : withoutSource(old, readRepo(args.repo));
  const paths = [...new Set([...Object.keys(old), ...Object.keys(now)])].filter(
    (name) => old[name] !== now[name],
  );
  if (paths.length === 0) return null;
  const mode = args.mode === undefined ? 0o644 : applyMode(args.mode, 0o644, false);
  const files = new Map<string, LocalFile>(
    paths.flatMap((name) =>
      now[name] === undefined ? [] : [[name, textFile(now[name])] as const],
    ),
  );
  const steps = paths.map((name) =>
    files.has(name)
      ? writeStep(name, files.get(name)!, old[name] === undefined ? octal(mode) : undefined)
      : removeStep(name),
  );
  const update = args.update_cache ? [updateStep(args, paths)] : [];
  const states = paths.map(
    (name) => [name, stateOf(files.get(name), name === path ? before.file : null, mode)] as const,
  );
  return {
    after: {
      ...before,
      sources: now,
      file: new Map(states).get(path) ?? (paths.includes(path) ? null : before.file),
      ...defined({ lists: args.update_cache ? { age: 0, time: null } : undefined }),
    },
    also: states.map(([subject, after]) => ({ kind: "path", subject, after })),
    steps: [...steps, ...update],
    diff: paths.map((name) => ({
      kind: "text",
      title: name,
      before: old[name] ?? "",
      after: now[name] ?? "",
    })),
  };
}

// A source that apt cannot use is not left behind: with it, all that apt does from then on fails.
function updateStep(args: RepositoryArgs, paths: readonly string[]): Step {
  const { update_cache_retries: retries, update_cache_retry_max_delay: delay } = args;
  return updateLists(retries, delay, lines(paths.map(revert)));
}

// Enables the source wherever it is; if it is nowhere, it is added to its own list.
function withSource(old: SourcesState, source: string, path: string): SourcesState {
  const isThere = Object.values(old).some((text) =>
    text.split("\n").some((line) => readLine(line).source === source),
  );
  if (!isThere)
    return { ...old, [path]: `${(old[path] ?? "").replace(/(?<=[^\n])$/, "\n")}${source}\n` };
  const enable = (text: string): string => {
    const line = readLine(text);
    return line.source === source && !line.enabled ? writeLine(source, line.comment) : text;
  };
  return mapValues(old, (text) => text.split("\n").map(enable).join("\n"));
}

// Takes the source away wherever it is in force; a list with nothing left goes, too.
function withoutSource(old: SourcesState, source: string): SourcesState {
  const keeps = (text: string): boolean =>
    !(readLine(text).source === source && readLine(text).enabled);
  return Object.fromEntries(
    Object.entries(old).flatMap(([name, text]) => {
      const lines = text.split("\n").filter(keeps).join("\n");
      return lines === "" && text !== "" ? [] : [[name, lines] as const];
    }),
  );
}

function stateOf(file: LocalFile | undefined, old: PathState, mode: number): PathState {
  return file
    ? ({
        type: "file",
        ...(old ? { mode: old.mode } : { mode }),
        ...contentState(file),
      } as PathState)
    : null;
}

// A new list gets its mode; an existing one keeps its own.
function writeStep(path: string, file: LocalFile, mode: string | undefined): Step {
  if (mode !== undefined) return placeFile(staged(file), path, mode, {});
  return {
    run: sh`hw_place ${staged(file)} ${path} "$(stat -c %a -- ${path})" "$(stat -c %u -- ${path})" "$(stat -c %g -- ${path})"`,
    undo: restore(path),
  };
}

function removeStep(path: string): Step {
  return { run: sh`hw_remove ${path}`, undo: restore(path) };
}
