import { TaskFailure } from "../../errors.ts";
import { backupResult } from "../shared/files/backup.ts";
import {
  askText,
  CREATE,
  EDIT_ARGUMENTS,
  planEdit,
  presentContent,
  type EditState,
} from "../shared/edit/edit.ts";
import { dropLines, putLine, splitLines } from "../shared/edit/line.ts";
import type { Module } from "../contract/module.ts";
import { defined } from "../../defined.ts";
import type { ArgsOf, Schema } from "../contract/schema.ts";

const schema = {
  description:
    "Ensures that a line is in a file, or that no such line is. If several lines match, the last one is replaced.",
  example: `name: Nobody logs in by password
lineinfile: {path: /etc/ssh/sshd_config, regexp: "^#?PasswordAuthentication", line: PasswordAuthentication no}`,
  returns: [
    "msg: what was done",
    "backup: where the old content was saved; empty: it was not",
    "found: how many lines were removed",
  ],
  arguments: {
    ...EDIT_ARGUMENTS,
    create: CREATE,
    state: {
      type: "str",
      choices: ["present", "absent"],
      default: "present",
      description: "Whether the line should be in the file.",
    },
    line: {
      type: "str",
      aliases: ["value"],
      description: "The wanted line; with state: absent, all lines equal to it are removed.",
    },
    regexp: {
      type: "str",
      aliases: ["regex"],
      description:
        "A regular expression for the line to replace; with state: absent, all matching lines are removed.",
    },
    search_string: {
      type: "str",
      description: "Like regexp, but plain text that the line contains.",
    },
    insertafter: {
      type: "str",
      description:
        "Where to add the line if none matches: EOF, BOF, or after the last line that matches this expression.",
    },
    insertbefore: {
      type: "str",
      description: "Like insertafter, but before that line; BOF is the beginning of the file.",
    },
    backrefs: {
      type: "bool",
      default: false,
      description:
        "line may refer to groups of regexp as \\1 or \\g<name>; if nothing matches, nothing is added.",
    },
    firstmatch: {
      type: "bool",
      default: false,
      description: "Uses the first matching line instead of the last one.",
    },
  },
  mutuallyExclusive: [
    ["insertbefore", "insertafter"],
    ["regexp", "search_string"],
    ["backrefs", "search_string"],
  ],
  requiredIf: [{ if: "state", is: "present", then: ["line"] }],
} as const satisfies Schema;

type LineInFileArgs = ArgsOf<typeof schema>;

/** One line of a file: present as wanted, or absent. */
export const lineinfile: Module<LineInFileArgs, EditState> = {
  name: "lineinfile",
  schema,
  observe: askText,
  plan(args, before, controller) {
    const content = presentContent(args, before);
    if (args.state === "absent")
      return content === undefined ? null : planAbsent(args, before, controller);
    if (args.backrefs && args.regexp === undefined)
      throw new TaskFailure("backrefs needs regexp", "the line refers to its groups");
    if (content === undefined && !args.create)
      throw new TaskFailure(`${args.path} does not exist`, "create: true creates it", {
        rc: 257,
        msg: `Destination ${args.path} does not exist !`,
      });
    const { lines, msg } = putLine(splitLines(content ?? ""), args);
    const edited =
      content === undefined && lines.length === 0 ? undefined : { content: lines.join(""), msg };
    return planEdit(args, before, edited, controller);
  },
  result(args, state, outputs) {
    const { backup_file: backup = "" } = backupResult(outputs);
    if (outputs) return { backup };
    return {
      msg: args.state === "absent" && state["real"] === null ? "file not present" : "",
      backup,
      ...defined({ found: args.state === "absent" ? 0 : undefined }),
    };
  },
};

// Takes lines away.
const planAbsent: typeof lineinfile.plan = (args, before, controller) => {
  if (args.regexp === undefined && args.search_string === undefined && args.line === undefined) {
    throw new TaskFailure(
      "state: absent needs to know which lines",
      "give line, regexp or search_string",
    );
  }
  const { lines, count } = dropLines(splitLines(presentContent(args, before) ?? ""), args);
  return planEdit(
    args,
    before,
    { content: lines.join(""), msg: `${count} line(s) removed`, result: { found: count } },
    controller,
  );
};
