import { hideSecretText } from "./secrets.ts";

/** A line and a column of a text. */
interface Spot {
  line: number;
  column: number;
  text?: string;
}

/** The keyword that hides a task, wherever it is on a line. */
const NO_LOG = /(?:^|[\s{,"'-])no_log["']?\s*:\s*["']?(?:true|yes|on|1|y|t|\{\{)/i;

// The offending line between its neighbours, with a caret under the column; without what looks like
// a secret. Of a task with no_log nothing is shown.
export function codeFrame({ text, line: at, column }: Spot): string[] {
  const source = text?.split("\n");
  if (!source || isHidden(source, at)) return [];
  const width = String(at + 1).length;
  const frame: string[] = [];
  for (let line = Math.max(1, at - 1); line <= Math.min(source.length, at + 1); line++) {
    const written = source[line - 1] ?? "";
    const shown = isHidden(source, line) ? "(hidden, as no_log is set)" : hideSecretText(written);
    const from = line === at ? firstColumn(shown, column) : 0;
    frame.push(
      `  ${line === at ? ">" : " "} ${String(line).padStart(width)} | ${windowOf(shown, from)}`,
    );
    // where something before the caret is hidden, the caret would point at something else
    const isMoved = shown.slice(0, column - 1) !== written.slice(0, column - 1);
    if (line === at && !isMoved)
      frame.push(
        `    ${" ".repeat(width)} | ${" ".repeat(Math.max(0, column - 1 - from + (from > 0 ? 1 : 0)))}^`,
      );
  }
  return frame;
}

/** How much of a very long line is shown. */
const SHOWN = 120;

// Where to begin with a line, so that a column of it is well inside what is shown.
function firstColumn(line: string, column: number): number {
  if (line.length <= SHOWN) return 0;
  const wanted = Math.max(0, column - 1 - SHOWN / 2);
  return Math.min(wanted, line.length - SHOWN);
}

// A part of a line; what is left out at either end stands as an ellipsis.
function windowOf(line: string, from: number): string {
  const end = from + SHOWN;
  return `${from > 0 ? "…" : ""}${line.slice(from, end)}${line.length > end ? "…" : ""}`;
}

// A message about a place, without the values that it quotes where no_log is set there.
export function withoutHidden(message: string, { text, line }: Spot): string {
  const source = text?.split("\n");
  if (!source || !isHidden(source, line)) return message;
  const written = source.join("\n");
  return message.replace(/"((?:[^"\\]|\\.)+)"/g, (quoted, value: string) =>
    isKey(written, value) ? quoted : "(hidden, as no_log is set)",
  );
}

// Whether a word comes before a colon, so that it is a key.
function isKey(text: string, word: string): boolean {
  const name = word.replace(/[.*+?^${}()|[\]\\/-]/g, "\\$&");
  return new RegExp(String.raw`(?<![\w.-])["']?${name}["']?\s*:`).test(text);
}

// Whether a line belongs to a task, a block or a play with no_log.
function isHidden(source: readonly string[], line: number): boolean {
  if (NO_LOG.test(source[line - 1] ?? "")) return true;
  let indent = indentOf(source[line - 1] ?? "");
  for (let above = line; above >= 1; above--) {
    const text = source[above - 1]!;
    const item = /^(\s*)- /.exec(text);
    if (!item || (above !== line && item[1]!.length >= indent)) continue;
    indent = item[1]!.length;
    if (keywordsOf(source, above, indent).some((keyword) => NO_LOG.test(keyword))) return true;
  }
  return false;
}

// The lines of a list element at the indentation right after its dash, without deeper ones.
function keywordsOf(source: readonly string[], first: number, indent: number): string[] {
  const rest = source.slice(first);
  const end = rest.findIndex((text) => text.trim() !== "" && indentOf(text) <= indent);
  const inside = rest.slice(0, end < 0 ? rest.length : end);
  const own = indent + /^- */.exec(source[first - 1]!.slice(indent))![0].length;
  return [source[first - 1]!, ...inside.filter((text) => indentOf(text) === own)];
}

function indentOf(text: string): number {
  return text.length - text.trimStart().length;
}
