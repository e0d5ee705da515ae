import { askPassword } from "../ask.ts";
import { passwordFile, printedPassword, storedPassword, wantPassword } from "../password-file.ts";
import type { RunFlags } from "../settings/options.ts";

/** The passwords that the command line gives for all hosts that have none of their own. */
export interface Passwords {
  connection: string | undefined;
  become: string | undefined;
}

// Asks for the passwords, or reads them from files. Throws InputError.
export async function passwords(flags: RunFlags): Promise<Passwords> {
  const { askPass, askBecomePass, connectionPasswordFile, becomePasswordFile } = flags;
  const connection = askPass
    ? await askPassword("SSH password: ")
    : fromFile(connectionPasswordFile, "connection");
  if (!askBecomePass) return { connection, become: fromFile(becomePasswordFile, "become") };
  const become = await askPassword(
    connection === undefined ? "Become password: " : "Become password [the SSH password]: ",
  );
  return { connection, become: become === "" ? connection : become };
}

// What a file holds, or what it prints where it is a program.
function fromFile(named: string | undefined, what: string): string | undefined {
  if (named === undefined) return undefined;
  const { file, isProgram } = passwordFile(named, what);
  const text = isProgram ? printedPassword(file, what) : storedPassword(file, what);
  return wantPassword(text.trim(), named, what);
}
