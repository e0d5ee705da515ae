import { InputError, UnplacedError } from "../errors.ts";
import { kindOf, readText } from "./files.ts";
import { splitPattern } from "./patterns.ts";

// Replaces each @FILE of a limit by the patterns in the file, one per line; @failed means
// the hosts that the last run did not finish, which are in the file `undone`, unless
// there is a file named so.
export async function expandLimit(limit: string, undone?: string): Promise<string> {
  const parts: string[] = [];
  for (const part of splitPattern(limit)) {
    if (part.startsWith("@"))
      parts.push(...linesOf(await readText(await fileOf(part.slice(1), undone))));
    else parts.push(part);
  }
  return `${parts.join(",")},`;
}

// The file that is meant. Throws InputError where there is none.
async function fileOf(name: string, undone: string | undefined): Promise<string> {
  if ((await kindOf(name)) === "file") return name;
  if (name !== "failed" || undone === undefined)
    throw new InputError(`there is no file ${name}, which the limit names`);
  if ((await kindOf(undone)) === "file") return undone;
  throw new UnplacedError(
    "the last run of this playbook finished on all hosts, so --resume and --limit @failed have no hosts",
    `such hosts would be in ${undone}`,
  );
}

function linesOf(text: string): string[] {
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
}
