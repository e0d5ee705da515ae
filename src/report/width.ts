const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1b000}-\u{1b2ff}\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}/u;
const NARROWEST = /[\p{Mn}\p{Me}\u200b-\u200d\ufe00-\ufe0f]/u;

// How many columns a text takes on a terminal.
export function widthOf(text: string): number {
  return [...text].reduce((sum, char) => sum + columnsOf(char), 0);
}

// The text, shortened to the given number of columns if it is longer, with a mark for the cut.
export function fit(text: string, columns: number, cut = "…"): string {
  if (widthOf(text) <= columns) return text;
  let left = columns - widthOf(cut);
  let kept = "";
  for (const char of text) {
    left -= columnsOf(char);
    if (left < 0) break;
    kept += char;
  }
  return `${kept}${cut}`;
}

function columnsOf(char: string): number {
  if (NARROWEST.test(char)) return 0;
  return WIDE.test(char) ? 2 : 1;
}
