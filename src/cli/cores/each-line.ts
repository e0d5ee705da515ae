import type { Readable } from "node:stream";

// Hears of each line of a stream.
export function eachLine(stream: Readable, hear: (line: string) => void): void {
  let begun: string[] = [];
  stream.setEncoding("utf8");
  stream.on("data", (data: string) => {
    const [first = "", ...rest] = data.split("\n");
    begun.push(first);
    if (rest.length === 0) return;
    const lines = [begun.join(""), ...rest.slice(0, -1)];
    begun = [rest.at(-1)!];
    lines.forEach(hear);
  });
}
