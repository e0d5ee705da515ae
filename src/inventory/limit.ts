import { InputError } from "../errors.ts";
import { kindOf, readText } from "./files.ts";
import { splitPattern } from "./patterns.ts";

// Replaces each @file of a limit by the patterns that the file holds, one a line.
export async function expandLimit(limit: string): Promise<string> {
  const parts: string[] = [];
  for (const part of splitPattern(limit)) {
    if (!part.startsWith("@")) parts.push(part);
    else if ((await kindOf(part.slice(1))) !== "file") throw new InputError(`there is no file ${part.slice(1)}, which the limit names`);
    else parts.push(...(await readText(part.slice(1))).split("\n").map((line) => line.trim()).filter((line) => line !== ""));
  }
  return `${parts.join(",")},`;
}
