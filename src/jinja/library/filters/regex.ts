import { wantText } from "../../core/convert.ts";
import { filter, type Table } from "../../core/builtin.ts";
import { Fault } from "../../core/fault.ts";
import { compileRegex, type PythonRegex } from "../../python/regex.ts";
import { toText } from "../../core/text.ts";
import { isTruthy, tuple } from "../../core/value.ts";

// The pattern of a filter with its flags.
function patternOf(pattern: unknown, ignoreCase: unknown, multiline: unknown): PythonRegex {
  return compileRegex(wantText(pattern, "a pattern"), {
    ignoreCase: isTruthy(ignoreCase),
    multiline: isTruthy(multiline),
  });
}

// regex_replace(pattern, replacement, ignorecase, multiline)
function regexReplace(
  value: unknown,
  [pattern, replacement, ignoreCase, multiline]: unknown[],
): string {
  const template = wantText(replacement, "a replacement");
  return patternOf(pattern, ignoreCase, multiline).replace(toText(value), template).text;
}

// regex_search(pattern, "\\1", "\\g<name>"): the match or some of its groups;
// none if nothing matches.
function regexSearch(value: unknown, [pattern, groups, options]: unknown[]): unknown {
  const given = options as Map<string, unknown>;
  const regex = patternOf(
    pattern,
    given.get("ignorecase") ?? false,
    given.get("multiline") ?? false,
  );
  const wanted = (groups as unknown[]).map(
    (group) => /^\\(?:g<(\S+)>|(\d+))/.exec(wantText(group)) ?? badGroup(group),
  );
  const match = regex.search(toText(value));
  if (!match) return null;
  return wanted.length === 0
    ? match.text
    : wanted.map(([, name, number]) => match.group(name ?? Number(number)));
}

// The error for an argument of regex_search that names no group.
function badGroup(group: unknown): never {
  throw new Fault(`${toText(group)} names no group`, "write '\\\\1' or '\\\\g<name>'");
}

// regex_findall(pattern, multiline, ignorecase)
function regexFindAll(value: unknown, [pattern, multiline, ignoreCase]: unknown[]): unknown[] {
  return patternOf(pattern, ignoreCase, multiline)
    .findAll(toText(value))
    .map((match) => {
      const groups = match.groups.map((group) => group ?? "");
      if (groups.length === 0) return match.text;
      return groups.length === 1 ? groups[0] : tuple(groups);
    });
}

// regex_escape(re_type)
function regexEscape(value: unknown, [type]: unknown[]): string {
  if (type === "python")
    return toText(value).replace(/[()[\]{}?*+\-|^$\\.&~# \t\n\r\v\f]/g, "\\$&");
  if (type === "posix_basic") return toText(value).replace(/[\].[^$*\\]/g, "\\$&");
  throw new Fault(
    `the regex type ${toText(type)} is not supported`,
    "there are: python, posix_basic",
  );
}

/** Filters with regular expressions of Python's kind. */
export const regexFilters: Table = {
  regex_replace: filter(
    [
      ["pattern", ""],
      ["replacement", ""],
      ["ignorecase", false],
      ["multiline", false],
    ],
    regexReplace,
  ),
  regex_search: filter(["regex", "*groups", "**options"], regexSearch),
  regex_findall: filter(["regex", ["multiline", false], ["ignorecase", false]], regexFindAll),
  regex_escape: filter([["re_type", "python"]], regexEscape),
};
