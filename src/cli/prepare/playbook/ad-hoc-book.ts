import type { Place } from "../../../errors.ts";
import type { PlaybookText } from "../../../playbook/load/load.ts";
import { succeeds } from "../../../instead-of.ts";

/** What is said of the one task of `hullwright run`. */
export interface AdHocTask {
  pattern: string;
  /** The words after --. */
  command: readonly string[];
  moduleName?: string | undefined;
  args?: string | undefined;
}

const DEFAULT_MODULE = "command";

/** A part of a playbook, and the word of the command line that it was made of. */
interface Piece {
  text: string;
  /** What the word is called, the word, and whether its letters are escaped as in JSON. */
  from?: { name: string; word: string; isJson: boolean };
}

// The playbook with the one task; the positions of mistakes are those of its
// words on the command line.
export function adHocBook(file: string, task: AdHocTask): PlaybookText {
  const pieces = [
    { text: "- hosts: " },
    quoted("PATTERN", task.pattern),
    { text: "\n  gather_facts: false\n  tasks:\n    - " },
    ...taskPieces(task),
    { text: "\n" },
  ];
  const text = pieces.map((piece) => piece.text).join("");
  const main = pieces.slice(3).find((piece) => piece.from)?.from;
  const start = { name: main?.name ?? "--", word: main?.word ?? "" };
  return { file, text, by: (offset) => wordAt(pieces, offset) ?? placeAt(start, 0) };
}

// The place in a word of the command line that a character of the playbook is from.
function wordAt(pieces: readonly Piece[], offset: number): Place | undefined {
  let begin = 0;
  for (const piece of pieces) {
    const end = begin + piece.text.length;
    if (piece.from && offset >= begin && offset <= end) return placeIn(piece, offset - begin);
    begin = end;
  }
  return undefined;
}

function taskPieces({ command, moduleName, args = "" }: AdHocTask): Piece[] {
  // braces in a command are the command's own
  if (command.length === 1) return [{ text: "shell: !unsafe " }, quoted("--", command[0]!)];
  if (command.length > 1)
    return [
      { text: "command: { argv: [" },
      ...command.flatMap((word, index) => [
        { text: `${index === 0 ? "" : ", "}!unsafe ` },
        quoted("--", word),
      ]),
      { text: "], expand_argument_vars: false }" },
    ];
  const name = moduleName ?? DEFAULT_MODULE;
  if (moduleName !== undefined && isJsonMapping(args))
    return [
      quoted("-m", name),
      { text: ": " },
      { text: args.replaceAll("\n", " "), from: { name: "-a", word: args, isJson: false } },
    ];
  const action = quoted("-m", name);
  const words = quoted("-a", args.trim(), args);
  return [
    { text: "action: " },
    moduleName === undefined
      ? { text: action.text.slice(0, -1) }
      : { ...action, text: action.text.slice(0, -1) },
    { text: args.trim() === "" ? "" : " " },
    { ...words, text: words.text.slice(1) },
  ];
}

// As ansible does it, arguments in braces that are JSON are no key=value pairs.
function isJsonMapping(args: string): boolean {
  return /^\s*\{[^]*\}\s*$/.test(args) && succeeds(() => JSON.parse(args));
}

// A word as YAML has it; `whole` is the option as it was written, where the word is a part of it.
function quoted(name: string, word: string, whole = word): Piece {
  return { text: JSON.stringify(word), from: { name, word: whole, isJson: true } };
}

// The position in its word of a character in a piece.
function placeIn({ text, from }: Piece, offset: number): Place {
  const { name, word, isJson } = from!;
  if (!isJson) return placeAt({ name, word }, offset);
  const skipped = name === "-a" ? word.search(/\S|$/) : 0;
  return placeAt({ name, word }, skipped + lettersBefore(text, offset));
}

// How many characters of a word come before an offset in its JSON form.
function lettersBefore(json: string, offset: number): number {
  let letters = 0;
  let at = json.startsWith('"') ? 1 : 0;
  while (at < offset && json[at] !== '"') {
    const isEscape = json[at] === "\\";
    const width = json[at + 1] === "u" ? 6 : 2;
    at += isEscape ? width : 1;
    if (at <= offset) letters++;
  }
  return letters;
}

function placeAt({ name, word }: { name: string; word: string }, offset: number): Place {
  const before = word.slice(0, offset).split("\n");
  return { file: name, line: before.length, column: before.at(-1)!.length + 1, text: word };
}
