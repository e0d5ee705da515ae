import { structuredPatch } from "diff";
import type { Diff } from "../modules/contract/module.ts";
import { visible, type Colours } from "./visible.ts";

/**
 * Longer texts show their first lines only, and longer values their beginning,
 * unless all is wanted.
 */
const MAX_LINES = 60;
const MAX_VALUE = 160;
/** How long two texts may be compared, in milliseconds. */
const TIMEOUT = { short: 500, full: 10_000 };

// Shows what changes, as lines without indentation; where not all is wanted, what is
// long is cut, and says so.
export function renderDiff(diff: Diff, colours: Colours, isFull = false): string[] {
  if (diff.kind === "note") return [visible(diff.title)];
  if (diff.kind === "text") return renderText(diff, colours, isFull);
  const [before, after] = [oneLine(diff.before, isFull), oneLine(diff.after, isFull)];
  const title = visible(diff.title);
  if (before === null) return [colours.green(`+ ${title}: ${after ?? ""}`)];
  if (after === null) return [colours.red(`- ${title}: ${before}`)];
  return [`${colours.yellow("~")} ${title}: ${colours.red(before)} -> ${colours.green(after)}`];
}

// A unified diff, as `diff -u` writes it; texts that differ too much to compare
// quickly are only named.
function renderText(
  { title, before, after }: Diff & { kind: "text" },
  colours: Colours,
  isFull: boolean,
): string[] {
  const timeout = isFull ? TIMEOUT.full : TIMEOUT.short;
  const patch = structuredPatch(title, title, before, after, undefined, undefined, {
    context: 3,
    timeout,
  });
  if (!patch)
    return [
      `~ ${visible(title)}: too different to compare line by line (--diff=full does it, slowly)`,
    ];
  const lines = patch.hunks.flatMap((hunk) => [
    colours.cyan(
      `@@ -${range(hunk.oldStart, hunk.oldLines)} +${range(hunk.newStart, hunk.newLines)} @@`,
    ),
    ...hunk.lines.map((line) => colourLine(line, colours)),
  ]);
  const more = lines.length - MAX_LINES;
  const shown =
    isFull || more <= 0
      ? lines
      : [...lines.slice(0, MAX_LINES), `... ${more} more lines (--diff=full shows all)`];
  return [colours.bold(visible(title)), ...shown];
}

// The range of lines in a hunk header, as diff writes it: a count of one is left out, and an empty
// range comes after a line.
function range(start: number, lines: number): string {
  if (lines === 1) return String(start);
  return lines === 0 ? `${start - 1},0` : `${start},${lines}`;
}

function colourLine(line: string, colours: Colours): string {
  const safe = visible(line);
  if (line.startsWith("+")) return colours.green(safe);
  return line.startsWith("-") ? colours.red(safe) : safe;
}

// A value on one line; a long one is cut, and says how much is left out.
function oneLine(text: string | null, isFull: boolean): string | null {
  if (text === null) return null;
  const line = visible(text.replaceAll("\n", "\\n"));
  const more = line.length - MAX_VALUE;
  return isFull || more <= 0
    ? line
    : `${line.slice(0, MAX_VALUE)}... (${more} more characters, --diff=full shows all)`;
}
