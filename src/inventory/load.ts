import { dirname, extname, join, resolve } from "node:path";
import { InputError, UnplacedError } from "../errors.ts";
import { didYouMean } from "../suggest.ts";
import { wrapScalar } from "../yaml/data.ts";
import { expandHosts } from "./address.ts";
import { kindOf, listFolder } from "./files.ts";
import { addGroup, addHost, emptyInventory } from "./model.ts";
import type { Inventory, WarnOfInventory } from "./model.ts";
import { readIniInventory } from "./read-ini.ts";
import { askProgram, programness, type Printed } from "./program.ts";
import { readTomlInventory } from "./read-toml.ts";
import { readYamlInventory } from "./read-yaml.ts";
import { reconcile } from "./reconcile.ts";
import { readDecrypted, variableFiles } from "./variable-files.ts";
import type { Decrypt } from "./variable-files.ts";

// The names that Ansible skips in a directory of inventories.
const IGNORED =
  /^\.|^(?:host_vars|group_vars|vars_plugins)$|(?:\.pyc|\.pyo|\.swp|\.bak|~|\.rpm|\.md|\.txt|\.rst|\.orig|\.ini|\.cfg|\.retry)$/;

// Loads inventories, each a file, a directory of them, or a list of hosts with a comma in it, and
// joins them; a later value of a variable wins. Then reads group_vars and host_vars next to each.
export async function loadInventory(
  sources: string[],
  warn: WarnOfInventory = () => {},
  decrypt?: Decrypt,
  printed?: Printed,
): Promise<Inventory> {
  const inventory = emptyInventory();
  const folders = new Set<string>();
  for (const source of sources) {
    const kind = await kindOf(source);
    if (!kind && source.includes(","))
      noteSource(inventory, () => readHostList(inventory, source), source, null);
    else await readSource(inventory, source, warn, decrypt, printed);
    if (kind) folders.add(resolve(kind === "folder" ? source : dirname(source)));
  }
  reconcile(inventory, warn);
  for (const folder of folders)
    inventory.folders.push(await variableFiles(folder, inventory, warn, decrypt));
  return inventory;
}

function readHostList(inventory: Inventory, list: string): void {
  const ungrouped = addGroup(inventory, "ungrouped");
  for (const match of list.matchAll(/[^,\s][^,]*/g)) {
    const place = { file: "-i", line: 1, column: match.index + 1, text: list };
    const { names, port } = expandHosts(match[0].trim(), place);
    for (const name of names)
      if (!inventory.hosts.has(name)) addHost(inventory, { name, port, place }, ungrouped);
  }
}

async function readSource(
  inventory: Inventory,
  source: string,
  warn: WarnOfInventory,
  decrypt?: Decrypt,
  printed?: Printed,
): Promise<void> {
  const kind = await kindOf(source);
  if (kind === "file") return readFileSource(inventory, source, warn, decrypt, printed);
  if (!kind) {
    const near = (await listFolder(dirname(source))).map((name) => besides(source, name));
    const meant = didYouMean(source, near);
    throw new UnplacedError(
      `there is no inventory ${source}`,
      `${meant === undefined ? "to" : `${meant} To`} give host names, add a trailing comma: -i ${source},`,
    );
  }
  const names = (await listFolder(source)).filter((name) => !IGNORED.test(name));
  if (names.length === 0) warn(`the directory ${source} contains no inventory`);
  for (const name of names) await readSource(inventory, join(source, name), warn, decrypt, printed);
}

// A file in the same directory as another one, as that is written.
function besides(path: string, name: string): string {
  return path.includes("/") ? join(dirname(path), name) : name;
}

async function readFileSource(
  inventory: Inventory,
  file: string,
  warn: WarnOfInventory,
  decrypt?: Decrypt,
  printed?: Printed,
): Promise<void> {
  const read = await readerOf(file, warn, decrypt, printed);
  noteSource(inventory, () => read(inventory), resolve(file), dirname(resolve(file)));
}

// What reads a file into an inventory: by its kind, or what it prints where it is a program.
async function readerOf(
  file: string,
  warn: WarnOfInventory,
  decrypt?: Decrypt,
  printed?: Printed,
): Promise<(inventory: Inventory) => void> {
  const program = await programness(file);
  if (program === "program") {
    await noteProgram(file, decrypt);
    return askProgram(file, printed);
  }
  const read = await staticReader(file, warn, decrypt);
  return program === "closed" ? (inventory) => orExecutable(() => read(inventory), file) : read;
}

// What reads a file that is no program.
async function staticReader(
  file: string,
  warn: WarnOfInventory,
  decrypt?: Decrypt,
): Promise<(inventory: Inventory) => void> {
  const text = await readDecrypted(file, decrypt);
  if (extname(file) === ".toml") return (inventory) => readTomlInventory(inventory, text, file);
  const read = isYaml(file, text) ? readYamlInventory : readIniInventory;
  return (inventory) => read(inventory, text, file, warn);
}

// Reads what begins as a program does, and is none for its mode: where it is no inventory either,
// that is the likely mistake.
function orExecutable(read: () => void, file: string): void {
  try {
    read();
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw new InputError(
      `${file} is not an inventory; it starts like a program, but is not executable: ${error.message}`,
      error.place,
      `chmod +x ${file}`,
    );
  }
}

// A program is a file of the run, too; one that is no text is not looked into.
async function noteProgram(file: string, decrypt?: Decrypt): Promise<void> {
  await decrypt?.("", { file, line: 1, column: 1 });
}

// A file whose name does not tell its format is YAML if its first line looks like
// it: ---, { or just a key.
function isYaml(file: string, text: string): boolean {
  if (/\.(?:ya?ml|json)$/.test(file)) return true;
  if (/\.(?:ini|cfg)$/.test(file)) return false;
  const first = text.split(/\r?\n/).find((line) => /^\s*[^\s#;]/.test(line)) ?? "";
  return /^(?:---|\{)/.test(first) || /^["']?[^\s[\]=:]+["']?:\s*(?:#.*|\{.*)?$/.test(first);
}

// Hosts know in which source they were first named, as inventory_file and inventory_dir.
function noteSource(
  inventory: Inventory,
  read: () => void,
  file: string,
  folder: string | null,
): void {
  const known = inventory.hosts.size;
  read();
  const place = { file, line: 1, column: 1 };
  const [fileNode, folderNode] = [wrapScalar(file, place), wrapScalar(folder, place)];
  for (const { vars } of [...inventory.hosts.values()].slice(known)) {
    if (!vars.has("inventory_file")) vars.set("inventory_file", fileNode);
    if (!vars.has("inventory_dir")) vars.set("inventory_dir", folderNode);
  }
}
