#!/usr/bin/env node
/**
 * Hullwright: argv in, exit code out. The map of the house, in the order in which data flows:
 *
 *   cli/        one file a command; joins the parts below with ssh and the terminal
 *   inventory/  hosts, groups, patterns, variables
 *   playbook/   YAML -> plays with positions; files on this machine
 *   jinja/      expressions and templates
 *   vault/      what ansible-vault encrypted, and the mask over it
 *   plan/       a pure walk over the playbook -> what each task comes to on a host
 *   modules/    what tasks are made of: three pure functions each
 *   probes/     the read-only questions; script/: shell that is quoted by type
 *   apply/      changes -> one program a host -> outcomes
 *   transport/  ssh and local: one connection, one shell that stays
 *   schema/     keywords and modules -> JSON Schema for editors
 *   report/     events and results -> terminal or JSON
 */
import { runCommandLine } from "./cli/command-line.ts";

// Runs the command line.
async function main(): Promise<void> {
  process.exitCode = await runCommandLine(process.argv.slice(2));
}

process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
});
await main();
