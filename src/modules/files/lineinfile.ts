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
    "Sees to it that a file has a line, or has none of that kind. Of several lines that match, the last is replaced.",
  example: `name: Nobody logs in by password
lineinfile: {path: /etc/ssh/sshd_config, regexp: "^#?PasswordAuthentication", line: PasswordAuthentication no}`,
  returns: [
    "msg: what was done",
    "backup: where the old content is kept",
    "found: how many lines were removed",
  ],
  arguments: {
    ...EDIT_ARGUMENTS,
    create: CREATE,
    state: {
      type: "str",
      choices: ["present", "absent"],
      default: "present",
      description: "Whether the line shall be there.",
    },
    line: {
      type: "str",
      aliases: ["value"],
      description: "The line as it shall be; absent takes away all that are equal to it.",
    },
    regexp: {
      type: "str",
      aliases: ["regex"],
      description:
        "A regular expression for the line that is replaced; absent takes away all that match.",
    },
    search_string: { type: "str", description: "As regexp, but plain text that the line holds." },
    insertafter: {
      type: "str",
      description:
        "Where a line goes that matches none: EOF, BOF, or after the last line that matches this expression.",
    },
    insertbefore: {
      type: "str",
      description: "As insertafter, but before that line; BOF is the beginning.",
    },
    backrefs: {
      type: "bool",
      default: false,
      description:
        "Groups of regexp stand in the line as \\1 or \\g<name>; where nothing matches, nothing is added.",
    },
    firstmatch: {
      type: "bool",
      default: false,
      description: "Takes the first line that matches instead of the last.",
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

/** One line of a file: there as it shall be, or not there. */
export const lineinfile: Module<LineInFileArgs, EditState> = {
  name: "lineinfile",
  schema,
  observe: askText,
  plan(args, before, given) {
    const content = presentContent(args, before);
    if (args.state === "absent")
      return content === undefined ? null : planAbsent(args, before, given);
    if (args.backrefs && args.regexp === undefined)
      throw new TaskFailure("backrefs needs regexp", "its groups are what the line refers to");
    if (content === undefined && !args.create)
      throw new TaskFailure(`${args.path} does not exist`, "create: true makes it");
    const { lines, msg } = putLine(splitLines(content ?? ""), args);
    const edited =
      content === undefined && lines.length === 0 ? undefined : { content: lines.join(""), msg };
    return planEdit(args, before, edited, given);
  },
  result(args, state, outputs) {
    const { backup_file: backup } = backupResult(outputs);
    if (outputs) return backup === undefined ? {} : { backup };
    return {
      msg: args.state === "absent" && state["real"] === null ? "file not present" : "",
      backup: "",
      ...defined({ found: args.state === "absent" ? 0 : undefined }),
    };
  },
};

// Takes lines away.
const planAbsent: typeof lineinfile.plan = (args, before, given) => {
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
    given,
  );
};
