/** One word of a line, without its quotes; `start` is the offset at which it begins in the line. */
export interface Word {
  text: string;
  start: number;
  /** True where quotes or backslashes were taken away, so that offsets in text and line differ. */
  quoted: boolean;
}

// Splits a line as Python's shlex does, without expanding anything: blanks divide, quotes and
// backslashes protect. With comments, # begins one, also within a word. Answers undefined if a
// quote is not closed, or nothing follows a backslash.
export function shellWords(line: string, has: { comments: boolean }): Word[] | undefined {
  const words: Word[] = [];
  let word: Word | undefined;
  let quote = "";
  for (let index = 0; index < line.length; index++) {
    const char = line[index]!;
    if (!quote && /\s/.test(char)) word = undefined;
    else if (has.comments && !quote && char === "#") return words;
    else {
      if (!word) words.push((word = { text: "", start: index, quoted: false }));
      if (char === quote) quote = "";
      else if (!quote && (char === "'" || char === '"')) [quote, word.quoted] = [char, true];
      else if (char === "\\" && escapes(quote, line[index + 1])) {
        if (index + 1 === line.length) return undefined;
        [word.text, word.quoted] = [word.text + line[++index]!, true];
      } else word.text += char;
    }
  }
  return quote ? undefined : words;
}

// Within double quotes a backslash protects only quotes and itself, within single quotes nothing.
function escapes(quote: string, next: string | undefined): boolean {
  return quote === "" || (quote === '"' && (next === '"' || next === "\\"));
}

// Splits `a=1 b="two words" c={{ x + 1 }}` into its assignments: blanks divide except in quotes and
// templates. Quotes stay. Answers undefined where a quote or template is not closed.
export function assignmentWords(text: string): string[] | undefined {
  const words: string[] = [];
  let word = "";
  let quote = "";
  let depth = 0;
  for (let index = 0; index < text.length; index++) {
    const char = text[index]!;
    const blank = char === " " || char === "\n";
    if (blank && !quote && depth === 0) {
      if (word) words.push(word);
      word = "";
      continue;
    }
    const pair = text.slice(index, index + 2);
    if (["{{", "{%", "{#"].includes(pair)) depth++;
    else if (["}}", "%}", "#}"].includes(pair)) depth = Math.max(0, depth - 1);
    if ((char === "'" || char === '"') && text[index - 1] !== "\\") quote = quoteAfter(quote, char);
    word += char;
  }
  if (word) words.push(word);
  return quote || depth > 0 ? undefined : words;
}

// The quote that is open after a quotation mark: it opens one, closes its like,
// or is text in another.
function quoteAfter(quote: string, char: string): string {
  if (quote === "") return char;
  return quote === char ? "" : quote;
}
