import { execFile } from "node:child_process";
import { resolve } from "node:path";
import { noteUnrepeatable } from "../disk/reading.ts";
import { InputError, type Place } from "../errors.ts";
import { loadYaml } from "../yaml/load.ts";
import { kindName, mapGet, type MapNode, type YamlNode } from "../yaml/node.ts";
import { isExecutable, readBeginning } from "./files.ts";
import { addChild, addGroup, addHost, setGroupVar, type Inventory } from "./model.ts";
import { variablesOf } from "./read-yaml.ts";

const AT_ONCE = 8;
const MOST_BYTES = 256 * 1024 * 1024;
const GROUP_KEYS = ["hosts", "vars", "children"];

/** How programs begin: a script, or one of Linux itself. */
const BEGINNINGS = ["#!", "\x7fELF"];

/** What programs printed, by their command lines; it is not asked for again. */
export type Printed = Map<string, string>;

/**
 * Whether a file is a program that prints an inventory, or would be one if it could be executed.
 */
export type Programness = "program" | "closed" | undefined;

// Recognises it by the beginning of the file, and by its mode. A file that is not executable is
// read as text, as in Ansible.
export async function programness(file: string): Promise<Programness> {
  const begin = await readBeginning(file, 4);
  if (!BEGINNINGS.some((one) => begin.startsWith(one))) return undefined;
  return (await isExecutable(file)) ? "program" : "closed";
}

/**
 * Asks a program for its inventory, as Ansible does: with --list for the groups, and for the
 * variables with --host for each host where `_meta` does not have them. Answers what reads it into
 * an inventory. Throws InputError.
 */
export async function askProgram(
  file: string,
  printed: Printed = new Map(),
): Promise<(inventory: Inventory) => void> {
  const groups = await ask(file, ["--list"], printed);
  const meta = mapGet(groups, "_meta");
  const known = meta?.kind === "map" ? mapGet(meta, "hostvars") : undefined;
  const entries = groups.entries.filter(({ key }) => key.value !== "_meta");
  const hosts = new Set(
    entries.flatMap(({ key, value }) => hostsOf(String(key.value), value).map(textOf)),
  );
  const vars = new Map<string, YamlNode | undefined>();
  if (known?.kind === "map") for (const host of hosts) vars.set(host, mapGet(known, host));
  else await askHosts(file, hosts, vars, printed);
  return (inventory) => {
    for (const { key, value } of entries) readGroup(inventory, String(key.value), value);
    for (const [name, node] of vars)
      for (const [variable, content] of variablesOf(node, `the variables of the host "${name}"`))
        inventory.hosts.get(name)!.vars.set(variable, content);
  };
}

// Asks for the variables of each host, some at once.
async function askHosts(
  file: string,
  hosts: ReadonlySet<string>,
  vars: Map<string, YamlNode | undefined>,
  printed: Printed,
): Promise<void> {
  for (const host of hosts) vars.set(host, undefined);
  const queue = [...hosts];
  const worker = async (): Promise<void> => {
    for (let host = queue.shift(); host !== undefined; host = queue.shift())
      vars.set(host, await ask(file, ["--host", host], printed, true));
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, queue.length) }, worker));
}

function readGroup(inventory: Inventory, name: string, body: YamlNode): void {
  const group = addGroup(inventory, name, body.place);
  for (const host of hostsOf(name, body))
    addHost(inventory, { name: textOf(host), place: host.place }, group);
  if (body.kind !== "map") return;
  const isHost = !GROUP_KEYS.some((key) => mapGet(body, key));
  const vars = isHost ? body : mapGet(body, "vars");
  for (const [key, value] of variablesOf(vars, `the vars of the group "${name}"`))
    setGroupVar(group, key, value);
  for (const child of listOf(mapGet(body, "children"), `children of the group "${name}"`))
    addChild(inventory, name, addGroup(inventory, textOf(child), child.place).name, child.place);
}

// The hosts of a group: a list has them directly, and a mapping of variables alone is for
// the host of the same name.
function hostsOf(name: string, body: YamlNode): readonly YamlNode[] {
  if (body.kind !== "map") return listOf(body, `the group "${name}"`);
  if (!GROUP_KEYS.some((key) => mapGet(body, key)))
    return [
      { kind: "scalar", value: name, style: "plain", place: body.place, at: () => body.place },
    ];
  return listOf(mapGet(body, "hosts"), `hosts of the group "${name}"`);
}

function listOf(node: YamlNode | undefined, what: string): readonly YamlNode[] {
  if (node === undefined) return [];
  if (node.kind === "seq") return node.items;
  throw new InputError(`${what} must be a list, not ${kindName(node)}`, node.place);
}

function textOf(node: YamlNode): string {
  if (node.kind === "scalar" && node.value !== null) return String(node.value);
  throw new InputError(`a name must be text, not ${kindName(node)}`, node.place);
}

// What the program prints, which must be a mapping in JSON.
async function ask(
  file: string,
  words: readonly string[],
  printed: Printed,
  mayBeEmpty = false,
): Promise<MapNode> {
  const command = [file, ...words].join(" ");
  const text = printed.get(command) ?? (await run(file, words, command));
  printed.set(command, text);
  const at = { file: command, line: 1, column: 1, text };
  if (mayBeEmpty && text.trim() === "") return { kind: "map", entries: [], place: at };
  refuseOtherThanJson(text, at, command);
  const node = loadYaml(text, command);
  if (node?.kind === "map") return node;
  throw new InputError("the inventory program must print a JSON object", at);
}

function refuseOtherThanJson(text: string, at: Place, command: string): void {
  try {
    JSON.parse(text);
  } catch (error) {
    throw new InputError(
      `the inventory program does not print JSON: ${(error as Error).message}`,
      at,
      `run it by hand: ${command}`,
    );
  }
}

function run(file: string, words: readonly string[], command: string): Promise<string> {
  return new Promise((done, fail) => {
    const options = { encoding: "utf8", maxBuffer: MOST_BYTES } as const;
    noteUnrepeatable(`${file} was run`);
    execFile(resolve(file), words, options, (error, stdout, stderr) => {
      if (!error) return done(stdout);
      const isForbidden = (error as NodeJS.ErrnoException).code === "EACCES";
      const said = stderr.trim().split("\n").slice(-3).join("; ");
      const why = isForbidden ? "it is not executable" : said || error.message;
      const hint = isForbidden ? `chmod +x ${file}` : `run it by hand: ${command}`;
      const place = { file, line: 1, column: 1 };
      fail(new InputError(`the inventory program failed: ${why}`, place, hint));
    });
  });
}
