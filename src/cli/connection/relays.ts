import { InputError } from "../../errors.ts";
import type { InventoryView } from "../../plan/model/fleet.ts";
import type { Variables } from "../../plan/model/variables.ts";

/** The variable that names the hosts from which a host fetches files. */
const RELAY = "ansible_relay";

// The relays of a host: the hosts of the inventory that its `ansible_relay` names, one or
// a list. Throws InputError.
export function relaysOf(host: string, variables: Variables, view: InventoryView): string[] {
  const node = variables.node(RELAY);
  if (!node) return [];
  const value = variables.with({ values: new Map([["groups", view.groups]]) }).lookup(RELAY);
  if (value === null || value === "") return [];
  const names: unknown[] = Array.isArray(value) ? value : [value];
  for (const name of names)
    if (typeof name !== "string" || !view.hosts.has(name))
      throw new InputError(
        `host "${host}": ${RELAY} names ${JSON.stringify(name)}, which is no host of the inventory`,
        node.place,
        `name a host, or a list of hosts such as "{{ groups['rack1'][:2] }}"`,
      );
  return names as string[];
}
