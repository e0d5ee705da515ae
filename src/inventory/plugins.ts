import { InputError } from "../errors.ts";
import {
  evaluateExpression,
  Float,
  isTruthy,
  renderValue,
  standardEnvironment,
  type Scope,
} from "../jinja/template.ts";
import { Unknown } from "../value.ts";
import { nodeAt, toValue, wrapScalar } from "../yaml/data.ts";
import { kindName, mapGet, type MapEntry, type MapNode, type YamlNode } from "../yaml/node.ts";
import { withAdditions } from "./additions.ts";
import { addChild, addGroup, addHost, setGroupVar, type Inventory } from "./model.ts";
import { groupNames, hostVars } from "./precedence.ts";

/** The plugins of ansible-core that make groups and hosts of their own, by name. */
const PLUGINS: Readonly<Record<string, (inventory: Inventory, root: MapNode) => void>> = {
  constructed,
  generator,
};

// Whether YAML is meant for an inventory plugin.
export function pluginOf(root: YamlNode | undefined): MapEntry | undefined {
  return root?.kind === "map" ? root.entries.find(({ key }) => key.value === "plugin") : undefined;
}

// Runs the plugin that a file of an inventory is for. Throws InputError.
export function runPlugin(
  inventory: Inventory,
  root: MapNode,
  plugin: MapEntry,
  file: string,
): void {
  const name = String(plugin.value.kind === "scalar" ? plugin.value.value : "");
  const run = Object.entries(PLUGINS).find(
    ([one]) => one === name.replace(/^ansible\.(builtin|legacy)\./, ""),
  )?.[1];
  if (!run)
    throw new InputError(
      `the inventory plugin "${name}" is not here`,
      plugin.key.place,
      `constructed and generator are; save its output: ansible-inventory -i ${file} --list --yaml > inventory.yml`,
    );
  run(inventory, root);
}

/** Variables of one host, as expressions of a plugin see them. */
class HostScope implements Scope {
  private readonly vars: ReadonlyMap<string, YamlNode>;
  private readonly values: Map<string, unknown>;
  private readonly path: string[] = [];

  constructor(vars: ReadonlyMap<string, YamlNode>, values: Iterable<readonly [string, unknown]>) {
    this.vars = vars;
    this.values = new Map(values);
  }

  lookup(name: string): unknown {
    if (this.values.has(name)) return this.values.get(name);
    const node = this.vars.get(name);
    if (!node || this.path.includes(name)) return undefined;
    this.path.push(name);
    const value =
      node.kind === "scalar" && typeof node.value === "string"
        ? renderValue(node.value, node, this, ENVIRONMENT)
        : toValue(node);
    this.path.pop();
    this.values.set(name, value);
    return value;
  }

  set(name: string, value: unknown): void {
    this.values.set(name, value);
  }
}

const ENVIRONMENT = standardEnvironment();

// The plugin constructed: variables (compose) and groups (groups, keyed_groups) from expressions
// over the hosts known so far.
function constructed(inventory: Inventory, root: MapNode): void {
  const strict = isOn(mapGet(root, "strict"));
  const compose = entriesOf(mapGet(root, "compose"));
  const groups = entriesOf(mapGet(root, "groups"));
  const keyed = itemsOf(mapGet(root, "keyed_groups"));
  const leads = !isOff(mapGet(root, "leading_separator"));
  const now = withAdditions(inventory, []);
  for (const [name, host] of inventory.hosts) {
    const scope = new HostScope(hostVars(now, [], name), [
      ["inventory_hostname", name],
      ["inventory_hostname_short", name.split(".")[0]],
      ["group_names", groupNames(now, name)],
    ]);
    for (const { key, value } of compose) {
      const made = evaluated(value, scope, strict);
      if (made === undefined) continue;
      const text = asTemplates(made.value);
      host.vars.set(String(key.value), nodeAt(text, value.place));
      scope.set(String(key.value), text);
    }
    for (const { key, value } of groups) {
      const holds = evaluated(value, scope, strict);
      if (holds && isTrue(holds.value)) join(inventory, name, safe(String(key.value)), value);
    }
    for (const one of keyed) joinKeyed(inventory, name, one, { scope, strict, leads });
  }
}

// What a template makes of a value: numbers become text.
function asTemplates(value: unknown): unknown {
  if (typeof value !== "number" && !(value instanceof Float)) return value;
  return String(value instanceof Float ? value.value : value);
}

interface Keyed {
  scope: HostScope;
  strict: boolean;
  leads: boolean;
}

// Puts a host into the groups that one entry of keyed_groups makes of a value.
function joinKeyed(
  inventory: Inventory,
  host: string,
  one: MapNode,
  { scope, strict, leads }: Keyed,
): void {
  const text = (name: string): string | undefined => {
    const node = mapGet(one, name);
    return node?.kind === "scalar" && node.value !== null ? String(node.value) : undefined;
  };
  const node = mapGet(one, "key");
  if (!node) throw new InputError("an entry of keyed_groups needs a key", one.place);
  const key = evaluated(node, scope, strict)?.value;
  const fallback = text("default_value");
  const trails = !isOff(mapGet(one, "trailing_separator"));
  if (!key && !(key === "" && fallback !== undefined)) {
    if (strict && key !== "" && key !== null)
      throw new InputError(`no key, or an empty one, for host "${host}"`, node.place);
    return;
  }
  const prefix = text("prefix") ?? "";
  const separator = text("separator") ?? "_";
  const parent = text("parent_group");
  const within =
    parent === undefined
      ? undefined
      : renderValue(parent, wrapScalar(parent, one.place), scope, ENVIRONMENT);
  for (const bare of bareNames(key, { separator, fallback, trails, place: node })) {
    const between = prefix === "" && !leads ? "" : separator;
    const group = join(inventory, host, safe(`${prefix}${between}${bare}`), node);
    if (within === undefined || within === "") continue;
    const above = addGroup(inventory, safe(String(within)), one.place);
    addChild(inventory, above.name, group, one.place);
  }
}

