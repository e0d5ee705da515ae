import type { YAMLException } from "js-yaml";
import { InputError } from "../errors.ts";
import type { YamlSource } from "./source.ts";

/** Where the parser gave up, and on what. */
interface Stop {
  source: YamlSource;
  offset: number;
  reason: string;
}

/** What a person did wrong: said at the true place, with a hint. */
interface Finding {
  offset: number;
  message: string;
  hint: string;
}

// Turns the parser's complaint into what was probably done wrong; the first rule
// that recognises it speaks.
export function parseMistake(source: YamlSource, error: YAMLException): InputError {
  const stop = {
    source,
    offset: Math.min(error.mark?.position ?? 0, source.text.length),
    reason: error.reason,
  };
  for (const rule of RULES) {
    const found = rule(stop);
    if (found) return new InputError(found.message, source.place(found.offset), found.hint);
  }
  return new InputError(error.reason, source.place(stop.offset));
}

// A key that is itself a mapping or a list: nearly always a template that was not quoted.
export function complexKey(source: YamlSource, offset: number): InputError {
  const found = unquotedTemplate({ source, offset, reason: "" });
  if (found) return new InputError(found.message, source.place(found.offset), found.hint);
  return new InputError(
    "a key must be a text or number, not a mapping or list",
    source.place(offset),
  );
}

const RULES: ((stop: Stop) => Finding | undefined)[] = [
  unquotedTemplate,
  tabIndentation,
  unknownEscape,
  openQuote,
  textAfterQuote,
  colonInText,
  reservedStart,
  noSpaceAfterColon,
  openBracket,
  indentation,
];

