import { TaskFailure } from "../../errors.ts";
import { statPath, type PathState } from "../../probes/files/path.ts";
import { presentContent } from "../shared/edit/edit.ts";
import type { Module } from "../contract/module.ts";
import { hostPath } from "../shared/files/ownership.ts";
import type { ArgsOf, Schema } from "../contract/schema.ts";

const schema = {
  description:
    "Reads a file on the host, up to 1 MiB. The result has its content in base64: {{ x.content | b64decode }}.",
  example: `name: Read the host's key
slurp: {src: /etc/ssh/ssh_host_ed25519_key.pub}
register: key`,
  returns: ["content, encoding: the text in base64", "source: the path"],
  arguments: {
    src: {
      type: "path",
      required: true,
      aliases: ["path"],
      description: "The file; a link is followed.",
    },
  },
} as const satisfies Schema;

/** Brings a file of the host into a variable. */
export const slurp: Module<ArgsOf<typeof schema>, { file: PathState }> = {
  name: "slurp",
  readOnly: true,
  schema,
  observe: (args) => ({
    file: statPath(hostPath(args.src), { follow: true, unless: "", source: true }),
  }),
  plan(args, { file }) {
    if (file?.type === "file" && file.sha256 === undefined)
      throw new TaskFailure(`file is not readable: ${args.src}`, "use become");
    if (presentContent({ path: args.src }, { real: file }) === undefined)
      throw new TaskFailure(`file not found: ${args.src}`);
    return null;
  },
  result: (args, { file }) => ({
    content: file?.content ?? "",
    encoding: "base64",
    source: args.src,
  }),
};