// The names that a value yields: itself, its items, or its keys with their values.
function bareNames(
  key: unknown,
  how: { separator: string; fallback: string | undefined; trails: boolean; place: YamlNode },
): string[] {
  const { separator, fallback, trails } = how;
  const forEmpty = fallback === undefined ? [] : [fallback];
  const orFallback = (one: unknown): string[] => (one === "" ? forEmpty : [String(one)]);
  if (typeof key === "string") return orFallback(key);
  if (Array.isArray(key)) return key.flatMap(orFallback);
  if (typeof key === "object" && key !== null) {
    const pairs = key instanceof Map ? [...(key as Map<unknown, unknown>)] : Object.entries(key);
    return pairs.map(([name, value]) => {
      if (value === "" && fallback !== undefined) return `${String(name)}${separator}${fallback}`;
      return value === "" && !trails ? String(name) : `${String(name)}${separator}${String(value)}`;
    });
  }
  throw new InputError(
    `a key of keyed_groups must be text, a list or a mapping, but here it is ${String(key)}`,
    how.place.place,
    "make it a text: key | string",
  );
}

function join(inventory: Inventory, host: string, name: string, { place }: YamlNode): string {
  const group = addGroup(inventory, name, place);
  addHost(inventory, { name: host, place }, group);
  return group.name;
}

// The value of an expression; undefined where it cannot be had, unless that is a mistake (strict).
function evaluated(
  node: YamlNode,
  scope: HostScope,
  strict: boolean,
): { value: unknown } | undefined {
  try {
    const value =
      node.kind === "scalar" && typeof node.value === "string"
        ? evaluateExpression(node.value, node, scope, ENVIRONMENT)
        : toValue(node);
    return value instanceof Unknown ? undefined : { value };
  } catch (error) {
    if (strict || !(error instanceof InputError)) throw error;
    return undefined;
  }
}

// The plugin generator: a host for each combination of the layers, with groups above it.
function generator(inventory: Inventory, root: MapNode): void {
  const layers = entriesOf(mapGet(root, "layers")).map(({ key, value }) =>
    (value.kind === "seq" ? value.items : []).map(
      (item) => [String(key.value), toValue(item)] as const,
    ),
  );
  const hosts = mapGet(root, "hosts");
  if (hosts?.kind !== "map") throw new InputError("the plugin generator needs hosts", root.place);
  const combinations = layers.reduce<(readonly [string, unknown])[][]>(
    (made, layer) => made.flatMap((one) => layer.map((pair) => [...one, pair])),
    [[]],
  );
  for (const values of combinations) {
    const scope = new HostScope(new Map(), values);
    const name = rendered(mapGet(hosts, "name"), hosts, scope);
    addHost(inventory, { name, place: hosts.place }, inventory.groups.get("all")!);
    addParents(inventory, name, mapGet(hosts, "parents"), scope, true);
  }
}

// Puts a host, or a group, into the groups above it.
function addParents(
  inventory: Inventory,
  child: string,
  parents: YamlNode | undefined,
  scope: HostScope,
  isHost = false,
): void {
  for (const parent of itemsOf(parents)) {
    const group = addGroup(
      inventory,
      rendered(mapGet(parent, "name"), parent, scope),
      parent.place,
    );
    for (const { key, value } of entriesOf(mapGet(parent, "vars"))) {
      const made =
        value.kind === "scalar"
          ? renderValue(String(value.value), value, scope, ENVIRONMENT)
          : toValue(value);
      setGroupVar(group, String(key.value), nodeAt(made, value.place));
    }
    if (isHost) addHost(inventory, { name: child, place: parent.place }, group);
    else addChild(inventory, group.name, child, parent.place);
    addParents(inventory, group.name, mapGet(parent, "parents"), scope);
  }
}

function rendered(node: YamlNode | undefined, owner: YamlNode, scope: HostScope): string {
  if (node?.kind !== "scalar" || node.value === null)
    throw new InputError("this needs a name", owner.place);
  return String(renderValue(String(node.value), node, scope, ENVIRONMENT));
}

// A name that groups may have: Ansible puts _ for all that a variable's name may not hold.
function safe(name: string): string {
  return name.replace(/^[^\p{L}_]|[^\p{L}\p{N}_]/gu, "_");
}

function isTrue(value: unknown): boolean {
  return isTruthy(value);
}

function isOn(node: YamlNode | undefined): boolean {
  return node?.kind === "scalar" && /^(true|yes|on|1)$/i.test(String(node.value));
}

function isOff(node: YamlNode | undefined): boolean {
  return node?.kind === "scalar" && /^(false|no|off|0)$/i.test(String(node.value));
}

function entriesOf(node: YamlNode | undefined): MapEntry[] {
  if (node === undefined || (node.kind === "scalar" && node.value === null)) return [];
  if (node.kind === "map") return node.entries;
  throw new InputError(`this must be a mapping, not ${kindName(node)}`, node.place);
}

function itemsOf(node: YamlNode | undefined): MapNode[] {
  if (node === undefined || (node.kind === "scalar" && node.value === null)) return [];
  if (node.kind !== "seq")
    throw new InputError(`this must be a list, not ${kindName(node)}`, node.place);
  return node.items.map((item) => {
    if (item.kind === "map") return item;
    throw new InputError(`this must be a mapping, not ${kindName(item)}`, item.place);
  });
}