// The lines that may hold the mistake: the one where the parser stopped, and the
// last one with text before it.
function suspects({ source, offset }: Stop): number[] {
  const line = source.lineAt(offset);
  let before = line - 1;
  while (before >= 0 && /^\s*(?:#.*)?$/.test(source.line(before))) before--;
  return before < 0 ? [line] : [line, before];
}

// Looks for a pattern in the suspected lines; the offset is that of the pattern's last group.
function findIn(stop: Stop, pattern: RegExp): { offset: number; text: string } | undefined {
  for (const line of suspects(stop)) {
    const match = pattern.exec(stop.source.line(line));
    if (match)
      return {
        offset: stop.source.lineStart(line) + match.index + match[0].length - match.at(-1)!.length,
        text: match.at(-1)!,
      };
  }
  return undefined;
}

function unquotedTemplate(stop: Stop): Finding | undefined {
  const found = findIn(stop, /^(?:\s*- +)*\s*(?:[^\s"'#{][^"'#{]*: +)?(\{\{.*)/);
  if (!found) return undefined;
  const value = found.text.trimEnd().replace(/\s+#.*$/, "");
  const quoted = value.includes('"') ? `'${value.replaceAll("'", "''")}'` : `"${value}"`;
  return {
    offset: found.offset,
    message: "a value that begins with {{ is read as a mapping unless it is quoted",
    hint: `quote it: ${quoted}`,
  };
}

function tabIndentation(stop: Stop): Finding | undefined {
  const found = findIn(stop, /^ *(\t+)/);
  if (!found && !stop.reason.includes("tab characters")) return undefined;
  return {
    offset: found?.offset ?? stop.offset,
    message: "a tab is used for indentation",
    hint: "indent with spaces",
  };
}

function unknownEscape({ reason, offset }: Stop): Finding | undefined {
  if (reason !== "unknown escape sequence" && reason !== "expected hexadecimal character")
    return undefined;
  const message = "a backslash in double quotes begins an escape, and this one does not exist";
  return {
    offset,
    message,
    hint: "use single quotes, in which a backslash is an ordinary character, or write \\\\",
  };
}

// A quote that is never closed is noticed far below; the true place is where it was opened.
function openQuote(stop: Stop): Finding | undefined {
  const { source, offset, reason } = stop;
  const closedHere = /["'][ \t]*$/.test(
    source.text.slice(source.lineStart(source.lineAt(offset)), offset),
  );
  if (!reason.includes("quoted scalar") && reason !== "deficient indentation" && !closedHere)
    return undefined;
  for (let line = source.lineAt(offset) - (closedHere ? 1 : 0); line >= 0; line--) {
    const column = unclosedQuote(source.line(line));
    if (column >= 0)
      return {
        offset: source.lineStart(line) + column,
        message: "this quote is never closed",
        hint: "close it at the end of the value",
      };
    if (closedHere && !/^\s*(?:#.*)?$/.test(source.line(line))) return undefined;
  }
  return undefined;
}

// The column of a quote that begins a value and is not closed on its line, or -1.
function unclosedQuote(line: string): number {
  const opened = /^(?:.*?(?:: +|- +|[[{,] *)|\s*)(?=(["']))/.exec(line);
  if (!opened) return -1;
  const closed = opened[1] === '"' ? /^"(?:[^"\\]|\\.)*"/ : /^'(?:[^']|'')*'/;
  return closed.test(line.slice(opened[0].length)) ? -1 : opened[0].length;
}

function textAfterQuote({ source, offset }: Stop): Finding | undefined {
  const before = /(["'])[ \t]*$/.exec(
    source.text.slice(source.lineStart(source.lineAt(offset)), offset),
  );
  if (!before || /^[\s\]},#]/.test(source.text[offset] ?? "\n")) return undefined;
  const hint =
    before[1] === "'"
      ? "quote the whole value; a ' inside of single quotes is written ''"
      : 'quote the whole value; a " inside of double quotes is written \\"';
  return { offset, message: "text follows after the closing quote", hint };
}

function colonInText({ source, offset, reason }: Stop): Finding | undefined {
  if (reason !== "bad indentation of a mapping entry" || source.text[offset] !== ":")
    return undefined;
  const line = source.line(source.lineAt(offset));
  if (!/:\s/.test(line.slice(0, offset - source.lineStart(source.lineAt(offset)))))
    return undefined;
  return {
    offset,
    message: "a colon followed by a space makes a second key of this text",
    hint: "quote the whole value",
  };
}

function reservedStart({ source, offset }: Stop): Finding | undefined {
  const char = source.text[offset] ?? "";
  if (
    !/[@`%|>\]}&*!?,]/.test(char) ||
    !/(?:: +|- +|^\s*)$/.test(source.text.slice(source.lineStart(source.lineAt(offset)), offset))
  )
    return undefined;
  return {
    offset,
    message: `a value may not begin with ${char} unless it is quoted`,
    hint: "quote the whole value",
  };
}

function noSpaceAfterColon(stop: Stop): Finding | undefined {
  if (stop.source.text[stop.offset] !== ":") return undefined;
  const found = findIn(
    { ...stop, offset: Math.max(0, stop.source.lineStart(stop.source.lineAt(stop.offset)) - 1) },
    /^\s*(?:- +)*[\w.-]+(:)(?=[^\s:/\\])/,
  );
  if (!found) return undefined;
  return {
    offset: found.offset,
    message: "no space follows the colon, so this is text and not a key",
    hint: "write a space after the colon",
  };
}

function openBracket(stop: Stop): Finding | undefined {
  if (stop.reason !== "deficient indentation" && !stop.reason.includes("flow collection"))
    return undefined;
  const found = findIn(stop, /(?:: +|- +|[[{,] *|^\s*)([[{])(?=[^\]}]*$)/);
  return {
    offset: found?.offset ?? stop.offset,
    message: "a [ or { is not closed, or its parts lack a comma",
    hint: "close it with ] or }, and write commas between its parts",
  };
}

function indentation(stop: Stop): Finding | undefined {
  const { source, offset, reason } = stop;
  if (
    !reason.includes("bad indentation") &&
    !reason.includes("end of the stream or a document separator")
  )
    return undefined;
  const item = /^\s*- /.test(source.line(source.lineAt(offset)));
  const message = item
    ? "this list item does not belong to a list"
    : "this line's indentation does not match anything above it";
  return {
    offset,
    message,
    hint: "keys of one mapping, and dashes of one list, begin in the same column; a key that has a value takes no lines below it",
  };
}
