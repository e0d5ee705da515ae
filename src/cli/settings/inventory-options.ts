import type { Command } from "commander";
import { collect } from "./option-values.ts";
import { vaultFlags, type VaultFlags } from "./vault-options.ts";

/** What inventory takes. */
export interface InventoryFlags extends VaultFlags {
  inventory?: string[];
  limit?: string;
  list?: true;
  graph?: true | string;
  host?: string;
  yaml?: true;
  toml?: true;
  export?: true;
  vars?: true;
}

// Adds the flags of inventory, which are those of ansible-inventory.
export function inventoryFlags(command: Command): Command {
  return vaultFlags(command)
    .option(
      "-i, --inventory <source>",
      "inventory file, directory or program, or hosts with a comma after them",
      collect,
    )
    .option("-l, --limit <pattern>", "only hosts that match")
    .option("--list", "print all hosts and groups (the default)")
    .option("--graph [group]", "print groups and hosts as a tree, from a group on")
    .option("--host <name>", "print the variables of a host")
    .option("-y, --yaml", "in YAML instead of JSON")
    .option("--toml", "with --list: in TOML instead of JSON")
    .option("--export", "variables of groups stay with the groups")
    .option("--vars", "with --graph: variables, too");
}
