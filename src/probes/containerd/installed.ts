import FUNCTIONS from "./installed.sh?raw";
import { lines, sh } from "../../script/sh.ts";
import { ask, ProbeError, type Probe, type ProbeKind } from "../probe.ts";
import { OUR_TITLE } from "./registries.ts";

/** Where it is looked for. */
export interface InstalledArg {
  /** Files and links; copies kept beside them as FILE.distrib are reported, too. */
  files: string[];
  directories: string[];
  /** containerd's directory of running state. */
  state: string;
}

/** One file: `ours` begins with our title, `other` does not. */
export interface InstalledFile {
  type: "ours" | "other" | "link" | "absent";
  /** Where a link leads. */
  target: string;
  /** Something is kept beside it. */
  kept: boolean;
}

/** What is found. */
export interface Installed {
  files: { [path: string]: InstalledFile };
  /** The names in each existing directory. */
  directories: { [path: string]: string[] };
  /** The containers whose task runs, as NAMESPACE/ID. */
  tasks: string[];
}

/**
 * Everything that an installation of ours leaves on a host, in one look that costs few processes.
 */
export const installed: ProbeKind<InstalledArg, Installed> = {
  name: "containerd installed",
  subject: (arg) => arg.files.join(" "),
  holds: { unknownBehind: "commands" },
  script: (args) =>
    lines([
      { sh: FUNCTIONS },
      ...args.flatMap(({ files, directories, state }) => [
        sh`echo installed; hw_installed ${`# ${OUR_TITLE}`} ${files}`,
        sh`for hw_p in ${directories}; do [ ! -d "$hw_p" ] || { hw_names "$hw_p"; }; done`,
        sh`for hw_p in ${state}/io.containerd.runtime.v2.task/*/*/; do [ ! -d "$hw_p" ] || printf 'task %s\n' "$hw_p"; done`,
      ]),
    ]),
  validator: (args) => ({
    paths: args.flatMap(({ files, directories }) => [
      ...files.flatMap((file) => [file, `${file}.distrib`]),
      ...directories,
    ]),
    more: lines(
      args.flatMap(({ directories, state }) => [
        ...directories.map((at) => sh`set -- "$@" ${at}/* ${at}/.[!.]*`),
        sh`set -- "$@" ${state}/io.containerd.runtime.v2.task/*/*/`,
      ]),
    ),
  }),
  parse(output, args) {
    const answers = output.split(/^installed\n/m).slice(1);
    if (answers.length !== args.length)
      throw new ProbeError("the answer about what is installed is truncated or garbled");
    return answers.map((answer) => readInstalled(answer.split("\n")));
  },
};

// Asks what there is of an installation.
export function askInstalled(arg: InstalledArg): Probe<Installed> {
  return ask(installed, arg);
}

function readInstalled(answer: string[]): Installed {
  const found: Installed = { files: {}, directories: {}, tasks: [] };
  let names: string[] = [];
  for (const line of answer) {
    const [word = "", ...rest] = line.split(" ");
    const text = rest.join(" ");
    if (word === "file") {
      const [kept = "", type = "", path = "", target = ""] = rest;
      found.files[path] = { type: type as InstalledFile["type"], target, kept: kept === "kept" };
    } else if (word === "directory") found.directories[text] = names = [];
    else if (word === "name") names.push(text);
    else if (word === "task") found.tasks.push(text.split("/").slice(-3, -1).join("/"));
  }
  return found;
}
