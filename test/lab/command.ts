import { spawn } from "node:child_process";

/** What a finished command said; `code` is 128 plus the signal's number when a signal ended it. */
export interface Output {
  code: number;
  stdout: string;
  stderr: string;
}

// Runs a program to its end; a code other than 0 is an answer, a program that is not there throws.
export function run(argv: string[], input = ""): Promise<Output> {
  const [program = "", ...args] = argv;
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      stdio: "pipe",
      env: { ...process.env, LC_ALL: "C.UTF-8" },
    });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => out.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => err.push(chunk));
    child.stdin.on("error", () => undefined); // it may end without reading its input
    child.stdin.end(input);
    child.on("error", reject);
    child.on("close", (code) => {
      resolve({
        code: code ?? 128,
        stdout: Buffer.concat(out).toString(),
        stderr: Buffer.concat(err).toString(),
      });
    });
  });
}

// Runs a program that has to succeed and returns what it printed.
export async function must(argv: string[], input = ""): Promise<string> {
  const { code, stdout, stderr } = await run(argv, input);
  if (code !== 0) throw new Error(`${argv.join(" ")}: exit ${String(code)}\n${stderr || stdout}`);
  return stdout;
}

// Resolves after so many milliseconds.
export function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

// Asks again and again until there is an answer; the limit only ends a wait that would last for ever.
export async function until<T>(
  what: string,
  ask: () => T | undefined | Promise<T | undefined>,
  limit = 180_000,
): Promise<T> {
  const end = Date.now() + limit;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (Date.now() > end) throw new Error(`gave up waiting for ${what}`);
    await pause(15);
  }
}
