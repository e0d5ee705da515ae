import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { InputError } from "../../src/errors.ts";
import { loadInventory } from "../../src/inventory/load.ts";
import { groupHosts } from "../../src/inventory/model.ts";
import { matchHosts } from "../../src/inventory/patterns.ts";
import { groupNames, hostVars } from "../../src/inventory/precedence.ts";
import { variableFiles } from "../../src/inventory/variable-files.ts";
import { toValue } from "../../src/yaml/data.ts";
import { cases as own } from "./cases.ts";
import { publicShapes } from "./public-shapes.ts";
import { randomCase } from "./random.ts";
import type { Case } from "./cases.ts";

// Reads a JSON list of inventories, answers for each what Ansible makes of it: groups, variables, matches.
const ORACLE = `
import json, sys, os
from ansible.module_utils._text import to_text
from ansible.parsing.dataloader import DataLoader
from ansible.inventory.manager import InventoryManager
from ansible.vars.manager import VariableManager
MAGIC = {"playbook_dir", "ansible_playbook_python", "ansible_config_file", "groups", "omit", "hostvars", "inventory_hostname", "inventory_hostname_short", "group_names", "ansible_version", "ansible_facts", "vars", "ansible_python_interpreter"}
def variables(vm, host):
    # For a list of hosts, Ansible says inventory_dir is the text "None".
    return {k: None if v == "None" else v for k, v in vm.get_vars(host=host, include_hostvars=False).items() if k not in MAGIC}
def match(inv, pattern):
    try: return [h.name for h in inv.get_hosts(pattern)]
    except Exception as e: return "error"
out = []
for case in json.load(sys.stdin):
    loader = DataLoader()
    loader.set_basedir(case["play"])
    inv = InventoryManager(loader, sources=case["sources"])
    vm = VariableManager(loader, inv)
    out.append({
        "hosts": {h.name: variables(vm, h) for h in inv.hosts.values()},
        "local": variables(vm, inv.get_host("localhost")),
        "groups": {n: sorted(h) for n, h in inv.get_groups_dict().items()},
        "depths": {g.name: [g.depth, g.priority] for g in inv.groups.values()},
        "names": {h.name: sorted(g.name for g in h.get_groups() if g.name != "all") for h in inv.hosts.values()},
        "matches": {p: match(inv, p) for p in case["patterns"]},
    })
print(json.dumps(out, default=to_text))
`;

/** Random inventories; `npm run inventories -- 2000 7` tries 2,000 of them from the seed 7 on. */
const ROUNDS = Number(process.env["INVENTORY_ROUNDS"] ?? 30);
const SEED = Number(process.env["INVENTORY_SEED"] ?? 1);
const cases: Case[] = [
  ...own,
  ...publicShapes,
  ...Array.from({ length: ROUNDS }, (_, index) => randomCase(SEED + index)),
];

const root = realpathSync(mkdtempSync(join(tmpdir(), "hullwright-inventory-")));
afterAll(() => rmSync(root, { recursive: true }));

// Puts a case's files on disk, and tells where its sources and its playbook are.
function lay(
  { files, sources = ["hosts.yml"], patterns = ["all"], isClosed }: Case,
  index: number,
) {
  const folder = join(root, String(index));
  mkdirSync(join(folder, "play"), { recursive: true });
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
    if (content.startsWith("#!") && !isClosed) chmodSync(join(folder, path), 0o755);
  }
  return {
    play: join(folder, "play"),
    sources: sources.map((source) => (source.includes(",") ? source : join(folder, source))),
    patterns,
  };
}

// The same answer, from Hullwright.
async function readOwn({ play, sources, patterns }: ReturnType<typeof lay>): Promise<unknown> {
  const inventory = await loadInventory(sources);
  const beside = [await variableFiles(play, inventory)];
  const variables = (name: string) =>
    Object.fromEntries(
      [...hostVars(inventory, beside, name)].map(([key, node]) => [key, toValue(node)]),
    );
  const each = <T>(names: Iterable<string>, value: (name: string) => T) =>
    Object.fromEntries([...names].map((name) => [name, value(name)]));
  return {
    hosts: each(inventory.hosts.keys(), variables),
    local: variables("localhost"),
    groups: each(inventory.groups.keys(), (name) => groupHosts(inventory, name).toSorted()),
    depths: each(inventory.groups.keys(), (name) => [
      inventory.groups.get(name)!.depth,
      inventory.groups.get(name)!.priority,
    ]),
    names: each(inventory.hosts.keys(), (name) => groupNames(inventory, name)),
    matches: each(patterns, (pattern) => matchOrError(() => matchHosts(inventory, pattern))),
  };
}

// The same with the hosts of each pattern sorted: where a group is reached by two ways, Ansible's own order is chance.
function unordered(answer: unknown): unknown {
  const { matches, ...rest } = answer as { matches: Record<string, string[] | "error"> };
  const sorted = Object.entries(matches).map(([pattern, hosts]) => [
    pattern,
    hosts === "error" ? hosts : hosts.toSorted(),
  ]);
  return { ...rest, matches: Object.fromEntries(sorted) as object };
}

function matchOrError(match: () => string[]): string[] | "error" {
  try {
    return match();
  } catch (error) {
    if (error instanceof InputError) return "error";
    throw error;
  }
}

const haveAnsible =
  spawnSync("/usr/bin/python3", ["-c", "import ansible.inventory.manager"]).status === 0;

describe.skipIf(!haveAnsible)(
  "reads inventories as Ansible does (skipped without Debian's ansible-core)",
  () => {
    const laid = cases.map(lay);
    const answer = haveAnsible
      ? spawnSync("/usr/bin/python3", ["-c", ORACLE], {
          input: JSON.stringify(laid),
          encoding: "utf8",
          maxBuffer: 1e9,
          cwd: root,
          env: { PATH: "/usr/bin:/bin", HOME: root, LC_ALL: "C.UTF-8" },
        })
      : undefined;
    const expected = answer?.status === 0 ? (JSON.parse(answer.stdout) as unknown[]) : [];

    test("the oracle answered for every inventory", () => {
      expect(answer?.status === 0 ? "" : answer?.stderr).toBe("");
      expect(expected).toHaveLength(cases.length);
    });
    test.each(cases.map((each, index) => [each.name, index] as const))(
      "%s",
      async (_name, index) => {
        const order = cases[index]!.name.startsWith("seed ") ? unordered : (one: unknown) => one;
        const found: unknown = JSON.parse(JSON.stringify(await readOwn(laid[index]!)));
        expect(order(found)).toEqual(order(expected[index]));
      },
    );
  },
);
