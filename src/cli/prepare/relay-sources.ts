import type { InventoryView } from "../../plan/model/fleet.ts";
import type { RelaySources } from "../../run/relay/relay.ts";
import type { SshConfigs } from "../../transport/ssh/config/config.ts";
import { connect, wantedLogin, type ConnectionSource } from "../connection/connection.ts";
import type { Logins } from "../connection/logins.ts";
import { relaysOf } from "../connection/relays.ts";
import type { InventoryFleet } from "./fleet.ts";

// What relays need to know of a run. Throws InputError where a host names a relay that is none.
export function relaySources({
  fleet,
  sourceOf,
  configs,
  logins,
  say,
}: {
  fleet: InventoryFleet;
  sourceOf(name: string, view: InventoryView): ConnectionSource;
  configs: SshConfigs;
  logins: Logins;
  say: RelaySources["say"];
}): RelaySources {
  const view = fleet.view([]);
  return {
    relaysOf: (name) =>
      !view.hosts.has(name) || fleet.runs.get(name)?.host.isLocal
        ? []
        : relaysOf(name, sourceOf(name, view).variables, view),
    open: async (relay) => {
      const connection = connect(wantedLogin(sourceOf(relay, view)), configs);
      if (connection.kind === "local") throw new Error("it is this machine");
      return logins.open({ ...connection, name: `${relay}, a relay` });
    },
    say,
  };
}
