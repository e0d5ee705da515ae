import type { Run } from "../../run/run.ts";
import type { ReadFiles } from "./read-files.ts";

// Reads a run of so many processes as are wanted: all hosts if it is one, else only the
// first, which shows most mistakes, and whether tasks look at other hosts. Where they do, or
// may do so behind the result of a command, or what was read cannot be read again by others,
// one process does all hosts.
export async function readOrPart(
  hosts: readonly string[],
  wanted: number,
  readRun: (some: readonly string[], mayAsk: boolean) => Promise<Run>,
  read: ReadFiles,
  mayAsk: boolean,
): Promise<{ whole: Run; processes: number }> {
  if (wanted > 1) {
    const first = await readRun(hosts.slice(0, 1), false);
    if (!first.looksElsewhere && !read.mayLookElsewhere && read.areLasting)
      return { whole: first, processes: wanted };
  }
  return { whole: await readRun(hosts, mayAsk), processes: 1 };
}
