import { TaskFailure } from "../../errors.ts";
import { backupResult } from "../shared/files/backup.ts";
import { putBlock } from "../shared/edit/block.ts";
import {
  askText,
  CREATE,
  EDIT_ARGUMENTS,
  planEdit,
  presentContent,
  type EditState,
} from "../shared/edit/edit.ts";
import type { Module } from "../contract/module.ts";
import type { ArgsOf, Schema } from "../contract/schema.ts";

const schema = {
  description: "Adds or removes a block of lines between two marker lines in a file.",
  example: `name: Name the nodes
blockinfile:
  path: /etc/hosts
  block: |
    192.0.2.1 one.example.org
    192.0.2.2 two.example.org`,
  returns: ["msg: what was done", "backup_file: where the old content was saved"],
  arguments: {
    ...EDIT_ARGUMENTS,
    create: CREATE,
    state: {
      type: "str",
      choices: ["present", "absent"],
      default: "present",
      description: "Whether the block should be in the file.",
    },
    block: {
      type: "str",
      aliases: ["content"],
      default: "",
      description: "The lines between the markers; an empty text removes the block.",
    },
    marker: {
      type: "str",
      default: "# {mark} ANSIBLE MANAGED BLOCK",
      description: "The marker lines; {mark} is replaced with marker_begin or marker_end.",
    },
    marker_begin: {
      type: "str",
      default: "BEGIN",
      description: "What replaces {mark} before the block.",
    },
    marker_end: {
      type: "str",
      default: "END",
      description: "What replaces {mark} after the block.",
    },
    insertafter: {
      type: "str",
      description:
        "Where a new block goes: EOF, or after the last line that matches this expression.",
    },
    insertbefore: {
      type: "str",
      description:
        "Where a new block goes: BOF, or before the last line that matches this expression.",
    },
    append_newline: {
      type: "bool",
      default: false,
      description: "Keeps an empty line after the block, unless the file ends there.",
    },
    prepend_newline: {
      type: "bool",
      default: false,
      description: "Keeps an empty line before the block, unless the file begins there.",
    },
  },
  mutuallyExclusive: [["insertbefore", "insertafter"]],
} as const satisfies Schema;

type BlockInFileArgs = ArgsOf<typeof schema>;

/** A block of lines in a file, between two lines that mark it. */
export const blockinfile: Module<BlockInFileArgs, EditState> = {
  name: "blockinfile",
  schema,
  observe: askText,
  plan(args, before, controller) {
    if (!args.marker.includes("{mark}") || args.marker_begin === args.marker_end) {
      throw new TaskFailure(
        "the marker lines before and after the block are the same",
        "marker must contain {mark}, otherwise the block could not be found again",
      );
    }
    const content = presentContent(args, before);
    if (content === undefined && !args.create)
      throw new TaskFailure(`${args.path} does not exist`, "create: true creates it", {
        rc: 257,
        msg: `Path ${args.path} does not exist !`,
      });
    if (content === undefined && args.state === "absent") return null;
    const edited = putBlock(content ?? "", args);
    return planEdit(
      args,
      before,
      { ...edited, msg: content === undefined ? "File created" : edited.msg },
      controller,
    );
  },
  result(args, state, outputs) {
    if (outputs) return backupResult(outputs);
    return { msg: state["real"] === null ? `File ${args.path} not present` : "" };
  },
};
