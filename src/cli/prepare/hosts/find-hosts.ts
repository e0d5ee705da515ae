import { defined } from "../../../defined.ts";
import { expandLimit } from "../../../inventory/limit.ts";
import type { Inventory } from "../../../inventory/model.ts";
import { readsHostvars } from "../../../plan/walk/late-hosts.ts";
import { Relays, type RelaySources } from "../../../run/relay/relay.ts";
import { retryFile } from "../../run/retry.ts";
import { isListing } from "../playbook/list.ts";
import type { HostReach } from "../reach-hosts.ts";
import type { RunRequest } from "../run-request.ts";
import type { Sources } from "../sources.ts";
import { checkLimit, NO_HOSTS, refuseEmpty } from "./check-hosts.ts";
import { InventoryFleet } from "./fleet.ts";
import { growsInventory } from "./grows-inventory.ts";
import { relaySources } from "./relay-sources.ts";

/** The hosts of a run. None is open yet. */
export interface FoundHosts {
  fleet: InventoryFleet;
  /** Those to open, in the order of the plays; none where something is only listed. */
  names: readonly string[];
  /** Tasks may find more while the run goes on. */
  mayGrow: boolean;
  /** The hosts that others fetch files from. */
  relays: RelaySources;
}

// Finds the hosts of all plays. Throws InputError where there are none.
export async function findHosts(
  request: RunRequest,
  sources: Sources,
  reach: HostReach,
): Promise<FoundHosts> {
  const { flags, warn } = request;
  const { inventory, playbook } = sources;
  const limit = await limitOf(request, inventory);
  const mismatches: Parameters<RunRequest["warn"]>[] = [];
  const fleet = new InventoryFleet({
    ...sources,
    limit,
    ...defined({ only: flags.hosts && new Set(flags.hosts) }),
    warn(message, place) {
      // what is said of the limit is said for every play
      if (!mismatches.some(([said, of]) => said === message && of === place))
        mismatches.push([message, place]);
    },
    open: (name, view) => reach.opener.open(name, view),
  });
  const names = fleet.begin(playbook.plays);
  const said = mismatches.map(([message]) => message);
  refuseEmpty({ inventory, playbook, hosts: names, mismatches: said }, flags);
  const mayGrow = growsInventory(playbook) || playbook.plays.some(readsHostvars);
  if (!mayGrow) for (const mismatch of mismatches) warn(...mismatch);
  if (inventory.hosts.size === 0 && names.length > 0) warn(NO_HOSTS);
  const relays = relaySources(fleet, sources, reach);
  reach.options.relays = new Relays(relays);
  return { fleet, names: isListing(flags) ? [] : names, mayGrow, relays };
}

// The pattern that limits the hosts, with the contents of files that it names. Throws InputError
// where no host matches it.
async function limitOf(
  { flags, books }: RunRequest,
  inventory: Inventory,
): Promise<string | undefined> {
  if (flags.limit === undefined) return undefined;
  const limit = await expandLimit(flags.limit, retryFile(books[0]!));
  checkLimit(inventory, limit, flags);
  return limit;
}
