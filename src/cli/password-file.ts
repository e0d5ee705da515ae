import { isUtf8 } from "node:buffer";
import { spawnSync } from "node:child_process";
import { homedir } from "node:os";
import { resolve } from "node:path";
import { noteUnrepeatable, readFileSync, statSync } from "../disk/reading.ts";
import { UnplacedError } from "../errors.ts";
import { attempt } from "../instead-of.ts";

const HINT = "name a file that holds the password, or a program that prints it";

// The file that a flag names, and whether it is a program. `what`: "vault",
// "become" ... Throws InputError.
export function passwordFile(named: string, what: string): { file: string; isProgram: boolean } {
  const file = resolve(named.replace(/^~(?=\/|$)/, homedir()));
  const stat = statSync(file, { throwIfNoEntry: false });
  if (!stat?.isFile()) throw new UnplacedError(`there is no ${what} password file ${named}`, HINT);
  return { file, isProgram: (stat.mode & 0o111) !== 0 };
}

// What such a file holds. Throws InputError.
export function storedPassword(file: string, what: string): string {
  const bytes = attempt(() => readFileSync(file));
  if (!bytes)
    throw new UnplacedError(
      `the ${what} password file ${file} cannot be read`,
      "check its permissions",
    );
  return passwordText(bytes, `the ${what} password file ${file} holds`);
}

// A password that is not text would never be the right one.
function passwordText(bytes: Buffer, source: string): string {
  if (isUtf8(bytes)) return bytes.toString("utf8");
  throw new UnplacedError(`${source} what is not UTF-8 text`, "save the password in UTF-8");
}

// What such a program prints. Throws InputError.
export function printedPassword(file: string, what: string, words: string[] = []): string {
  noteUnrepeatable(`${file} was run`);
  const { status, stdout, error } = spawnSync(file, words, {
    stdio: ["inherit", "pipe", "inherit"],
  });
  if (error)
    throw new UnplacedError(
      `the ${what} password program ${file} cannot be run: ${error.message}`,
      "if it is not a program, remove its executable bit: chmod -x",
    );
  if (status !== 0)
    throw new UnplacedError(
      `the ${what} password program ${file} ended with ${status}`,
      "run it by hand to see why",
    );
  return passwordText(stdout, `the ${what} password program ${file} prints`);
}

// Refuses a file that gives no password.
export function wantPassword(password: string, named: string, what: string): string {
  if (password === "") throw new UnplacedError(`the ${what} password file ${named} is empty`, HINT);
  return password;
}
