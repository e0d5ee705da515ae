import { TaskFailure } from "../../../errors.ts";

// Splits a command line into words as a shell would, quotes and backslashes
// included, but expands nothing.
export function splitCommand(text: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  for (let i = 0; i < text.length; i++) {
    const char = text[i]!;
    if (/\s/.test(char)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else if (char === "'" || char === '"') {
      const [inner, end] = quoted(text, i, char);
      word = (word ?? "") + inner;
      i = end;
    } else {
      word = (word ?? "") + (char === "\\" && i + 1 < text.length ? text[++i]! : char);
    }
  }
  return word === undefined ? words : [...words, word];
}

// The text inside a pair of quotes, and where it ends; in double quotes a backslash guards
// the next quote or backslash.
function quoted(text: string, start: number, quote: string): [inner: string, end: number] {
  let inner = "";
  for (let i = start + 1; i < text.length; i++) {
    if (text[i] === quote) return [inner, i];
    if (quote === '"' && text[i] === "\\" && /["\\]/.test(text[i + 1] ?? "")) i++;
    inner += text[i]!;
  }
  throw new TaskFailure(`"${text}" has an unclosed quote ${quote}`);
}
