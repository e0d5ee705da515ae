import type { RelaySources } from "../../../run/relay/relay.ts";
import { connect } from "../../connection/connection.ts";
import { relaysOf } from "../../connection/relays.ts";
import type { HostReach } from "../reach-hosts.ts";
import type { Sources } from "../sources.ts";
import type { InventoryFleet } from "./fleet.ts";

// What relays need to know of a run. Throws InputError where a host names a relay that is none.
export function relaySources(
  fleet: InventoryFleet,
  { configs }: Sources,
  { opener, logins, options }: HostReach,
): RelaySources {
  const view = fleet.view([]);
  return {
    relaysOf: (name) =>
      !view.hosts.has(name) || fleet.runs.get(name)?.host.isLocal
        ? []
        : relaysOf(name, opener.sourceOf(name, view).variables, view),
    open: async (relay) => {
      const connection = connect(opener.loginOf(relay, view), configs);
      if (connection.kind === "local") throw new Error("it is this machine");
      return logins.open({ ...connection, name: `${relay}, a relay` });
    },
    say: options.say,
  };
}
