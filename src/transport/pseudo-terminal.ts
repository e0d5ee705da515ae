/** The exit code of a host that lacks `script`, which makes terminals. */
export const NO_SCRIPT = 95;

const BEGIN = `command -v script >/dev/null 2>&1 || exit ${NO_SCRIPT}; exec 3<&0 4>&1 5>&2`;

// The argument list of a program with a terminal of its own, past which its streams go as before.
// What it prints on the terminal comes on stderr.
export function onTerminal(argv: readonly string[]): string[] {
  return ["/bin/sh", "-c", `${BEGIN}; exec ${scriptOf(argv)} </dev/null >&5`];
}

// The same for a program that asks on the terminal: what `terminalAnswer` makes of an answer is
// read from stdin and typed there, once. Nothing waits for it if the program does not ask, and it
// holds no stream of ours open.
export function askingOnTerminal(argv: readonly string[]): string[] {
  const typed = 'read -r hw_n <&3 && head -c "$hw_n" <&3';
  return [
    "/bin/sh",
    "-c",
    `${BEGIN}; ({ ${typed}; } 4>&- 5>&- 2>/dev/null &) | ${scriptOf(argv)} >&5`,
  ];
}

// An answer with its length, so that not a byte more is taken from stdin.
export function terminalAnswer(answer: string): Buffer {
  const line = Buffer.from(`${answer}\n`);
  return Buffer.concat([Buffer.from(`${line.length}\n`), line]);
}

// `script` accepts one string for the shell that SHELL names. It is sent encoded, because it
// contains quotes, which cannot be passed through every login shell.
function scriptOf(argv: readonly string[]): string {
  const words = argv.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(" ");
  const text = Buffer.from(`exec ${words} <&3 >&4 2>&5 3<&- 4>&- 5>&-`).toString("base64");
  return `env SHELL=/bin/sh script -qec "$(echo ${text} | base64 -d)" /dev/null`;
}
