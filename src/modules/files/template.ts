import { TaskFailure } from "../../errors.ts";
import { STANDARD_EDGES, type Edges } from "../../jinja/syntax/delimiters.ts";
import { ATTRIBUTE_ARGUMENTS } from "../shared/files/attributes.ts";
import { askOne, copySchema, fileResult, planFile, type CopyArgs, type CopyState } from "./copy.ts";
import { shipped, type CopySource } from "./copy/one.ts";
import { textFile } from "./copy/source.ts";
import type { Controller, Module } from "../contract/module.ts";
import type { ArgsOf, Schema } from "../contract/schema.ts";
import { defined } from "../../defined.ts";

const { dest, mode, backup, force, follow, validate } = copySchema.arguments;

const schema = {
  description:
    "Renders a template with the variables of the host and writes the result to a file, atomically.",
  example: `name: Write the configuration
template: {src: app.conf.j2, dest: /etc/app.conf, mode: "0640"}`,
  findsHomesBefore: true,
  returns: [
    "dest, src: the file, and the template",
    "checksum: its SHA-1",
    "md5sum: its MD5, where the content changes",
    "state, mode, owner, group, uid, gid, size: of the file as it is now",
    "backup_file: where the old content was saved",
  ],
  arguments: {
    src: {
      type: "path",
      here: "templates",
      required: true,
      description:
        "The template on the controller, looked for in templates/ of the role and next to the playbook.",
    },
    ...ATTRIBUTE_ARGUMENTS,
    dest,
    mode,
    backup,
    force,
    follow,
    validate,
    newline_sequence: {
      type: "str",
      default: "\n",
      choices: ["\n", "\r", "\r\n", "\\n", "\\r", "\\r\\n"],
      description: "The line ending of the file.",
    },
    trim_blocks: {
      type: "bool",
      default: true,
      description: "Removes the newline after a block.",
    },
    lstrip_blocks: {
      type: "bool",
      default: false,
      description: "Removes the whitespace before a block.",
    },
    variable_start_string: {
      null: "default",
      type: "str",
      default: STANDARD_EDGES.variable[0],
      description: "What begins an expression.",
    },
    variable_end_string: {
      null: "default",
      type: "str",
      default: STANDARD_EDGES.variable[1],
      description: "What ends an expression.",
    },
    block_start_string: {
      null: "default",
      type: "str",
      default: STANDARD_EDGES.block[0],
      description: "What begins a statement.",
    },
    block_end_string: {
      null: "default",
      type: "str",
      default: STANDARD_EDGES.block[1],
      description: "What ends a statement.",
    },
    comment_start_string: {
      null: "default",
      type: "str",
      default: STANDARD_EDGES.comment[0],
      description: "What begins a comment.",
    },
    comment_end_string: {
      null: "default",
      type: "str",
      default: STANDARD_EDGES.comment[1],
      description: "What ends a comment.",
    },
    output_encoding: {
      null: "default",
      type: "str",
      default: "utf-8",
      choices: ["utf-8", "utf8", "UTF-8", "UTF8", ""],
      description: "The encoding of the file.",
    },
  },
} as const satisfies Schema;

export type TemplateArgs = ArgsOf<typeof schema>;

/** Copy with a text that is rendered. */
export const template: Module<TemplateArgs, CopyState> = {
  name: "template",
  schema,
  observe: (args, controller) => askOne(copyArgs(args), rendered(args, controller)),
  plan: (args, before, controller) =>
    planFile(copyArgs(args), rendered(args, controller), before, controller),
  result: (args, state, outputs, controller) => ({
    src: args.src,
    ...fileResult(copyArgs(args), rendered(args, controller), state, outputs),
  }),
};

function copyArgs(args: TemplateArgs): CopyArgs {
  return { ...args, remote_src: false, local_follow: true, decrypt: true };
}

// What begins and ends tags, where it is not what Jinja2 has. A \\n in them is a
// line break, as in Ansible.
function edgesOf(args: TemplateArgs): { edges?: Edges } {
  const pair = (begin: string, end: string): [string, string] => [unescaped(begin), unescaped(end)];
  const edges: Edges = {
    variable: pair(args.variable_start_string, args.variable_end_string),
    block: pair(args.block_start_string, args.block_end_string),
    comment: pair(args.comment_start_string, args.comment_end_string),
  };
  const begins = [edges.variable[0], edges.block[0], edges.comment[0]];
  if (new Set(begins).size < 3 || begins.includes(""))
    throw new TaskFailure(
      "the three kinds of tags must begin differently",
      `here they begin with ${begins.map((text) => JSON.stringify(text)).join(", ")}`,
    );
  const ends = [edges.variable[1], edges.block[1], edges.comment[1]];
  if (ends.some((text) => /^\s|^$/.test(text)))
    throw new TaskFailure("what ends a tag may neither be empty nor begin with a blank");
  return isSame(edges, STANDARD_EDGES) ? {} : { edges };
}

function unescaped(text: string): string {
  return text.replaceAll("\\n", "\n").replaceAll("\\r", "\r");
}

function isSame(one: Edges, other: Edges): boolean {
  return (["variable", "block", "comment"] as const).every(
    (kind) => one[kind][0] === other[kind][0] && one[kind][1] === other[kind][1],
  );
}

// The text that the template gives for this host.
function rendered(args: TemplateArgs, controller: Controller): CopySource {
  const file = controller.file(args.src, "templates");
  const text = controller.render(
    file,
    { trimBlocks: args.trim_blocks, lstripBlocks: args.lstrip_blocks, ...edgesOf(args) },
    { name: args.src, destination: args.dest },
  );
  const newline = args.newline_sequence.replace("\\r", "\r").replace("\\n", "\n");
  return shipped({
    ...textFile(newline === "\n" ? text : text.replace(/\r\n|\r|\n/g, newline)),
    ...defined({ mode: file.mode, secret: file.secret ? true : undefined }),
  });
}
