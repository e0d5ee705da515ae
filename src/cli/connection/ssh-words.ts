// Splits text into words as a POSIX shell does, without expanding anything: how Ansible reads options of ssh. Undefined: a quote is left open.
export function shellWords(text: string): string[] | undefined {
  const words: string[] = [];
  let word: string | undefined;
  let quote = "";
  for (let at = 0; at < text.length; at++) {
    const char = text[at]!;
    const escapes =
      char === "\\" && quote !== "'" && (quote === "" || '"\\'.includes(text[at + 1] ?? ""));
    if (escapes) {
      at += 1;
      if (at === text.length) return undefined;
      word = (word ?? "") + text[at]!;
    } else if (quote !== "") {
      if (char === quote) quote = "";
      else word += char;
    } else if (char === "'" || char === '"') {
      quote = char;
      word ??= "";
    } else if (/\s/.test(char)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else {
      word = (word ?? "") + char;
    }
  }
  if (quote !== "") return undefined;
  return word === undefined ? words : [...words, word];
}
