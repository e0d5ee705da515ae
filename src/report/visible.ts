import pc from "picocolors";

// Control characters (line feed and tab aside), C1 controls, and what turns the
// direction of text or breaks lines.
const UNSAFE =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;

// Text from a host, a file or a user must not reach the terminal as commands: what is not
// for the eye is spelled out.
export function visible(text: string): string {
  return text.replaceAll(UNSAFE, (char) => {
    const code = char.charCodeAt(0).toString(16);
    return code.length > 2 ? `\\u${code.padStart(4, "0")}` : `\\x${code.padStart(2, "0")}`;
  });
}

// JSON whose text is safe on a terminal, too, and means the same: what is not for the eye
// is escaped as JSON has it.
export function visibleJson(value: unknown): string {
  return JSON.stringify(value, null, 2).replaceAll(
    UNSAFE,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

// Stands before the number of each of our own colours. It is drawn by lot for each process, so
// that no text from outside can contain it; its letters are of the private use area, so that no
// mask of a secret takes it apart.
const MARK = Array.from({ length: 8 }, () =>
  String.fromCharCode(0xe000 + Math.floor(Math.random() * 0x1900)),
).join("");
const MARKED = new RegExp(`${MARK}(\\d+)m`, "g");

/** Colours of our own: only what they made becomes a colour on the screen (see `paint`). */
export const colours: Colours = markedColours();

function markedColours(): Colours {
  const table = pc.createColors(true);
  const marked = Object.entries(table).map(([name, colour]) => [
    name,
    typeof colour === "function" ? mark(colour) : colour,
  ]);
  return Object.fromEntries(marked) as Colours;
}

// The same colour, written with our mark instead of the terminal's.
function mark(
  colour: (text: string) => string,
): (text: string | number | null | undefined) => string {
  const [open = "", close = ""] = colour("|")
    .split("|")
    .map((code) => code.replaceAll("\u001b[", MARK));
  return (text) => `${open}${String(text)}${close}`;
}

// The text as it may leave for a terminal or a file: all is spelled out but our own colours, which
// are taken out where none are wanted.
export function paint(text: string, isColoured: boolean): string {
  return visible(text).replaceAll(MARKED, isColoured ? "\u001b[$1m" : "");
}

/** Colours as functions, so that plain output has none. */
export type Colours = ReturnType<typeof pc.createColors>;
