import type { Command } from "commander";
import { hostFlags, lockFlag, type RunFlags } from "./options.ts";

/** What run takes. */
export interface AdHocFlags extends RunFlags {
  moduleName?: string;
  args?: string;
}

// Adds the flags of run, which are those of Ansible's ad hoc commands.
export function adHocFlags(command: Command): Command {
  const hosts = hostFlags(
    command
      .argument("<pattern>", "which hosts: groups, names, patterns")
      .argument("[command...]", "after --: the command; a single word is a line for the shell"),
  );
  return lockFlag(hosts)
    .option("-m, --module-name <module>", "the module (command)")
    .option("-a, --args <args>", "its arguments, as key=value or free text")
    .option("-C, --check", "only show what would be done");
}
