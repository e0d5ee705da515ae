import { readSync } from "node:fs";
import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";
import { InputError } from "../errors.ts";

// Asks for a password; nothing of it is shown. Without a terminal it is the next line of stdin.
export async function askPassword(prompt: string): Promise<string> {
  process.stderr.write(prompt);
  if (!process.stdin.isTTY) return nextLine();
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: process.stdin, output: silent, terminal: true });
  try {
    return await lines.question("");
  } finally {
    lines.close();
    process.stderr.write("\n");
  }
}

// Asks for a line of text on the terminal, shown as it is typed; undefined: there is nobody to ask.
export async function askText(prompt: string, isPrivate: boolean): Promise<string | undefined> {
  if (!process.stdin.isTTY) return undefined;
  if (isPrivate) return askPassword(prompt);
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await lines.question(prompt);
  } finally {
    lines.close();
  }
}

// One line of stdin, byte by byte, so that the lines behind it stay for who asks next.
function nextLine(): string {
  const bytes: number[] = [];
  const byte = Buffer.alloc(1);
  while (readSync(0, byte) > 0 && byte[0] !== 10) bytes.push(byte[0]!);
  return Buffer.from(bytes).toString("utf8").replace(/\r$/, "");
}

// Asks whether to go on; only "yes" is a yes. Without a terminal nobody can answer.
export async function confirm(prompt: string): Promise<boolean> {
  if (!process.stdin.isTTY || !process.stdout.isTTY) throw new InputError("apply asks before it changes anything, but there is no terminal to ask on", undefined, "add --yes");
  const lines = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return (await lines.question(prompt)).trim().toLowerCase() === "yes";
  } finally {
    lines.close();
  }
}
