import { defined } from "../../src/defined.ts";
import { shownLines } from "../../src/plan/model/entry.ts";
import { tmpdir, userInfo } from "node:os";
import { mkdtempSync } from "node:fs";
import { join } from "node:path";
import { HostRun } from "../../src/run/host-run.ts";
import type { Machine } from "../../src/run/machine.ts";
import { Run } from "../../src/run/run.ts";
import { InventoryFleet } from "../../src/cli/prepare/hosts/fleet.ts";
import {
  addChild,
  addGroup,
  addHost,
  emptyInventory,
  type Inventory,
} from "../../src/inventory/model.ts";
import { reconcile } from "../../src/inventory/reconcile.ts";
import { standardEnvironment } from "../../src/jinja/template.ts";
import { loadPlaybook } from "../../src/playbook/load/load.ts";
import { createTransport } from "../../src/transport/connect.ts";
import { nodeOf } from "../../src/yaml/data.ts";
import { noFiles } from "./host.ts";
import type { Host } from "../../src/plan/model/host.ts";

const place = { file: "hosts", line: 1, column: 1 };

/** A run over several hosts of a test, all of them this machine through a shell of their own, each with a state folder of its own. */
export interface TestFleet {
  run: Run;
  /** Hosts whose connections were ended, as nothing is to be done on them. */
  released: string[];
  /** Hosts whose connection was asked for, each time it was. */
  reached: string[];
  /** Hosts that were sent a program, each time one was. */
  asked: string[];
  /** One word a task and host, as people read a plan: "a: changed install". */
  lines(): string[];
  close(): Promise<void>;
}

// Prepares a playbook for hosts in the groups of the test; every host knows its own folder as `own`.
export function testFleet(
  playbook: string,
  groups: Record<string, string[]>,
  vars: Record<string, unknown> = {},
  forks = 5,
  isEager = false,
  sound?: () => void,
): TestFleet {
  const book = loadPlaybook(playbook.replace(/^\n/, ""), "/test/play.yml", {
    read: () => "",
    find: () => undefined,
  });
  const env = standardEnvironment();
  const opened: Promise<{ close(): Promise<void> }>[] = [];
  let count = 0;
  const [reached, asked]: [string[], string[]] = [[], []];
  const machines = new Map<string, Machine>();
  const fleet: InventoryFleet = new InventoryFleet({
    inventory: inventoryOf(groups, vars),
    folders: [],
    limit: undefined,
    extra: {},
    env,
    warn: () => {},
    open: (name) => {
      const home = mkdtempSync(join(tmpdir(), "hullwright-home-"));
      const host: Host = {
        name,
        login: "tester",
        isLocal: true,
        playbook: book,
        extra: {},
        magicVariables: { values: new Map([["inventory_hostname", name]]) },
        options: { tags: [], skipTags: [], checkMode: false, become: false },
        files: noFiles,
        env,
      };
      const opening = createTransport().open({
        name,
        host: "localhost",
        port: 0,
        user: userInfo().username,
        kind: "local",
        timeoutMs: 5000,
        knownHostsFiles: [],
        acceptNew: false,
      });
      opened.push(opening);
      // every host has a state folder of its own, as they are one machine
      const own = opening.then((login) => ({
        ...login,
        run: (program: string, ...rest: never[]) => {
          asked.push(name);
          return login.run(`HOME=${home}\n${program}`, ...rest);
        },
        put: login.put.bind(login),
        close: () => login.close(),
        rounds: 0,
      }));
      const session = (): typeof own => {
        reached.push(name);
        return own;
      };
      return new HostRun(host, session, {
        nonce: () => `nonce${count++}`,
        run: "test-run",
        owner: "a test",
        lockTimeout: 0,
        replans: true,
        say: () => undefined,
        machines,
        addresses: new Map(),
      });
    },
  });
  const names = fleet.begin(book.plays);
  const released: string[] = [];
  const run = new Run({
    fleet,
    playbook: book,
    hosts: names.map((name) => fleet.run(name, fleet.view([]))),
    find: (name) => fleet.runs.get(name)!,
    forks,
    isEager,
    ...defined({ sound }),
    release: (name) => Promise.resolve(void released.push(name)),
  });
  return {
    run,
    released,
    reached,
    asked,
    lines: () => linesOf(run),
    close: async () => {
      for (const session of opened) await (await session).close();
    },
  };
}

function inventoryOf(groups: Record<string, string[]>, vars: Record<string, unknown>): Inventory {
  const inventory = emptyInventory();
  for (const [name, hosts] of Object.entries(groups)) {
    const group = addGroup(inventory, name);
    if (name !== "all") addChild(inventory, "all", name);
    for (const host of hosts) addHost(inventory, { name: host, place }, group);
  }
  for (const [name, value] of Object.entries(vars))
    inventory.groups.get("all")!.vars.set(name, nodeOf(value, "hosts"));
  reconcile(inventory, () => {});
  return inventory;
}

function linesOf({ hosts }: Run): string[] {
  const entries = hosts.flatMap(({ host, walk }) =>
    (walk?.entries ?? []).map((entry) => ({ host: host.name, entry })),
  );
  return entries.map(
    ({ host, entry }) =>
      `${host}: ${entry.verdict.status} ${entry.task}${entry.item === undefined ? "" : ` [${entry.item}]`}${entry.on === undefined ? "" : ` -> ${entry.on}`}${shownLines(entry) === undefined ? "" : `: ${shownLines(entry)}`}`,
  );
}
