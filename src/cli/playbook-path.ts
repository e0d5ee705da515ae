import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { existsSync, lstatSync, readdirSync, statSync } from "../disk/reading.ts";
import { UnplacedError } from "../errors.ts";
import { attempt } from "../instead-of.ts";
import { didYouMean } from "../suggest.ts";

/** Where the program is: the directory of its package. */
export const PROGRAM = join(dirname(fileURLToPath(import.meta.url)), "..", "..");

/** The directory of the playbooks that come with the program. */
export const SHIPPED = join(PROGRAM, "playbooks");

// The playbook's file: one here, or one of those that come with the program.
export function playbookPath(name: string): string {
  if (isFile(name)) return resolve(name);
  for (const shipped of [join(SHIPPED, name), join(SHIPPED, `${name}.yml`)])
    if (!name.includes("/") && isFile(shipped)) return shipped;
  refuseOther(name);
  const known = shippedPlaybooks();
  throw new UnplacedError(
    `there is no playbook "${name}"`,
    didYouMean(name, [...besides(name), ...known]) ??
      `playbooks that come with hullwright: ${known.join(", ")}`,
  );
}

// Refuses what is there, but is no file.
function refuseOther(name: string): void {
  const link = attempt(() => lstatSync(name))?.isSymbolicLink() ?? false;
  const found = attempt(() => statSync(name));
  if (link && !found) throw new UnplacedError(`"${name}" is a link that leads nowhere`);
  if (!found) return;
  throw found.isDirectory()
    ? new UnplacedError(
        `"${name}" is a directory, not a playbook`,
        "name the file in it that contains the plays",
      )
    : new UnplacedError(`"${name}" is not a regular file`, "save the playbook in a file");
}

// The names of the playbooks that come with the program.
export function shippedPlaybooks(): string[] {
  return existsSync(SHIPPED) ? readdirSync(SHIPPED).filter((name) => name.endsWith(".yml")) : [];
}

// The playbooks in the directory in which one is looked for, as the user would write them.
function besides(name: string): string[] {
  const directory = dirname(name);
  if (!existsSync(directory)) return [];
  const files = readdirSync(directory).filter((file) => /\.ya?ml$/.test(file));
  return name.includes("/") ? files.map((file) => join(directory, file)) : files;
}

function isFile(path: string): boolean {
  return existsSync(path) && statSync(path).isFile();
}
