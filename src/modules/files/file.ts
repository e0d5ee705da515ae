import { TaskFailure } from "../../errors.ts";
import { statPath, type PathState } from "../../probes/files/path.ts";
import type { Probe } from "../../probes/probe.ts";
import { ATTRIBUTE_ARGUMENTS, askAbove, seen, shownState } from "../shared/files/attributes.ts";
import { planAbsent } from "./file/absent.ts";
import { planDirectory } from "./file/directory.ts";
import { askHard, planHard } from "./file/hard.ts";
import { askLink, planLink } from "./file/link.ts";
import { planPresent } from "./file/present.ts";
import { planTouch } from "./file/touch.ts";
import type { Module } from "../contract/module.ts";
import { hostPath, parentOf } from "../shared/files/ownership.ts";
import type { Schema } from "../contract/schema.ts";
import type { FileArgs, FileState, FileWay } from "./file/arguments.ts";
import { defined } from "../../defined.ts";

const schema: Schema = {
  description:
    "Makes, mends or removes files, folders and links, and sets who owns them and who may use them.",
  arguments: {
    path: {
      type: "path",
      required: true,
      aliases: ["dest", "name"],
      description: "The path on the host.",
    },
    state: {
      type: "str",
      choices: ["file", "directory", "link", "hard", "absent", "touch"],
      description:
        "What the path is to be. file: it is there already, and gets its attributes; directory: a folder, with those above it; link, hard: a link to src; absent: nothing, whatever was below; touch: a file, with the time of now. Unless said, it is what is there, or file.",
    },
    src: {
      type: "path",
      asWritten: true,
      description: "Where a link points to; from the link's own folder, if it is not absolute.",
    },
    ...ATTRIBUTE_ARGUMENTS,
    recurse: {
      type: "bool",
      default: false,
      description:
        "Gives everything below a folder the same attributes. Links below it are left alone, or with follow: false get owners.",
    },
    follow: {
      type: "bool",
      default: true,
      description: "Attributes are those of what a link leads to.",
    },
    force: {
      type: "bool",
      default: false,
      description:
        "Makes a link even if its src is missing, or in place of a file or an empty folder.",
    },
    modification_time: {
      type: "str",
      choices: ["preserve", "now"],
      description: "With touch: leaves the time of the last change alone, or sets it to now.",
    },
    access_time: {
      type: "str",
      choices: ["preserve", "now"],
      description: "With touch: leaves the time of the last access alone, or sets it to now.",
    },
  },
  requiredIf: [{ if: "state", is: "hard", then: ["src"] }],
};

const WAYS: { readonly [state: string]: FileWay } = {
  file: planPresent,
  directory: planDirectory,
  link: planLink,
  hard: planHard,
  absent: planAbsent,
  touch: planTouch,
};

/** Files, folders and links: that they are there, or are not, and whose they are. */
export const file: Module<FileArgs, FileState> = {
  name: "file",
  schema,
  observe(args) {
    check(args);
    const path = hostPath(args.path);
    const probes = { at: statPath(path), to: statPath(path, { follow: true }) };
    return { ...probes, ...more(args, path) };
  },
  plan(args, before, given) {
    const path = hostPath(args.path);
    seen(path, before.at);
    return WAYS[wayOf(args, before)]!(args, path, before, given);
  },
  result(args, state) {
    const path = hostPath(args.path);
    const shown = args.follow && args.state !== "link" ? (state.to ?? state.at) : state.at;
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
function more(
  args: FileArgs,
  path: string,
): { [question: string]: Probe<PathState> | Probe<boolean> } {
  const below = args.recurse ? { below: statPath(path, { below: "all" }) } : {};
  if (args.state === "directory" || (args.state === undefined && args.recurse))
    return { ...askAbove(path), ...below };
  const parent = statPath(parentOf(path), { follow: true });
  if (args.state === "link") return { parent, ...askLink(args, path) };
  if (args.state === "hard") return { parent, ...askHard(args, path) };
  return args.state === "touch" ? { parent } : {};
}

// What the path is to be, if the task does not say: what it is.
function wayOf(args: FileArgs, { at }: FileState): string {
  if (args.state !== undefined) return args.state;
  if (at === null && args.recurse) return "directory";
  return at?.type === "directory" ? "directory" : "file";
}

// Fails for parameters that make no sense together.
function check(args: FileArgs): void {
  const { state = "file" } = args;
  if (args.mode === "preserve")
    throw new TaskFailure("mode: preserve is for files that are copied", 'write mode: "0755"');
  if (args.recurse && state !== "directory" && args.state !== undefined)
    throw new TaskFailure(`recurse does not go with state: ${state}`, "it is for state: directory");
  if (args.src !== undefined && state !== "link" && state !== "hard")
    throw new TaskFailure(
      `src does not go with state: ${state}`,
      "it is for state: link and state: hard",
    );
  const timed = args.modification_time === "now" || args.access_time === "now";
  if (timed && state !== "touch") throw new TaskFailure("times are set by state: touch alone");
}
