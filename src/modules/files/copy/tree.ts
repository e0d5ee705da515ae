import { TaskFailure } from "../../../errors.ts";
import { statPath, type PathState } from "../../../probes/files/path.ts";
import type { Probe, Probes } from "../../../probes/probe.ts";
import { sh } from "../../../script/sh.ts";
import {
  askAbove,
  newFileState,
  makeAbove,
  makeFolder,
  type Attributes,
  type PathStates,
} from "../../shared/files/attributes.ts";
import type { LocalTree } from "../../contract/local-tree.ts";
import type { Also, Change, Diff, Controller, LocalFile, Step } from "../../contract/module.ts";
import { inside } from "../../shared/files/ownership.ts";
import { entriesOf } from "./entries.ts";
import { planOne, questionFor, shipped, type FilePlacement } from "./one.ts";
import { defined } from "../../../defined.ts";
import { restore } from "../../../script/undo.ts";
import { fieldDiff } from "../../contract/diff.ts";

/** The directories above a tree, and what is where its directories, files and links will be. */
export type TreeState = { above: PathStates; directories: PathStates; files: PathStates };

export interface TreePlacing extends FilePlacement {
  directory_mode?: string;
  local_follow?: boolean;
}

/** A tree with where it goes: each entry's path below that. */
export interface Tree {
  /** The directory on the host that receives the entries. */
  to: string;
  /** The directory on the controller. */
  src: string;
  tree: LocalTree;
}

// Asks for everything that the tree will fill.
export function askTree(
  tree: Tree,
  placing: TreePlacing,
  controller: Controller,
): Probes<TreeState> {
  const directories: { [path: string]: Probe<PathState> } = {};
  const files: { [path: string]: Probe<PathState> } = {};
  for (const entry of entriesOf(tree, placing.local_follow ?? true, controller)) {
    const at = inside(tree.to, entry.path);
    if ("folder" in entry) directories[at] = statPath(at, { follow: true });
    else
      files[at] =
        "target" in entry
          ? statPath(at)
          : statPath(at, {
              ...questionFor(shipped(entry.file)),
              ...defined({ follow: placing.follow ? true : undefined }),
            });
  }
  return { above: askAbove(inside(tree.to, "x")), directories, files };
}

/** What is gathered while a tree is planned. */
interface Gathered {
  after: TreeState;
  also: Also[];
  steps: Step[];
  diff: Diff[];
}

// Plans a tree: missing directories first, then each file as if it were copied by itself.
export function planTree(
  tree: Tree,
  placing: TreePlacing,
  before: TreeState,
  controller: Controller,
): Change<TreeState> | null {
  const folders: Attributes = {
    owner: placing.owner,
    group: placing.group,
    mode: placing.directory_mode,
  };
  const above = makeAbove(inside(tree.to, "x"), folders, before.above, controller);
  const all: Gathered = {
    after: {
      above: above.after,
      directories: { ...before.directories },
      files: { ...before.files },
    },
    also: [...above.also],
    steps: [...above.steps],
    diff: [...above.diff],
  };
  const states = new Map<string, PathState>([[tree.to, above.parent]]);
  for (const entry of entriesOf(tree, placing.local_follow ?? true, controller)) {
    const at = inside(tree.to, entry.path);
    const parent = states.get(at.slice(0, at.lastIndexOf("/"))) ?? { type: "directory" };
    if ("folder" in entry) states.set(at, planFolder(at, folders, parent, all, controller));
    else if ("target" in entry) planLink(at, entry.target, all);
    else planFile(at, entry.file, placing, parent, all, controller);
  }
  const { steps, ...rest } = all;
  return steps.length === 0 ? null : { ...rest, steps };
}

// A directory of the tree; an existing one stays as it is.
function planFolder(
  at: string,
  wanted: Attributes,
  parent: PathState,
  all: Gathered,
  controller: Controller,
): PathState {
  const state = all.after.directories[at] ?? null;
  if (state?.type === "directory") return state;
  if (state !== null) throw new TaskFailure(`${at} is not a directory`, "move it out of the way");
  const after = newFileState("directory", wanted, parent, controller);
  all.after.directories[at] = after;
  all.also.push({ kind: "path", subject: at, after });
  all.steps.push(makeFolder(at, wanted, after));
  all.diff.push(fieldDiff(at, null, "directory"));
  return after;
}

function planFile(
  at: string,
  file: LocalFile,
  placing: FilePlacement,
  parent: PathState,
  all: Gathered,
  controller: Controller,
): void {
  const placed = planOne(
    at,
    shipped(file),
    placing,
    all.after.files[at] ?? null,
    parent,
    controller,
  );
  if (!placed) return;
  all.after.files[at] = placed.after;
  all.steps.push(...placed.steps);
  all.diff.push(...placed.diff);
}

// A link of the tree, as it is on the controller.
function planLink(at: string, target: string, all: Gathered): void {
  const state = all.after.files[at] ?? null;
  if (state?.type === "link" && state.target === target) return;
  if (state?.type === "directory")
    throw new TaskFailure(
      `${at} is a directory, so it cannot become a link`,
      "move it out of the way",
    );
  all.after.files[at] = { type: "link", target };
  all.steps.push({ run: sh`hw_link ${target} ${at}`, undo: restore(at) });
  all.diff.push(fieldDiff(at, state && (state.target ?? state.type), `link to ${target}`));
}
