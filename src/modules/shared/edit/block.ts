import type { PythonRegex } from "../../../jinja/python/regex.ts";
import { bytePattern, search, toBytes, type Bytes } from "./pattern.ts";

/** blockinfile's description of a block. */
export interface BlockArgs {
  state: "present" | "absent";
  block: string;
  marker: string;
  marker_begin: string;
  marker_end: string;
  insertafter?: string;
  insertbefore?: string;
  append_newline: boolean;
  prepend_newline: boolean;
}

// Puts the block where it already is, or where it should be inserted; or removes it. Returns which.
export function putBlock(content: Bytes, args: BlockArgs): { content: Bytes; msg: string } {
  const block = blockLines(args);
  const { lines, at } = takeOut(
    content.match(/[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+$/g) ?? [],
    content,
    args,
  );
  const [before, after] = [lines.slice(0, at), lines.slice(at)];
  const last = before.at(-1);
  if (last !== undefined && !last.endsWith("\n")) before[before.length - 1] = `${last}\n`;
  const present = args.state === "present";
  if (present && args.prepend_newline && before.length > 0 && before.at(-1) !== "\n")
    before.push("\n");
  if (present && args.append_newline && after.length > 0 && after[0] !== "\n") after.unshift("\n");
  return {
    content: [...before, ...block, ...after].join(""),
    msg: block.length > 0 ? "Block inserted" : "Block removed",
  };
}

// The two marking lines.
function markers({ marker, marker_begin, marker_end }: BlockArgs): [begin: Bytes, end: Bytes] {
  return [
    toBytes(`${marker.replaceAll("{mark}", () => marker_begin)}\n`),
    toBytes(`${marker.replaceAll("{mark}", () => marker_end)}\n`),
  ];
}

// The block with its marks; nothing where it shall not be there.
function blockLines(args: BlockArgs): Bytes[] {
  if (args.state === "absent" || args.block === "") return [];
  const [begin, end] = markers(args);
  const block = toBytes(args.block);
  return [begin, block.endsWith("\n") ? block : `${block}\n`, end];
}

// The lines without the present block, and the position for the new one.
function takeOut(
  lines: readonly Bytes[],
  content: Bytes,
  args: BlockArgs,
): { lines: readonly Bytes[]; at: number } {
  const [begin, end] = markers(args).map((marker) => lines.lastIndexOf(marker)) as [number, number];
  if (begin === -1 || end === -1) return { lines, at: placeFor(lines, content, args) };
  const [first, last] = [Math.min(begin, end), Math.max(begin, end)];
  return { lines: [...lines.slice(0, first), ...lines.slice(last + 1)], at: first };
}

// Where a new block goes: what insertafter or insertbefore matches last, else the end.
function placeFor(
  lines: readonly Bytes[],
  content: Bytes,
  { insertafter, insertbefore }: BlockArgs,
): number {
  const anchor = insertafter ?? insertbefore;
  if (insertafter === undefined && insertbefore === "BOF") return 0;
  if (anchor === undefined || insertafter === "EOF") return lines.length;
  const pattern = bytePattern(anchor);
  const line = /^\(\?[aiLsux]*m/.test(anchor)
    ? lineOfMatch(pattern, content, insertafter !== undefined)
    : lines.findLastIndex((one) => search(pattern, one));
  return line === -1 ? lines.length : line + (insertafter === undefined ? 0 : 1);
}

// A pattern with (?m) may match over several lines: the line in which its first
// match ends, or begins.
function lineOfMatch(pattern: PythonRegex, content: Bytes, atEnd: boolean): number {
  const match = search(pattern, content);
  if (!match) return -1;
  return content.slice(0, atEnd ? match.end : match.index).split("\n").length - 1;
}
