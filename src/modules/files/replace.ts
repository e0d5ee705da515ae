import { TaskFailure } from "../../errors.ts";
import { backupResult } from "../shared/files/backup.ts";
import {
  askText,
  EDIT_ARGUMENTS,
  planEdit,
  presentContent,
  type EditState,
} from "../shared/edit/edit.ts";
import { decode, encode, replaceAll, search, textPattern } from "../shared/edit/pattern.ts";
import type { Module } from "../contract/module.ts";
import type { ArgsOf, Schema } from "../contract/schema.ts";

const schema = {
  description:
    "Replaces all matches of a regular expression in a file. ^ and $ match at each line; the expression must not match its own result.",
  example: `name: Use the new name of the registry
replace: {path: /etc/app.conf, regexp: "old\\\\.example\\\\.org", replace: new.example.org}`,
  returns: ["msg: how many matches were replaced", "backup_file: where the old content was saved"],
  arguments: {
    ...EDIT_ARGUMENTS,
    regexp: {
      type: "str",
      required: true,
      description: "The regular expression, as Python reads it.",
    },
    replace: {
      type: "str",
      default: "",
      description: "The replacement for each match; \\1 and \\g<name> are its groups.",
    },
    after: {
      type: "str",
      description: "Replaces only after the first match of this expression.",
    },
    before: { type: "str", description: "Replaces only before a match of this expression." },
    encoding: { type: "str", default: "utf-8", description: "The encoding of the file." },
  },
} as const satisfies Schema;

type ReplaceArgs = ArgsOf<typeof schema>;

/** All that matches an expression in a file, by something else. */
export const replace: Module<ReplaceArgs, EditState> = {
  name: "replace",
  schema,
  observe: askText,
  plan(args, before, controller) {
    const bytes = presentContent(args, before);
    if (bytes === undefined)
      throw new TaskFailure(`${args.path} does not exist`, "make it first", {
        rc: 257,
        msg: `Path ${args.path} does not exist !`,
      });
    const text = decode(bytes, args.encoding, args.path);
    const section = sectionOf(text, args);
    if (!section) return null;
    const { text: made, count } = replaceAll(
      textPattern(args.regexp, { multiline: true }),
      args.replace,
      text.slice(section.start, section.end),
    );
    const content = text.slice(0, section.start) + made + text.slice(section.end);
    return planEdit(
      args,
      before,
      { content: encode(content, args.encoding), msg: `${count} replacements made` },
      controller,
    );
  },
  result(args, state, outputs) {
    if (outputs) return { rc: 0, ...backupResult(outputs) };
    const bytes = state["real"]?.content === undefined ? undefined : presentContent(args, state);
    const isThere =
      bytes === undefined || sectionOf(decode(bytes, args.encoding, args.path), args) !== undefined;
    return {
      rc: 0,
      msg: isThere
        ? ""
        : `Pattern for before/after params did not match the given file: ${sectionPattern(args)}`,
    };
  },
};

// The part of the text that is meant; undefined: after or before are not found.
function sectionOf(text: string, args: ReplaceArgs): { start: number; end: number } | undefined {
  const source = sectionPattern(args);
  if (source === undefined) return { start: 0, end: text.length };
  const pattern = textPattern(source, { dotAll: true });
  const found = search(pattern, text)?.span("subsection");
  return found ? { start: found[0], end: found[1] } : undefined;
}

// The expression around it; undefined: the whole text is meant.
function sectionPattern({ after, before }: ReplaceArgs): string | undefined {
  if (!after) return before ? `(?P<subsection>.*)${before}` : undefined;
  return before ? `${after}(?P<subsection>.*?)${before}` : `${after}(?P<subsection>.*)`;
}
