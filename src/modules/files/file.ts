import { TaskFailure } from "../../errors.ts";
import { schema } from "./file/schema.ts";
import { statPath } from "../../probes/files/path.ts";
import type { Probes } from "../../probes/probe.ts";
import { askAbove, mustBeAccessible, shownState } from "../shared/files/attributes.ts";
import { planAbsent } from "./file/absent.ts";
import { planDirectory } from "./file/directory.ts";
import { askHard, askTarget, planHard } from "./file/hard.ts";
import { askLink, planLink } from "./file/link.ts";
import { planPresent } from "./file/present.ts";
import { planTouch } from "./file/touch.ts";
import type { Module } from "../contract/module.ts";
import { hostPath, parentOf } from "../shared/files/ownership.ts";
import type { FileState, FileWay } from "./file/way.ts";
import { defined } from "../../defined.ts";
import type { FileArgs } from "./file/schema.ts";

const WAYS: { readonly [state: string]: FileWay } = {
  file: planPresent,
  directory: planDirectory,
  link: planLink,
  hard: planHard,
  absent: planAbsent,
  touch: planTouch,
};

/** Files, directories and links: whether they exist, and their attributes. */
export const file: Module<FileArgs, FileState> = {
  name: "file",
  schema,
  observe(args) {
    refuseArguments(args);
    const path = hostPath(args.path);
    const probes = { at: statPath(path), to: statPath(path, { follow: true }) };
    return { ...probes, ...more(args, path) };
  },
  observeAgain(args, { src = null }) {
    const path = hostPath(args.path);
    const target = mayBeHard(args) ? askTarget(path, src) : undefined;
    if (target === undefined) return undefined;
    return {
      at: statPath(path),
      to: statPath(path, { follow: true }),
      ...more(args, path),
      target,
    };
  },
  plan(args, before, controller) {
    const path = hostPath(args.path);
    mustBeAccessible(path, before.at);
    return WAYS[wayOf(args, before)]!(args, path, before, controller);
  },
  result(args, state) {
    const path = hostPath(args.path);
    const isLink = args.state === "link" || (args.src !== undefined && args.state !== "hard");
    const shown = args.follow && !isLink ? (state.to ?? state.at) : state.at;
    if (shown?.type === "link") return { dest: path, src: shown.target, ...shownState(shown) };
    return {
      [args.state === "touch" || args.state === "hard" ? "dest" : "path"]: path,
      ...defined({ src: args.state === "hard" ? args.src : undefined }),
      ...shownState(shown),
      ...defined({ state: args.state === "hard" ? "hard" : undefined }),
    };
  },
};

// What each way must know besides the path itself.
function more(args: FileArgs, path: string): Partial<Probes<FileState>> {
  const below = args.recurse ? { below: statPath(path, { below: "all" }) } : {};
  if (args.state === "directory" || (args.state === undefined && args.recurse))
    return { above: askAbove(path), ...below };
  const parent = statPath(parentOf(path), { follow: true });
  if (args.state === "link") return { parent, ...askLink(args, path) };
  if (mayBeHard(args)) return { parent, ...askHard(args, path) };
  return args.state === "touch" ? { parent } : {};
}

// Whether the path may have to be another name of `src`: it is to be one, or is one already.
function mayBeHard({ state, src }: FileArgs): boolean {
  return state === "hard" || (state === undefined && src !== undefined);
}

// The wanted kind of the path, if the task does not say: its present one.
function wayOf(args: FileArgs, { at, same }: FileState): string {
  if (args.state !== undefined) return args.state;
  if (args.src !== undefined) {
    if (at?.type === "link") return "link";
    if (at?.type === "file" && same) return "hard";
    throw new TaskFailure(
      "src option requires state to be 'link' or 'hard'",
      "write state: link or state: hard",
    );
  }
  if (at === null && args.recurse) return "directory";
  return at?.type === "directory" ? "directory" : "file";
}

// Fails for parameters that make no sense together.
function refuseArguments(args: FileArgs): void {
  const { state = "file" } = args;
  if (args.mode === "preserve")
    throw new TaskFailure("mode: preserve is for files that are copied", 'write mode: "0755"');
  if (args.recurse && state !== "directory" && args.state !== undefined)
    throw new TaskFailure(
      `recurse cannot be used with state: ${state}`,
      "it is for state: directory",
    );
  if (args.src !== undefined && args.state !== undefined && state !== "link" && state !== "hard")
    throw new TaskFailure(
      "src option requires state to be 'link' or 'hard'",
      `here it is ${state}`,
    );
  const timed = args.modification_time === "now" || args.access_time === "now";
  if (timed && state !== "touch") throw new TaskFailure("only state: touch sets times");
}
