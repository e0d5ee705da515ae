import { InputError } from "../errors.ts";
import { addGroup, addHost, emptyInventory } from "./model.ts";
import { matchHosts } from "./patterns.ts";
import { insteadOf } from "../instead-of.ts";

const NOWHERE = { file: "groups", line: 1, column: 1 };

// The hosts that patterns name, of groups as the variable `groups` has them; a pattern
// that is wrong names none.
export function namedHosts(
  patterns: readonly string[],
  groups: ReadonlyMap<string, readonly string[]>,
): string[] {
  const inventory = emptyInventory();
  for (const [name, hosts] of groups) {
    const group = addGroup(inventory, name);
    for (const host of hosts) addHost(inventory, { name: host, place: NOWHERE }, group);
  }
  return insteadOf([InputError], [], () => matchHosts(inventory, [...patterns]));
}
