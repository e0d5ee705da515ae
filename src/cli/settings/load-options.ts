import type { Command } from "commander";
import { collectPaths } from "./option-values.ts";

/** Where else roles are looked for. */
export interface LoadFlags {
  rolesPath?: string[];
}

// Adds the flag that names further directories of roles.
export function loadFlags(command: Command): Command {
  return command.option(
    "--roles-path <directories>",
    "where to look for roles first; separate several directories with colons",
    collectPaths,
  );
}
