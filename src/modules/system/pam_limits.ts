import { TaskFailure } from "../../errors.ts";
import type { Module } from "../contract/module.ts";
import type { ArgsOf, Schema } from "../contract/schema.ts";
import {
  askText,
  EDIT_ARGUMENTS,
  planEdit,
  presentContent,
  type EditArgs,
  type EditState,
} from "../shared/edit/edit.ts";
import { splitLines } from "../shared/edit/line.ts";
import { decode, encode } from "../shared/edit/pattern.ts";
import { backupResult } from "../shared/files/backup.ts";
import { hostPath, parentOf } from "../shared/files/ownership.ts";
import type { Exactly } from "../../exactly.ts";

const schema = {
  collection: "community.general",
  description:
    "Sets a limit of PAM for a user or a group, in limits.conf or a file like it. Sessions that are open keep theirs.",
  example: `name: joe may have more files open
pam_limits: {domain: joe, limit_type: soft, limit_item: nofile, value: "64000"}`,
  returns: ["msg: the line of the limit", "backup_file: where the old content was saved"],
  arguments: {
    domain: {
      type: "str",
      required: true,
      description: 'Whom the limit is for: a user, a @group, "*" for all, or a range of numbers.',
    },
    limit_type: {
      type: "str",
      required: true,
      choices: ["hard", "soft", "-"],
      description: 'Which limit is set; "-" is both.',
    },
    limit_item: {
      type: "str",
      required: true,
      choices: [
        "core",
        "data",
        "fsize",
        "memlock",
        "nofile",
        "rss",
        "stack",
        "cpu",
        "nproc",
        "as",
        "maxlogins",
        "maxsyslogins",
        "priority",
        "locks",
        "sigpending",
        "msgqueue",
        "nice",
        "rtprio",
        "chroot",
      ],
      description: "What is limited, as limits.conf(5) has it.",
    },
    value: {
      type: "str",
      required: true,
      description:
        "The limit: a number of at least 0, or unlimited, infinity or -1; for nice and priority a number from -20 to 19.",
    },
    use_min: {
      type: "bool",
      default: false,
      description: "Keeps the value of the file if it is smaller.",
    },
    use_max: {
      type: "bool",
      default: false,
      description: "Keeps the value of the file if it is larger.",
    },
    dest: {
      type: "path",
      default: "/etc/security/limits.conf",
      description: "The file; its directory must be there.",
    },
    backup: EDIT_ARGUMENTS.backup,
    comment: {
      type: "str",
      default: "",
      description:
        "A comment at the end of a line that is written. Without it, the line gets the first comment that stands behind something in the file, up to its place.",
    },
  },
} as const satisfies Schema;

type LimitArgs = ArgsOf<typeof schema>;

/** A limit that PAM sets for sessions. */
export const pam_limits: Module<LimitArgs, EditState> = {
  name: "pam_limits",
  schema,
  observe(args) {
    checkArguments(args);
    return askText(editOf(args));
  },
  plan(args, before, controller) {
    if (before.above?.[parentOf(hostPath(args.dest))] === null)
      throw new TaskFailure(`the directory of ${args.dest} does not exist`, "make it first");
    const { text, msg } = putLimit(textOf(args, before), args);
    return planEdit(editOf(args), before, { content: encode(text, "utf-8"), msg }, controller);
  },
  result(args, state, outputs) {
    if (outputs) return backupResult(outputs);
    return state.real?.content === undefined
      ? {}
      : { msg: putLimit(textOf(args, state), args).msg };
  },
};

function editOf({ dest: path, backup }: LimitArgs): EditArgs {
  return { path, create: true, backup };
}

// The file's text; a file that is not there has none.
function textOf(args: LimitArgs, state: EditState): string {
  return decode(presentContent(editOf(args), state) ?? "", "utf-8", args.dest);
}

function checkArguments(args: LimitArgs): void {
  if (args.use_max && args.use_min)
    throw new TaskFailure("Cannot use use_min and use_max at the same time.", "leave one out");
  checkValue(args.limit_item, args.value);
  // A line with such a domain would not be found again.
  if (!/^[^\s#]+$/.test(args.domain))
    throw new TaskFailure(`"${args.domain}" is not a domain of limits.conf`, "as in joe or @users");
  if (args.comment.trimEnd().includes("\n"))
    throw new TaskFailure("the comment has more than one line", "give it in one line");
}

// Refuses what is not the value of an item, of the task or of the file.
function checkValue(item: string, value: string, where = ""): void {
  const isNice = item === "nice" || item === "priority";
  if (isNice ? isNiceness(value) : isUnlimited(value) || /^\d+$/.test(value)) return;
  throw new TaskFailure(
    `${where}"${value}" is not a value of ${item}`,
    isNice
      ? "a number from -20 to 19"
      : "a number of at least 0, or unlimited, infinity or -1 for no limit",
  );
}

function isNiceness(value: string): boolean {
  if (!/^\s*[+-]?\d+(_\d+)*\s*$/.test(value)) return false;
  const number = numberIn(value);
  return number >= -20n && number <= 19n;
}

function isUnlimited(value: string): boolean {
  return ["unlimited", "infinity", "-1"].includes(value);
}

// A whole number, as Python reads it.
function numberIn(value: string): bigint {
  return BigInt(value.trim().replaceAll("_", "").replace(/^\+/, ""));
}

// The text with the limit: each line of it is changed where it has another value, or there is a new
// one at the end. `msg` is the last of these lines. Comments travel as with Ansible, down to the
// empty line behind a comment that comes from another line.
function putLimit(text: string, args: LimitArgs): { text: string; msg: string } {
  const wanted = args.value.trim();
  let { comment } = args;
  let msg: string | undefined;
  const write = (value: string): string => {
    if (comment !== "") comment = `\t#${comment}`;
    return `${args.domain}\t${args.limit_type}\t${args.limit_item}\t${value}${comment}\n`;
  };
  const lines = splitLines(text).map((line) => {
    if (line.startsWith("#")) return line;
    const [fields, behind] = parts(line);
    if (comment === "") comment = behind;
    if (fields.length !== 4) return line;
    const [domain, type, item, value] = fields as Exactly<4, string>;
    checkValue(item, value, `${args.dest} has a wrong line: `);
    if (domain !== args.domain || type !== args.limit_type || item !== args.limit_item) return line;
    const next = wanted === value ? value : chosen(args, wanted, value);
    msg = next === value ? line : write(next);
    return msg;
  });
  if (msg === undefined) {
    if (lines.length > 0 && !lines.at(-1)!.endsWith("\n")) lines.push("\n");
    msg = write(wanted);
    lines.push(msg);
  }
  return { text: lines.join(""), msg };
}

// The words of a line, and what stands behind its first #, with the line feed.
function parts(line: string): [fields: string[], comment: string] {
  const at = line.indexOf("#");
  const before = at === -1 ? line : line.slice(0, at);
  return [before.trim().split(/\s+/), at === -1 ? "" : line.slice(at + 1)];
}

// The value that a line gets which has another one than the task.
function chosen({ use_max: max, use_min: min }: LimitArgs, wanted: string, found: string): string {
  if (!max && !min) return wanted;
  const [isWantedFree, isFoundFree] = [isUnlimited(wanted), isUnlimited(found)];
  if (isFoundFree) return max || isWantedFree ? found : wanted;
  if (isWantedFree) return max ? wanted : found;
  const [one, other] = [numberIn(wanted), numberIn(found)];
  return `${one > other === max ? one : other}`;
}
