import { InputError, UnplacedError } from "../../errors.ts";
import { expandLimit } from "../../inventory/limit.ts";
import { loadInventory } from "../../inventory/load.ts";
import type { Group, Inventory } from "../../inventory/model.ts";
import { matchHosts } from "../../inventory/patterns.ts";
import { hostVars, sourceVars } from "../../inventory/precedence.ts";
import { tomlList } from "../../inventory/write-toml.ts";
import type { Decrypt, InventoryVariables } from "../../inventory/variable-files.ts";
import {
  parseTemplate,
  plainOrigin,
  renderTemplate,
  standardEnvironment,
} from "../../jinja/template.ts";
import { screen } from "../../report/screen.ts";

import { toValue } from "../../yaml/data.ts";
import type { YamlNode } from "../../yaml/node.ts";
import { readAnsibleConfig } from "../settings/ansible-cfg.ts";
import type { InventoryFlags } from "../settings/inventory-options.ts";
import { settledFlags } from "../settings/settled-flags.ts";
import { openVault } from "../vault/access.ts";
import { retryFile } from "../run/retry.ts";
import { defined } from "../../defined.ts";

/** An inventory as it will be printed. */
interface Shown {
  inventory: Inventory;
  /** The hosts that match. */
  hosts: ReadonlySet<string>;
  flags: InventoryFlags;
}

/** Variables that Ansible sets by itself, and that no inventory shows. */
const INTERNAL = new Set(["inventory_file", "inventory_dir"]);

// `hullwright inventory`: prints an inventory in the form of ansible-inventory. Exit
// code 0, or 1 for a mistake.
export async function inventoryCommand(given: InventoryFlags): Promise<number> {
  refuseBoth(given);
  const warn = (message: string): void => screen.warn(`warning: ${message}`);
  const vault = await openVault(given);
  const decrypt: Decrypt = (text, place) => vault.text(text, place);
  const sources = settledFlags({ ...given, verbose: 0 }, readAnsibleConfig(warn)).inventory ?? [];
  if (sources.length === 0)
    throw new UnplacedError(
      "no inventory is given",
      "name one with -i: a file, a directory, or hosts with a comma after them (-i host1,host2,)",
    );
  const inventory = await loadInventory(sources, warn, decrypt);
  const limit =
    given.limit === undefined ? undefined : await expandLimit(given.limit, retryFile("inventory"));
  const shown: Shown = {
    inventory,
    hosts: new Set(matchHosts(inventory, "all", limit, warn)),
    flags: given,
  };
  screen.tell("stdout", `${textOf(shown)}\n`);
  return 0;
}

// Refuses flags that exclude each other.
function refuseBoth({ list, graph, host, toml, yaml }: InventoryFlags): void {
  const ways = [list, graph, host].filter((way) => way !== undefined);
  if (ways.length > 1)
    throw new UnplacedError("--list, --graph and --host exclude each other", "give one of them");
  if (toml && (yaml || graph !== undefined || host !== undefined))
    throw new UnplacedError("--toml is a form of --list", "leave out --yaml, --graph and --host");
}

function textOf(shown: Shown): string {
  const { flags, inventory } = shown;
  if (flags.toml) {
    const { text, lost } = tomlList(inventory, shown.hosts, {
      ofHost: (name) => variablesOfHost(shown, name),
      ofGroup: (one) => (flags.export ? variablesOfGroup(shown, one) : {}),
    });
    if (lost.length > 0)
      screen.warn(`warning: TOML has no null, so these are left out: ${lost.join(", ")}`);
    return text;
  }
  if (flags.graph !== undefined) return graph(shown, groupNamed(inventory, flags.graph)).join("\n");
  const data =
    flags.host === undefined
      ? list(shown)
      : variablesOfHost(shown, hostNamed(inventory, flags.host));
  return flags.yaml
    ? yamlText(data)
    : rendered("{{ data | to_nice_json(ensure_ascii=false) }}", data);
}

function hostNamed(inventory: Inventory, name: string): string {
  if (inventory.hosts.has(name)) return name;
  throw new UnplacedError(
    `the inventory has no host "${name}"`,
    "--host takes the name of one host",
  );
}

function groupNamed(inventory: Inventory, name: true | string): Group {
  const group = inventory.groups.get(name === true ? "all" : name);
  if (group) return group;
  throw new InputError(`the inventory has no group "${String(name)}"`);
}

function list(shown: Shown): unknown {
  return shown.flags.yaml
    ? yamlGroup(shown, shown.inventory.groups.get("all")!, {
        groups: new Set(),
        hosts: new Set(),
      })
    : jsonList(shown);
}

// Groups with the names of their hosts and children, and the variables of all hosts.
function jsonList(shown: Shown): object {
  const { inventory } = shown;
  const groups: Record<string, object> = {};
  const seen = new Set<string>();
  const add = (group: Group): void => {
    for (const name of group.children) {
      if (seen.has(name)) continue;
      add(inventory.groups.get(name)!);
      seen.add(name);
    }
    const entry = jsonGroup(shown, group);
    if (Object.keys(entry).length > 0) groups[group.name] = entry;
  };
  add(inventory.groups.get("all")!);
  return { ...groups, _meta: { hostvars: jsonHostvars(shown) } };
}

