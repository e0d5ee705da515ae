import { InventoryFleet } from "../../src/cli/prepare/hosts/fleet.ts";
import { addGroup, addHost, emptyInventory } from "../../src/inventory/model.ts";
import { reconcile } from "../../src/inventory/reconcile.ts";
import { standardEnvironment } from "../../src/jinja/template.ts";
import type { Playbook } from "../../src/playbook/play.ts";
import { HostRun } from "../../src/run/host-run.ts";
import { noFiles } from "./host.ts";

// A fleet of hosts that nobody ever reaches; beside them there is one named "other", to which tasks may delegate.
export function unreachedFleet(
  playbook: Playbook,
  names: readonly string[],
  files = noFiles,
): InventoryFleet {
  const inventory = emptyInventory();
  const place = { file: "hosts", line: 1, column: 1 };
  for (const name of [...names, "other"])
    addHost(inventory, { name, place }, addGroup(inventory, name === "other" ? "others" : "hosts"));
  reconcile(inventory, () => {});
  const env = standardEnvironment();
  const machines = new Map();
  return new InventoryFleet({
    inventory,
    folders: [],
    limit: "hosts",
    extra: {},
    env,
    warn: () => {},
    open: (name) =>
      new HostRun(
        {
          name,
          login: "tester",
          isLocal: false,
          playbook,
          extra: {},
          magicVariables: { values: new Map([["inventory_hostname", name]]) },
          options: { tags: [], skipTags: [], checkMode: false, become: false },
          files,
          env,
        },
        () => Promise.reject(new Error("nobody is to be asked")),
        {
          nonce: () => "nonce",
          run: "test-run",
          owner: "a test",
          lockTimeout: 0,
          replans: true,
          say: () => undefined,
          machines,
          addresses: new Map(),
        },
      ),
  });
}
