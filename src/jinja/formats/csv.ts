import { Fault } from "../core/fault.ts";
import { lines } from "../python/strings.ts";

// Reads rows of fields as Python's csv module does: a field in double quotes may hold
// anything, quotes doubled.
export function* readCsv(text: string, delimiter: string): Generator<string[]> {
  if ([...delimiter].length !== 1) throw new Fault('"delimiter" must be one character');
  let row: string[] = [];
  let field = "";
  let state: "begin" | "plain" | "quoted" | "closed" = "begin";
  for (const line of lines(text, true)) {
    for (const char of line) {
      if (state === "quoted") {
        if (char === '"') state = "closed";
        else field += char;
      } else if (char === "\n" || char === "\r") continue;
      else if (char === delimiter) {
        row.push(field);
        [field, state] = ["", "begin"];
      } else if (char === '"' && state !== "plain") {
        if (state === "closed") field += char;
        state = "quoted";
      } else {
        field += char;
        state = "plain";
      }
    }
    if (state === "quoted") continue;
    if (row.length > 0 || state !== "begin") yield [...row, field];
    [row, field, state] = [[], "", "begin"];
  }
  if (state === "quoted") yield [...row, field];
}