// What --list says of a group: only what it has.
function jsonGroup(shown: Shown, group: Group): object {
  const { name, children } = group;
  const members = name === "all" ? [] : [...group.hosts].filter((host) => shown.hosts.has(host));
  const vars = shown.flags.export ? variablesOfGroup(shown, group) : {};
  return defined({
    hosts: members.length > 0 ? members : undefined,
    children: children.length > 0 ? children : undefined,
    vars: Object.keys(vars).length > 0 ? vars : undefined,
  });
}

// The variables of the hosts that have any.
function jsonHostvars(shown: Shown): Record<string, object> {
  const all = [...shown.hosts].map((name) => [name, variablesOfHost(shown, name)] as const);
  return Object.fromEntries(all.filter(([, vars]) => Object.keys(vars).length > 0));
}

interface Seen {
  groups: Set<string>;
  hosts: Set<string>;
}

// Nested groups, each host with its variables where it occurs first.
function yamlGroup(shown: Shown, group: Group, seen: Seen): Record<string, object> | undefined {
  const { inventory, flags } = shown;
  const own: Record<string, object> = {};
  const children: Record<string, object> = {};
  for (const name of group.children) {
    if (seen.groups.has(name)) children[name] = {};
    else Object.assign(children, yamlGroup(shown, inventory.groups.get(name)!, seen));
    seen.groups.add(name);
  }
  const members = yamlMembers(shown, group, seen);
  if (Object.keys(children).length > 0) own["children"] = children;
  if (Object.keys(members).length > 0) own["hosts"] = members;
  const vars = flags.export ? variablesOfGroup(shown, group) : {};
  if (Object.keys(vars).length > 0) own["vars"] = vars;
  return { [group.name]: own };
}

// The hosts of a group, each with its variables where it comes first.
function yamlMembers(shown: Shown, group: Group, seen: Seen): Record<string, object> {
  const members: Record<string, object> = {};
  for (const name of group.name === "all" ? [] : group.hosts) {
    if (!shown.hosts.has(name)) continue;
    members[name] = seen.hosts.has(name) ? {} : variablesOfHost(shown, name);
    seen.hosts.add(name);
  }
  return members;
}

// A tree of groups and hosts.
function graph(shown: Shown, group: Group, depth = 0): string[] {
  const { inventory, hosts, flags } = shown;
  const lines = [branch(`@${group.name}:`, depth)];
  for (const name of group.children)
    lines.push(...graph(shown, inventory.groups.get(name)!, depth + 1));
  for (const name of group.name === "all" ? [] : group.hosts) {
    if (!hosts.has(name)) continue;
    lines.push(branch(name, depth + 1));
    if (flags.vars) lines.push(...variableLines(variablesOfHost(shown, name), depth + 2));
  }
  if (flags.vars) lines.push(...variableLines(variablesOfGroup(shown, group), depth + 1));
  return lines;
}

function branch(text: string, depth: number): string {
  return depth === 0 ? text : `${"  |".repeat(depth)}--${text}`;
}

function variableLines(vars: Record<string, unknown>, depth: number): string[] {
  return Object.keys(vars)
    .toSorted()
    .map((name) => branch(`{${name} = ${rendered("{{ data }}", vars[name])}}`, depth));
}

// The variables of a host: all of them, or only its own if those of groups stay with the groups.
function variablesOfHost({ inventory, flags }: Shown, name: string): Record<string, unknown> {
  if (!flags.export) return valuesOf(hostVars(inventory, [], name));
  const own = [
    inventory.hosts.get(name)?.vars,
    ...inventory.folders.map((folder) => folder.hosts.get(name)),
  ];
  return valuesOf(sourceVars(own));
}

function variablesOfGroup(
  { inventory }: Shown,
  { name, vars, priority }: Group,
): Record<string, unknown> {
  const own = valuesOf(
    sourceVars([vars, ...inventory.folders.map((folder) => folder.groups.get(name))]),
  );
  return priority === 1 ? own : { ...own, ansible_group_priority: priority };
}

function valuesOf(vars: InventoryVariables): Record<string, unknown> {
  return Object.fromEntries(
    [...vars].filter(([name]) => !INTERNAL.has(name)).map(([name, node]) => [name, valueOf(node)]),
  );
}

// A value as written in the inventory; encrypted ones stay encrypted.
function valueOf(node: YamlNode): unknown {
  if (node.kind === "seq") return node.items.map(valueOf);
  if (node.kind === "map")
    return new Map(node.entries.map(({ key, value }) => [key.value, valueOf(value)]));
  return node.tag === "!vault" ? { __ansible_vault: String(node.value) } : toValue(node);
}

function yamlText(data: unknown): string {
  return rendered("{{ data | to_nice_yaml(indent=2) }}", data).replace(/\n$/, "");
}

// Data as Ansible's own filters write it.
function rendered(template: string, data: unknown): string {
  const env = standardEnvironment();
  const parsed = parseTemplate(template, plainOrigin("inventory", template));
  return String(
    renderTemplate(parsed, { lookup: (name) => (name === "data" ? data : undefined) }, env),
  );
}
