import { structuredPatch } from "diff";
import pc from "picocolors";
import type { Diff } from "../modules/module.ts";
import { visible } from "./visible.ts";

/** Colours as functions, so that plain output has none. */
export type Colours = ReturnType<typeof pc.createColors>;

/** Longer texts show their first lines only. */
const MAX_LINES = 60;

// Shows what changes, as lines without indentation.
export function renderDiff(diff: Diff, colours: Colours): string[] {
  if (diff.kind === "note") return [diff.title];
  if (diff.kind === "text") return renderText(diff, colours);
  const [before, after] = [oneLine(diff.before), oneLine(diff.after)];
  if (before === null) return [colours.green(`+ ${diff.title}: ${after ?? ""}`)];
  if (after === null) return [colours.red(`- ${diff.title}: ${before}`)];
  return [`${colours.yellow("~")} ${diff.title}: ${colours.red(before)} -> ${colours.green(after)}`];
}

// A unified diff; texts that differ too much to compare quickly are only named.
function renderText({ title, before, after }: Diff & { kind: "text" }, colours: Colours): string[] {
  const patch = structuredPatch(title, title, before, after, undefined, undefined, { context: 2, timeout: 500 });
  if (!patch) return [`~ ${title}: too different to compare line by line`];
  const lines = patch.hunks.flatMap((hunk) => [colours.cyan(`@@ -${hunk.oldStart},${hunk.oldLines} +${hunk.newStart},${hunk.newLines} @@`), ...hunk.lines.map((line) => colourLine(line, colours))]);
  const shown = lines.length > MAX_LINES ? [...lines.slice(0, MAX_LINES), `... ${lines.length - MAX_LINES} more lines`] : lines;
  return [colours.bold(title), ...shown];
}

function colourLine(line: string, colours: Colours): string {
  const safe = visible(line);
  return line.startsWith("+") ? colours.green(safe) : line.startsWith("-") ? colours.red(safe) : safe;
}

function oneLine(text: string | null): string | null {
  if (text === null) return null;
  const line = visible(text.replaceAll("\n", "\\n"));
  return line.length > 160 ? `${line.slice(0, 157)}...` : line;
}
