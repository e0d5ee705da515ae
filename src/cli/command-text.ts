// A command line of hullwright as a shell reads it.
export function commandText(words: readonly string[]): string {
  return ["hullwright", ...words].map(quoted).join(" ");
}

function quoted(word: string): string {
  return /^[\w@%+=:,./~-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
