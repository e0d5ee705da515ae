import type { PythonMatch } from "../../../jinja/python/regex.ts";
import { bytePattern, expand, search, toBytes, type Bytes } from "./pattern.ts";

/** lineinfile's description of a line. */
export interface LineArgs {
  line?: string;
  regexp?: string;
  search_string?: string;
  insertafter?: string;
  insertbefore?: string;
  backrefs: boolean;
  firstmatch: boolean;
}

// Splits bytes into lines that keep their line feeds.
export function splitLines(bytes: Bytes): Bytes[] {
  return bytes.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

// The line without whatever ends it.
function bare(line: Bytes): Bytes {
  return line.replace(/[\r\n]+$/, "");
}

// Puts the line where it belongs: over the line that matches, over an equal one, or where it should
// be inserted. Returns what was done.
export function putLine(lines: readonly Bytes[], args: LineArgs): { lines: Bytes[]; msg: string } {
  const line = toBytes(args.line ?? "");
  const found = findLine(lines, args);
  if (found)
    return replaced(
      lines,
      found.index,
      args.backrefs && found.match ? expand(line, found.match) : line,
    );
  const { equal, beside } = scan(lines, line, args);
  if (equal !== -1) return replaced(lines, equal, line);
  if (args.backrefs) return { lines: [...lines], msg: "" };
  if (args.insertbefore === "BOF" || args.insertafter === "BOF") return inserted(lines, 0, line);
  if (beside === -1) return inserted(lines, lines.length, line);
  const neighbour = lines[Math.min(beside, lines.length - 1)]!;
  return args.insertafter && bare(neighbour) === line
    ? { lines: [...lines], msg: "" }
    : inserted(lines, beside, line);
}

// Takes away all lines that match; says how many.
export function dropLines(
  lines: readonly Bytes[],
  args: LineArgs,
): { lines: Bytes[]; count: number } {
  const line = toBytes(args.line ?? "");
  const wanted =
    args.regexp === undefined && args.search_string === undefined
      ? (one: Bytes) => bare(one) === line
      : (one: Bytes) => matches(one, args) !== undefined;
  const kept = lines.filter((one) => !wanted(one));
  return { lines: kept, count: lines.length - kept.length };
}

// The line that regexp or search_string is about: the last that matches, or the first.
function findLine(
  lines: readonly Bytes[],
  args: LineArgs,
): { index: number; match: PythonMatch | null } | undefined {
  if (args.regexp === undefined && args.search_string === undefined) return undefined;
  const all = lines.flatMap((line, index) => {
    const match = matches(line, args);
    return match === undefined ? [] : [{ index, match }];
  });
  return args.firstmatch ? all[0] : all.at(-1);
}

// The match of one line; null: it holds the search string; undefined: it is another line.
function matches(
  line: Bytes,
  { regexp, search_string: part }: LineArgs,
): PythonMatch | null | undefined {
  if (regexp !== undefined) return search(bytePattern(regexp), line) ?? undefined;
  return line.includes(toBytes(part ?? "")) ? null : undefined;
}

// The index of an equal line, and the one that insertafter or insertbefore selects; -1: none.
function scan(
  lines: readonly Bytes[],
  line: Bytes,
  { insertafter, insertbefore, firstmatch }: LineArgs,
): { equal: number; beside: number } {
  const anchor = insertafter ?? insertbefore;
  const pattern =
    anchor === undefined || anchor === "BOF" || (anchor === "EOF" && insertafter !== undefined)
      ? undefined
      : bytePattern(anchor);
  const found = { equal: -1, beside: -1 };
  for (const [index, one] of lines.entries()) {
    if (bare(one) === line) found.equal = index;
    else if (pattern && anchor !== "" && search(pattern, one)) {
      found.beside = insertafter === undefined ? index : index + 1;
      if (firstmatch) break;
    }
  }
  return found;
}

// One line in the place of another.
function replaced(
  lines: readonly Bytes[],
  index: number,
  line: Bytes,
): { lines: Bytes[]; msg: string } {
  const whole = line.endsWith("\n") ? line : `${line}\n`;
  return lines[index] === whole
    ? { lines: [...lines], msg: "" }
    : { lines: lines.with(index, whole), msg: "line replaced" };
}

// One more line. The line before it then ends with a line feed, too.
function inserted(
  lines: readonly Bytes[],
  index: number,
  line: Bytes,
): { lines: Bytes[]; msg: string } {
  const before = lines.slice(0, index);
  const last = before.at(-1);
  if (index === lines.length && last !== undefined && !/[\r\n]$/.test(last))
    before[before.length - 1] = `${last}\n`;
  return { lines: [...before, `${line}\n`, ...lines.slice(index)], msg: "line added" };
}
