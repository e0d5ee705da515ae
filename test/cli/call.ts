import { vi } from "vitest";
import { runCommandLine } from "../../src/cli/command-line.ts";

// Calls the command line, and answers its exit code and all that it printed.
export async function call(...words: string[]): Promise<{ code: number; said: string }> {
  const said: string[] = [];
  const spies = [process.stdout, process.stderr].map((stream) =>
    vi.spyOn(stream, "write").mockImplementation((text) => said.push(String(text)) > 0),
  );
  try {
    return { code: await runCommandLine(words), said: said.join("") };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}
