// The choices of a parameter as people write them, each once.
export function writtenChoices(choices: readonly unknown[]): string[] {
  return [...new Set(choices.map(writtenChoice))];
}

// A choice as people write it: line breaks by their names.
export function writtenChoice(choice: unknown): string {
  return String(choice).replaceAll("\n", "\\n").replaceAll("\r", "\\r");
}
