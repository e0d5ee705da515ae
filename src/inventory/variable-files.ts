import { extname, join } from "node:path";
import { InputError } from "../errors.ts";
import type { Place } from "../errors.ts";
import { loadYaml } from "../yaml/load.ts";
import { kindOf, listFolder, readText } from "./files.ts";
import { LOCAL_NAMES } from "../local-names.ts";
import type { Inventory, VariableFolder, InventoryVariables, WarnOfInventory } from "./model.ts";
import { variablesOf } from "./read-yaml.ts";

export type { InventoryVariables };

/**
 * Turns the text of a file into what it says: what ansible-vault encrypted into what it hides. It
 * sees every file that is read.
 */
export type Decrypt = (text: string, place: Place) => string | Promise<string>;

// The endings of a file of variables, in the order in which they are looked for.
const ENDINGS = ["", ".yml", ".yaml", ".json"];

// Reads those parts of a directory's group_vars and host_vars that belong to the groups
// and hosts of an inventory.
export async function variableFiles(
  folder: string,
  inventory: Inventory,
  warn: WarnOfInventory = () => {},
  decrypt?: Decrypt,
): Promise<VariableFolder> {
  const read = (path: string) => readVariables(path, warn, decrypt);
  const hosts = new Set([...inventory.hosts.keys(), ...LOCAL_NAMES]);
  return {
    groups: await readNamed(join(folder, "group_vars"), new Set(inventory.groups.keys()), read),
    hosts: await readNamed(join(folder, "host_vars"), hosts, read),
  };
}

/**
 * Variables by name. Mistakes in those of a name that the inventory does not have are reported
 * once a task makes that name.
 */
class NamedVariables extends Map<string, InventoryVariables> {
  readonly mistakes = new Map<string, unknown>();

  override get(name: string): InventoryVariables | undefined {
    if (this.mistakes.has(name)) throw this.mistakes.get(name);
    return super.get(name);
  }
}

// Reads the variables of all names in the directory, because tasks may make hosts and groups that
// the inventory does not have.
async function readNamed(
  folder: string,
  names: ReadonlySet<string>,
  read: (path: string) => Promise<InventoryVariables>,
): Promise<Map<string, InventoryVariables>> {
  const listed = new Set(await listFolder(folder));
  const found = new NamedVariables();
  for (const name of new Set([...names, ...[...listed].flatMap(laterName)])) {
    const ending = ENDINGS.find((candidate) => listed.has(name + candidate));
    if (ending === undefined) continue;
    try {
      found.set(name, await readMerged(join(folder, name + ending), read));
    } catch (error) {
      if (names.has(name)) throw error;
      found.mistakes.set(name, error);
    }
  }
  return found;
}

// The name that a file of variables is for; none for hidden files, and for those of other kinds.
function laterName(file: string): string[] {
  const ending = extname(file);
  if (file.startsWith(".") || file.endsWith("~")) return [];
  return ENDINGS.includes(ending) ? [file.slice(0, file.length - ending.length)] : [file];
}

// The variables of a file, or of all files in a directory, with later ones taking precedence.
async function readMerged(
  path: string,
  read: (path: string) => Promise<InventoryVariables>,
): Promise<InventoryVariables> {
  const merged: InventoryVariables = new Map();
  for (const one of await filesAt(path))
    for (const [key, value] of await read(one)) merged.set(key, value);
  return merged;
}

// A file itself, or all variable files in a directory and its subdirectories, in the order of their
// names; hidden files and backups are skipped.
async function filesAt(path: string): Promise<string[]> {
  if ((await kindOf(path)) !== "folder") return [path];
  const files: string[] = [];
  for (const name of await listFolder(path)) {
    if (name.startsWith(".") || name.endsWith("~")) continue;
    const inner = join(path, name);
    const kind = await kindOf(inner);
    if (kind === "folder" && extname(name) === "") files.push(...(await filesAt(inner)));
    else if (kind === "file" && ENDINGS.includes(extname(name))) files.push(inner);
  }
  return files;
}

// Reads one file of variables: a mapping in YAML or JSON, possibly encrypted as a whole.
export async function readVariables(
  path: string,
  warn: WarnOfInventory = () => {},
  decrypt?: Decrypt,
): Promise<InventoryVariables> {
  return variablesOf(
    loadYaml(await readDecrypted(path, decrypt), path, warn),
    "a file of variables",
  );
}

// The text of a file, decrypted where ansible-vault encrypted it as a whole.
export async function readDecrypted(path: string, decrypt?: Decrypt): Promise<string> {
  const raw = await readText(path);
  const place = { file: path, line: 1, column: 1, text: raw };
  const encrypted = raw.startsWith("$ANSIBLE_VAULT;");
  if (encrypted && !decrypt)
    throw new InputError(
      "this file is encrypted with ansible-vault",
      place,
      "give the password, with --vault-password-file or --ask-vault-pass",
    );
  return decrypt ? decrypt(raw, place) : raw;
}
