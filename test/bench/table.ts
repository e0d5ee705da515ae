// The one in the middle; of an even number the lower.
export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor((values.length - 1) / 2)] ?? Number.NaN;
}

// Milliseconds by name as a table of Markdown, each also as a ratio to the first.
export function table(times: ReadonlyMap<string, number>): string[] {
  const [first = Number.NaN] = times.values();
  const rows = [...times].map(
    ([name, ms]) => `| ${name} | ${(ms / 1000).toFixed(2)} | ${(ms / first).toFixed(2)} |`,
  );
  return ["| | seconds | ratio |", "|---|---:|---:|", ...rows];
}
