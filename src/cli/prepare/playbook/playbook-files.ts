import { dirname } from "node:path";
import { existsSync } from "../../../disk/reading.ts";
import { readText } from "../../../disk/text.ts";
import { InputError, UnplacedError, type Place } from "../../../errors.ts";
import type { VariableFolder } from "../../../inventory/model.ts";
import type { ControllerFiles } from "../../../controller/files.ts";
import type { PlaybookFiles } from "../../../playbook/load/load.ts";
import type { Vault } from "../../../vault/vault.ts";
import { listVariables } from "../../settings/list-variables.ts";
import type { LoadPaths } from "../../../playbook/load/loading.ts";

// What the playbook's reader may read.
export function playbookFiles(
  files: ControllerFiles,
  vault: Vault,
  paths: LoadPaths,
  onRead: (path: string) => void = () => {},
): PlaybookFiles {
  return {
    paths,
    list: listVariables,
    isThere: existsSync,
    find: (name, where, searchPath) => files.find(name, where, searchPath),
    read(path, from) {
      onRead(path);
      return readNamed(path, from, vault);
    },
  };
}

// Reads a file that a playbook names somewhere.
function readNamed(path: string, from: Place | undefined, vault: Vault): string {
  try {
    return readPlaybook(path, vault);
  } catch (error) {
    if (!(error instanceof InputError) || error.place) throw error;
    throw new InputError(error.message, from, error.hint);
  }
}

// The text of a file that the playbook's reader wants, decrypted if need be.
export function readPlaybook(path: string, vault: Vault): string {
  return vault.text(readText(path), { file: path, line: 1, column: 1 });
}

// The variables beside the playbooks. Where several directories have some, they would mix: Ansible
// has each for its own playbook.
export async function variablesBeside(
  books: readonly string[],
  load: (directory: string) => Promise<VariableFolder>,
): Promise<VariableFolder[]> {
  const found = await Promise.all(
    [...new Set(books.map((book) => dirname(book)))].map(async (directory) => ({
      directory,
      folder: await load(directory),
    })),
  );
  const filled = found.filter(({ folder }) => folder.groups.size + folder.hosts.size > 0);
  if (filled.length < 2) return found.map(({ folder }) => folder);
  const places = filled.map(({ directory }) => directory).join(" and ");
  throw new UnplacedError(
    `these playbooks have group_vars or host_vars of their own, in ${places}, so one command cannot run them together`,
    "run them one after another, or move group_vars and host_vars to the inventory",
  );
}
