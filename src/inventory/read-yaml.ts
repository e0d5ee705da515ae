import { InputError } from "../errors.ts";
import { didYouMean } from "../suggest.ts";
import { loadYaml } from "../yaml/load.ts";
import { kindName } from "../yaml/node.ts";
import type { MapEntry, MapNode, ScalarNode, YamlNode } from "../yaml/node.ts";
import { expandHosts } from "./address.ts";
import { addChild, addGroup, addHost, setGroupVar } from "./model.ts";
import { pluginOf, runPlugin } from "./plugins.ts";
import type { Group, Inventory, InventoryVariables, WarnOfInventory } from "./model.ts";

const GROUP_KEYS = ["hosts", "vars", "children"];

// Reads an inventory in YAML (or JSON): groups by name, each with hosts, vars and children.
export function readYamlInventory(
  inventory: Inventory,
  text: string,
  file: string,
  warn: WarnOfInventory,
): void {
  const root = loadYaml(text, file, warn);
  if (!root) return warn("this inventory is empty", { file, line: 1, column: 1 });
  if (root.kind !== "map") {
    const hint = "begin with all:, and under it hosts: with one key for each host";
    throw new InputError(
      `an inventory is a mapping of groups, but this is ${kindName(root)}`,
      root.place,
      hint,
    );
  }
  const plugin = pluginOf(root);
  if (plugin) runPlugin(inventory, root, plugin, file);
  else readGroups(inventory, root);
}

// Reads groups by name.
export function readGroups(inventory: Inventory, root: MapNode): void {
  for (const entry of root.entries) readGroup(inventory, entry);
}

function readGroup(inventory: Inventory, { key, value }: MapEntry): void {
  const group = addGroup(inventory, textKey(key, "the name of a group"), key.place);
  const body = mappingOf(
    value,
    `the group "${group.name}"`,
    "write hosts:, vars: or children: under it",
  );
  for (const { key: section, value: content } of body?.entries ?? []) {
    if (section.value === "vars") readGroupVars(group, content);
    else if (section.value === "children") readChildren(inventory, group, content);
    else if (section.value === "hosts") readHosts(inventory, group, content);
    else throw unknownSection(group, section, content);
  }
}

// The likely slip is a group or host written straight under a group.
function unknownSection(group: Group, section: ScalarNode, content: YamlNode): InputError {
  const name = String(section.value);
  const hint = `keys of a group are hosts, vars and children; "${name}" probably belongs under ${likelySection(content)}:`;
  return new InputError(
    `a group has no key "${name}" (in the group "${group.name}")`,
    section.place,
    didYouMean(name, GROUP_KEYS) ?? hint,
  );
}

function likelySection(content: YamlNode): string {
  if (content.kind === "map")
    return content.entries.some((entry) => GROUP_KEYS.includes(String(entry.key.value)))
      ? "children"
      : "hosts";
  return content.kind === "scalar" && content.value === null ? "hosts" : "vars";
}

function readGroupVars(group: Group, content: YamlNode): void {
  for (const [name, value] of variablesOf(content, `the vars of the group "${group.name}"`))
    setGroupVar(group, name, value);
}

function readChildren(inventory: Inventory, group: Group, content: YamlNode): void {
  for (const entry of membersOf(content, "children", group)) {
    const child = addGroup(inventory, textKey(entry.key, "the name of a group"), entry.key.place);
    addChild(inventory, group.name, child.name, entry.key.place);
    readGroup(inventory, entry);
  }
}

function readHosts(inventory: Inventory, group: Group, content: YamlNode): void {
  for (const { key, value } of membersOf(content, "hosts", group)) {
    const { names, port } = expandHosts(textKey(key, "the name of a host"), key.place);
    const vars = variablesOf(value, `the variables of the host "${key.value}"`);
    for (const name of names) {
      const host = addHost(inventory, { name, port, place: key.place }, group);
      for (const [variable, node] of vars) host.vars.set(variable, node);
    }
  }
}

// The value of hosts or children: a mapping, nothing, or a single name.
function membersOf(content: YamlNode, section: "hosts" | "children", group: Group): MapEntry[] {
  if (content.kind === "scalar" && typeof content.value === "string")
    return [{ key: content, value: { ...content, value: null } }];
  const hint =
    content.kind === "seq"
      ? "write each name as a key that ends with a colon, without the dash"
      : "write each name as a key that ends with a colon";
  return mappingOf(content, `${section} of the group "${group.name}"`, hint)?.entries ?? [];
}

function mappingOf(node: YamlNode, what: string, hint: string): MapNode | undefined {
  if (node.kind === "map") return node;
  if (node.kind === "scalar" && node.value === null) return undefined;
  throw new InputError(`${what} must be a mapping, not ${kindName(node)}`, node.place, hint);
}

// Variables from a node that must be a mapping, or nothing at all.
export function variablesOf(node: YamlNode | undefined, what: string): InventoryVariables {
  const map = node && mappingOf(node, what, "write name: value, one line for each variable");
  return new Map(
    (map?.entries ?? []).map(({ key, value }) => [textKey(key, "the name of a variable"), value]),
  );
}

function textKey(key: ScalarNode, what: string): string {
  if (typeof key.value === "string" && key.value !== "") return key.value;
  throw new InputError(
    `${what} must be text, not ${kindName(key)}`,
    key.place,
    `quote it: "${key.value ?? ""}"`,
  );
}
