import { closeSync, constants, openSync, readSync } from "node:fs";
import { createInterface } from "node:readline";
import { Writable } from "node:stream";
import { InputError, UnplacedError, Interrupted } from "../errors.ts";
import { attempt } from "../instead-of.ts";
import { screen } from "../report/screen.ts";
import { visible } from "../report/visible.ts";

// Asks for a password; nothing of it is shown. Without a terminal it is the next line of stdin.
// Throws InputError where stdin ends instead, Interrupted at Ctrl-C.
export async function askPassword(prompt: string): Promise<string> {
  const password = process.stdin.isTTY ? await typed(prompt, true) : pipedLine(prompt);
  if (password === undefined)
    throw new InputError(`no answer to "${prompt.replace(/:\s*$/, "")}": stdin has ended`);
  return password;
}

// Asks for a line of text on the terminal, shown as it is typed unless it is private;
// undefined: there is nobody to ask.
export async function askText(prompt: string, isPrivate: boolean): Promise<string | undefined> {
  if (!process.stdin.isTTY) return undefined;
  const text = await typed(prompt, isPrivate);
  if (text === undefined)
    throw new InputError(`no answer to "${prompt.replace(/:\s*$/, "")}": stdin has ended`);
  return text;
}

// Asks whether to continue; only "yes" means yes, and the end of stdin (Ctrl-D) means no. What was
// typed before the question is no answer to it. Without a terminal nobody can answer.
export async function confirm(prompt: string, signal?: AbortSignal): Promise<boolean> {
  if (!process.stdin.isTTY || !process.stdout.isTTY)
    throw new UnplacedError(
      "apply asks before it changes anything, but there is no terminal to ask on",
      "add --yes",
    );
  dropTypedAhead();
  return (await typed(prompt, false, process.stdout, signal))?.trim().toLowerCase() === "yes";
}

// Reads what waits on the terminal, also what no Enter has ended yet, and forgets it.
function dropTypedAhead(): void {
  process.stdin.setRawMode(true);
  const terminal = attempt(() => openSync("/dev/tty", constants.O_RDONLY | constants.O_NONBLOCK));
  if (terminal !== undefined) {
    const bytes = Buffer.alloc(1024);
    while ((attempt(() => readSync(terminal, bytes)) ?? 0) > 0);
    closeSync(terminal);
  }
  process.stdin.setRawMode(false);
}

// A line that is typed on the terminal; undefined: Ctrl-D. Throws Interrupted at
// Ctrl-C, and the signal's reason.
async function typed(
  prompt: string,
  isHidden: boolean,
  shown: NodeJS.WriteStream = process.stderr,
  signal?: AbortSignal,
): Promise<string | undefined> {
  signal?.throwIfAborted();
  const release = screen.hold();
  const [before, last] = lastLine(visible(prompt));
  const output = isHidden ? new Writable({ write: (_chunk, _encoding, done) => done() }) : shown;
  // in the background the program is stopped here, until fg
  const lines = createInterface({ input: process.stdin, output, terminal: true, historySize: 0 });
  // after Ctrl-Z and fg the question is asked again
  const again = (): void => {
    lines.resume();
    if (isHidden) shown.write(last);
    else lines.prompt(true);
  };
  process.on("SIGCONT", again);
  let answer: string | undefined;
  let why: Error | undefined;
  const stop = (reason: Error): void => {
    why = reason;
    lines.close();
  };
  const stopped = (): void => stop(signal?.reason as Error);
  signal?.addEventListener("abort", stopped, { once: true });
  lines.on("SIGINT", () => stop(new Interrupted("SIGINT")));
  // readline is paused after Ctrl-Z and fg, and would not receive anything any more
  lines.on("SIGCONT", () => lines.resume());
  // only now, as until here the terminal shows what is typed
  shown.write(isHidden ? before + last : before);
  await new Promise<void>((resolve) => {
    lines.once("close", resolve);
    lines.question(isHidden ? "" : last, (text) => {
      answer = text;
      lines.close();
    });
  });
  release();
  process.off("SIGCONT", again);
  signal?.removeEventListener("abort", stopped);
  if (isHidden || answer === undefined) shown.write("\n");
  if (why !== undefined) throw why;
  return answer;
}

// Everything before the last line of a prompt, and that line, which is the only one
// redrawn while someone types.
function lastLine(prompt: string): [before: string, last: string] {
  const begin = prompt.lastIndexOf("\n") + 1;
  return [prompt.slice(0, begin), prompt.slice(begin)];
}

// One line of stdin, byte by byte, so that later lines are left for the next question;
// undefined: there is none.
function pipedLine(prompt: string): string | undefined {
  screen.tell("stderr", prompt);
  const bytes: number[] = [];
  const byte = Buffer.alloc(1);
  let hasEnded = false;
  while (!(hasEnded = !readByte(byte)) && byte[0] !== 10) bytes.push(byte[0]!);
  screen.tell("stderr", "\n");
  return hasEnded && bytes.length === 0
    ? undefined
    : Buffer.from(bytes).toString("utf8").replace(/\r$/, "");
}

// Reads one byte of stdin; false: it has ended. Some parents make it one that does not wait,
// so it is waited for here.
function readByte(byte: Buffer): boolean {
  for (;;) {
    try {
      return readSync(0, byte) > 0;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === "EOF") return false;
      if (code !== "EAGAIN")
        throw new InputError(`stdin cannot be read: ${(error as Error).message}`);
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
    }
  }
}
