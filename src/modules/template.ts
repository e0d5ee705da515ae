import type { PathState } from "../probes/path.ts";
import { ATTRIBUTE_ARGUMENTS } from "./attributes.ts";
import { askOne, copy, fileResult, planFile, type CopyArgs } from "./copy.ts";
import { shipped, type Source } from "./copy/one.ts";
import { textFile } from "./copy/source.ts";
import type { Given, Module } from "./module.ts";
import type { Schema } from "./schema.ts";

export interface TemplateArgs extends Omit<CopyArgs, "content" | "remote_src" | "checksum" | "directory_mode" | "local_follow"> {
  src: string;
  newline_sequence: string;
  trim_blocks: boolean;
  lstrip_blocks: boolean;
  output_encoding: "utf-8";
}

const { dest, mode, backup, force, follow, validate } = copy.schema.arguments;

const schema: Schema = {
  description: "Renders a template with the variables of the host, and puts the text in its place with one rename.",
  arguments: {
    src: { type: "path", required: true, description: "The template on the controller, looked for in templates/ beside the playbook or role." },
    ...ATTRIBUTE_ARGUMENTS,
    dest: dest!, mode: mode!, backup: backup!, force: force!, follow: follow!, validate: validate!,
    newline_sequence: { type: "str", default: "\n", choices: ["\n", "\r", "\r\n", "\\n", "\\r", "\\r\\n"], description: "What ends the lines of the file." },
    trim_blocks: { type: "bool", default: true, description: "Takes away the newline behind a block." },
    lstrip_blocks: { type: "bool", default: false, description: "Takes away the blanks in front of a block." },
    output_encoding: { type: "str", default: "utf-8", choices: ["utf-8"], description: "How the text is written." },
  },
};

/** Copy with a text that is rendered. */
export const template: Module<TemplateArgs, { [question: string]: PathState }> = {
  name: "template",
  schema,
  observe: (args, given) => askOne(copyArgs(args), rendered(args, given)),
  plan: (args, before, given) => planFile(copyArgs(args), rendered(args, given), before, given),
  result: (args, state, outputs, given) => ({ src: args.src, ...fileResult(copyArgs(args), rendered(args, given), state, outputs) }),
};

function copyArgs(args: TemplateArgs): CopyArgs {
  return { ...args, remote_src: false, local_follow: true };
}

// The text that the template gives for this host.
function rendered(args: TemplateArgs, given: Given): Source {
  const file = given.file(args.src, "templates");
  const text = given.render(file, { trimBlocks: args.trim_blocks, lstripBlocks: args.lstrip_blocks });
  const newline = args.newline_sequence.replace("\\r", "\r").replace("\\n", "\n");
  return shipped({ ...textFile(newline === "\n" ? text : text.replace(/\r\n|\r|\n/g, newline)), ...(file.mode === undefined ? {} : { mode: file.mode }) });
}
