import { InputError } from "../errors.ts";
import type { Place } from "../errors.ts";
import { didYouMean } from "../suggest.ts";
import { nodeAt, wrapScalar } from "../yaml/data.ts";
import type { YamlNode } from "../yaml/node.ts";
import { YamlSource } from "../yaml/source.ts";
import { expandHosts } from "./address.ts";
import { addChild, addGroup, addHost, setGroupVar } from "./model.ts";
import type { Group, Inventory } from "./model.ts";
import { pythonLiteral } from "../jinja/python/literal.ts";
import { shellWords } from "./words.ts";

const SECTION = /^\[([^:\]\s]+)(?::(\w+))?\]\s*(?:#.*)?$/;
const GROUP_NAME = /^([^:\]\s]+)\s*(?:#.*)?$/;
const KINDS = ["hosts", "children", "vars"];

/** A line without the blanks around it, and its place. */
interface Line {
  text: string;
  place: Place;
}

/** What is known while the lines are read one after the other. */
interface Reading {
  inventory: Inventory;
  group: Group;
  kind: string;
  /** Groups named as children, or given variables, that no section has declared yet. */
  pending: Map<string, Pending>;
}

interface Pending {
  parents: string[];
  place: Place;
  why: string;
}

// Reads an inventory in Ansible's INI form: hosts with variables on their line, [group],
// [group:children], [group:vars]. Lines before the first section are hosts in no group.
export function readIniInventory(inventory: Inventory, text: string, file: string): void {
  const source = new YamlSource(file, text);
  const reading: Reading = {
    inventory,
    group: addGroup(inventory, "ungrouped"),
    kind: "hosts",
    pending: new Map(),
  };
  for (let number = 0; number === 0 || source.lineStart(number) < text.length; number++) {
    const raw = source.line(number);
    const line = {
      text: raw.trim(),
      place: source.place(source.lineStart(number) + raw.length - raw.trimStart().length),
    };
    if (line.text && !/^[#;]/.test(line.text)) readLine(reading, line);
  }
  refuseUndeclared(reading);
}

// Refuses a group that is used in the file, but that no section declares.
function refuseUndeclared({ pending, inventory }: Reading): void {
  for (const [name, { place, why }] of pending) {
    const others = [...inventory.groups.keys()].filter((known) => known !== name);
    throw new InputError(
      `${why} "${name}", but no section declares that group`,
      place,
      didYouMean(name, others) ?? `add a section [${name}]`,
    );
  }
}

function readLine(reading: Reading, line: Line): void {
  if (/^\[.*\](?:\s*#.*)?$/.test(line.text) && (SECTION.test(line.text) || line.text.endsWith("]")))
    openSection(reading, line);
  else if (reading.kind === "hosts") readHost(reading, line);
  else if (reading.kind === "vars") readVariable(reading, line);
  else readChild(reading, line);
}

// [name] and [name:children] declare a group; [name:vars] needs it declared
// elsewhere, before or after.
function openSection(reading: Reading, { text, place }: Line): void {
  const { name, kind } = readSection(text, place);
  const known = reading.inventory.groups.has(name);
  if (kind === "vars" && !known && !reading.pending.has(name))
    reading.pending.set(name, { parents: [], place, why: "variables are given for" });
  reading.group = addGroup(reading.inventory, name, place);
  reading.kind = kind;
  if (kind !== "vars") declare(reading, name);
}

// The group and the kind of a section.
function readSection(text: string, place: Place): { name: string; kind: string } {
  const [, name, kind = "hosts"] = SECTION.exec(text) ?? [];
  if (name === undefined)
    throw new InputError(
      `"${text}" is not a section`,
      place,
      "write [group], [group:children] or [group:vars], without spaces",
    );
  if (!KINDS.includes(kind))
    throw new InputError(
      `a section of kind "${kind}" does not exist`,
      place,
      didYouMean(kind, KINDS) ?? "write [group], [group:children] or [group:vars]",
    );
  return { name, kind };
}

function declare({ inventory, pending }: Reading, name: string): void {
  const waiting = pending.get(name);
  pending.delete(name);
  for (const parent of waiting?.parents ?? []) addChild(inventory, parent, name, waiting!.place);
}

function readChild({ inventory, group, pending }: Reading, { text, place }: Line): void {
  const name = GROUP_NAME.exec(text)?.[1];
  if (name === undefined)
    throw new InputError(
      `"${text}" is not the name of a group`,
      place,
      `write one group per line under [${group.name}:children]`,
    );
  const waiting = pending.get(name);
  if (waiting) waiting.parents.push(group.name);
  else if (inventory.groups.has(name)) addChild(inventory, group.name, name, place);
  else pending.set(name, { parents: [group.name], place, why: `"${group.name}" has the child` });
}

function readVariable({ group }: Reading, { text, place }: Line): void {
  const equals = text.indexOf("=");
  if (equals < 0)
    throw new InputError(
      `"${text}" is not name=value`,
      place,
      `write one name=value per line under [${group.name}:vars]`,
    );
  const value = text.slice(equals + 1).trim();
  const offset = equals + 1 + text.slice(equals + 1).search(/\S|$/);
  setGroupVar(group, text.slice(0, equals).trim(), valueNode(value, shift(place, offset), true));
}

function readHost({ inventory, group }: Reading, { text, place }: Line): void {
  const words = shellWords(text, { comments: true });
  if (!words)
    throw new InputError(
      "this line has an unclosed quote, or ends with a backslash",
      place,
      "close the quote, or put a backslash before it",
    );
  const [first, ...rest] = words;
  if (!first) return;
  if (first.text === "---")
    throw new InputError(
      '"---" begins a YAML file, but this is read as INI',
      place,
      "give the file a name that ends in .yml",
    );
  const { names, port } = expandHosts(first.text, place);
  const hosts = names.map((name) => addHost(inventory, { name, port, place }, group));
  for (const word of rest) {
    const equals = word.text.indexOf("=");
    const at = shift(place, word.start);
    if (equals < 0)
      throw new InputError(
        `"${word.text}" is not name=value`,
        at,
        "write one host per line, followed by variables as name=value",
      );
    const value = valueNode(word.text.slice(equals + 1), shift(at, equals + 1), !word.quoted);
    for (const host of hosts) host.vars.set(word.text.slice(0, equals), value);
  }
}

// A value is a Python literal if it can be read as one, otherwise a string. A string that is in the
// file literally knows the position of each of its characters.
function valueNode(text: string, place: Place, asWritten: boolean): YamlNode {
  const literal = pythonLiteral(text);
  if (literal) return nodeAt(literal.value, place);
  return { ...wrapScalar(text, place), at: (offset) => (asWritten ? shift(place, offset) : place) };
}

function shift(place: Place, columns: number): Place {
  return { ...place, column: place.column + columns };
}
