import { spawnSync } from "node:child_process";
import { readFileSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { resolve } from "node:path";
import { InputError } from "../../errors.ts";
import { askPassword } from "../ask.ts";
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
  const file = resolve(named.replace(/^~(?=\/)/, homedir()));
  const stat = statSync(file, { throwIfNoEntry: false });
  const hint = "name a file that holds the password, or a program that prints it";
  if (!stat?.isFile())
    throw new InputError(`there is no ${what} password file ${named}`, undefined, hint);
  const text = (stat.mode & 0o111) === 0 ? readFileSync(file, "utf8") : printed(file, what);
  const password = text.trim();
  if (password === "")
    throw new InputError(`the ${what} password file ${named} gives no password`, undefined, hint);
  return password;
}

function printed(file: string, what: string): string {
  const { status, stdout, error } = spawnSync(file, [], {
    encoding: "utf8",
    stdio: ["inherit", "pipe", "inherit"],
  });
  if (error)
    throw new InputError(
      `the ${what} password program ${file} cannot be run: ${error.message}`,
      undefined,
      "if it is no program, take its executable bit away: chmod -x",
    );
  if (status !== 0)
    throw new InputError(
      `the ${what} password program ${file} ended with ${status}`,
      undefined,
      "run it by hand to see why",
    );
  return stdout;
}
