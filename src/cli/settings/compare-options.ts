import { Command, Option } from "commander";
import { runFlags, type RunFlags } from "./options.ts";

/** What compare takes. */
export interface CompareFlags extends RunFlags {
  format?: "text" | "json";
}

/** Flags of plan that mean nothing to a comparison. */
const WITHOUT = [
  "--json",
  "--diff",
  "--diff-full",
  "--syntax-check",
  "--list-hosts",
  "--list-tasks",
  "--list-tags",
  "--drop-handlers",
  "--queue",
  "--queue-key",
  "--queue-share",
  "--allow-empty",
];

// Adds the flags of compare: those that plan and ansible-playbook share.
export function compareFlags(command: Command): Command {
  const shared = runFlags(new Command());
  command.addArgument(shared.registeredArguments[0]!);
  for (const option of shared.options)
    if (!WITHOUT.includes(option.long ?? "")) command.addOption(option);
  return command.addOption(
    new Option("--format <format>", "how to print what was found")
      .choices(["text", "json"])
      .default("text"),
  );
}
