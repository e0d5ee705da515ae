import { wrapScalar } from "../yaml/data.ts";
import { localName } from "./model.ts";
import type { InventoryHost, Inventory, VariableFolder, InventoryVariables } from "./model.ts";

// The host of a name. The machine itself may be meant without standing in the inventory: then it is
// reached without SSH, is in no group, and `all` does not match it.
export function findHost(inventory: Inventory, name: string): InventoryHost | undefined {
  const local = localName(inventory, name);
  const known = inventory.hosts.get(local ?? name);
  if (known || local === undefined) return known;
  const place = { file: "the implicit localhost", line: 1, column: 1 };
  return {
    name,
    vars: new Map([["ansible_connection", wrapScalar("local", place)]]),
    groups: [],
    place,
  };
}

// All variables that inventory and files give a host, in the order of Ansible's "Understanding
// variable precedence", 3 to 10: each layer replaces values of those before it. The second argument
// is what is next to the playbook.
export function hostVars(
  inventory: Inventory,
  playbookFolders: VariableFolder[],
  hostName: string,
): InventoryVariables {
  const host = findHost(inventory, hostName);
  const groups = (host?.groups ?? []).filter((name) => name !== "all");
  const inSource = (names: string[]) => names.map((name) => inventory.groups.get(name)?.vars);
  const inFolders = (folders: VariableFolder[], names: string[]) =>
    folders.flatMap((folder) => names.map((name) => folder.groups.get(name)));
  return sourceVars([
    ...inSource(["all"]),
    ...inSource(groups),
    ...inFolders(inventory.folders, ["all"]),
    ...inFolders(playbookFolders, ["all"]),
    ...inFolders(inventory.folders, groups),
    ...inFolders(playbookFolders, groups),
    host?.vars,
    ...[...inventory.folders, ...playbookFolders].map((folder) =>
      folder.hosts.get(host?.name ?? hostName),
    ),
  ]);
}

// Merges layers of variables: each replaces what those before it set.
export function sourceVars(layers: (InventoryVariables | undefined)[]): InventoryVariables {
  const merged: InventoryVariables = new Map();
  for (const layer of layers) for (const [name, value] of layer ?? []) merged.set(name, value);
  return merged;
}

// The groups that a host is in, as the variable group_names has them: sorted, without `all`.
export function groupNames(inventory: Inventory, hostName: string): string[] {
  return (inventory.hosts.get(hostName)?.groups ?? []).filter((name) => name !== "all").toSorted();
}
