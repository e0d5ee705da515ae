import type { Place } from "../../errors.ts";
import type { Inventory, VariableFolder } from "../../inventory/model.ts";
import type { Item, Playbook } from "../../playbook/play.ts";
import { closest } from "../../suggest.ts";
import type { YamlNode } from "../../yaml/node.ts";
import { CONNECTION_VARIABLES, unheard } from "./connection-variables.ts";

type Nodes = ReadonlyMap<string, YamlNode>;

const PREFIX = "ansible_";
/** Variables of Ansible that say nothing of a connection, and look as if they did. */
const OTHERS = new Set(["ansible_ssh_host_key_rsa_public", "ansible_facts", "ansible_local"]);
/** What follows the prefix in all variables about how a host is reached, or as which user. */
const KNOWN = Object.keys(CONNECTION_VARIABLES).map((name) => name.slice(PREFIX.length));

// The variable of a connection that was probably meant by a name that is none; undefined: the
// name is one, or is like none.
export function meantVariable(name: string): string | undefined {
  if (!name.startsWith(PREFIX) || Object.hasOwn(CONNECTION_VARIABLES, name) || OTHERS.has(name))
    return undefined;
  const meant = closest(name.slice(PREFIX.length), KNOWN);
  return meant === undefined ? undefined : `${PREFIX}${meant}`;
}

// Warns once for each name that is probably a misspelt connection variable, which nothing
// would read. A name that a playbook or a template uses is the author's own variable.
// `uses` says whether that is so.
export function warnOfNearMisses(
  layers: Iterable<Nodes>,
  uses: (name: string) => boolean,
  warn: (message: string, place?: Place) => void,
): void {
  const told = new Set<string>();
  for (const nodes of layers) {
    for (const [name, node] of nodes) {
      if (!name.startsWith(PREFIX) || told.has(name)) continue;
      told.add(name);
      const meant = meantVariable(name);
      if (meant !== undefined && !uses(name))
        warn(`nothing heeds the variable ${name}: did you mean "${meant}"?`, node.place);
    }
  }
}

// All variables that inventory, files and playbook set, layer by layer.
export function* variableLayers(
  inventory: Inventory,
  folders: readonly VariableFolder[],
  { plays }: Playbook,
): Iterable<Nodes> {
  for (const { vars } of inventory.groups.values()) yield vars;
  for (const { vars } of inventory.hosts.values()) yield vars;
  for (const { groups, hosts } of [...inventory.folders, ...folders])
    yield* [...groups.values(), ...hosts.values()];
  yield* playbookLayers(plays);
}

// Warns once of each variable that Ansible would heed and we do not, and that plays, blocks, tasks
// or roles set: those of hosts are refused where a host has them.
export function warnOfUnsupported(
  { plays }: Playbook,
  warn: (message: string, place?: Place) => void,
): void {
  const told = new Set<string>();
  for (const nodes of playbookLayers(plays))
    for (const [name, node] of nodes) {
      const note = told.has(name) ? undefined : unheard(name, node);
      if (note === undefined) continue;
      told.add(name);
      warn(`nothing heeds the variable ${name}, which is not supported: ${note}`, node.place);
    }
}

// Items with all that is in them: the tasks of blocks, and what includes bring
// as far as that is known.
function withinItems(items: readonly Item[]): Item[] {
  return items.flatMap((item) => {
    if (item.kind === "block")
      return [item, ...withinItems([...item.block, ...item.rescue, ...item.always])];
    return item.kind === "include" ? [item, ...withinItems(item.known?.items ?? [])] : [item];
  });
}

function* playbookLayers(plays: Playbook["plays"]): Iterable<Nodes> {
  for (const play of plays) {
    yield play.vars;
    for (const { vars, role } of withinItems(play.sections.flatMap(({ items }) => items))) {
      yield vars;
      if (role) yield* [role.defaults, role.vars, role.given, role.params];
    }
  }
}
