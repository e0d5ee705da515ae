import { Option, type Command } from "commander";
import { loadFlags, type LoadFlags } from "./load-options.ts";
import { collect } from "./option-values.ts";
import { vaultFlags, type VaultFlags } from "./vault-options.ts";

/** What lint takes. */
export interface LintFlags extends VaultFlags, LoadFlags {
  skip?: string[];
  strict?: true;
  format?: "text" | "json";
  rules?: true;
  /** Tells what ansible-core does not have, too. */
  forAnsible?: true;
}

// Adds the flags of lint.
export function lintFlags(command: Command): Command {
  return loadFlags(vaultFlags(command))
    .argument("[playbook...]", "playbook files")
    .option("-x, --skip <rules>", "rules to leave out", collect)
    .option("--for-ansible", "warn about everything that would not run with ansible-core as well")
    .option("--strict", "count warnings as errors")
    .addOption(
      new Option("--format <format>", "how to print the findings")
        .choices(["text", "json"])
        .default("text"),
    )
    .option("--rules", "list the rules, and do nothing else");
}
