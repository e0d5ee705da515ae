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
 *   report/     events and results -> terminal or JSON
 */
import { Command, CommanderError } from "commander";
import { runFlags, vaultCommands, vaultFlags, type RunFlags, type VaultFlags } from "./cli/options.ts";
import { describeInputError, InputError } from "./errors.ts";

// Builds the command line. Commands are loaded when they are called, so that each starts fast.
function commandLine(done: (code: number) => void): Command {
  const program = new Command("hullwright").description("Fits out hosts so that they can carry containers.").version("0.1.0").exitOverride().showSuggestionAfterError();
  const plan = runFlags(program.command("plan").description("show exactly what apply would change; writes nothing anywhere"));
  plan.option("-o, --out <file>", "keep the plan, for: apply FILE").option("-C, --check", "as plan does anyway").action(async (name: string, flags: RunFlags) => done(await (await import("./cli/run.ts")).planCommand(name, flags)));
  const apply = runFlags(program.command("apply").description("make the hosts what the playbook says"));
  apply.option("-C, --check", "only plan").option("-y, --yes", "do not ask");
  apply.action(async (name: string, flags: RunFlags) => done(await (await import("./cli/run.ts")).applyCommand(name, flags)));
  program.command("doc").description("show the modules, or all about one").argument("[module]").action(async (name?: string) => done((await import("./cli/doc.ts")).docCommand(name)));
  const lint = vaultFlags(program.command("lint").description("read playbooks and say what is wrong").argument("<playbook...>"));
  lint.action(async (names: string[], flags: VaultFlags) => done(await (await import("./cli/lint.ts")).lintCommand(names, flags)));
  vaultCommands(program.command("vault").description("encrypt and decrypt as ansible-vault does"), async (verb, words, flags) => done(await (await import("./cli/vault.ts")).vaultCommand(verb, words, flags)));
  return program;
}

// Runs the command line; every error ends in one clear message and a code.
async function main(): Promise<void> {
  try {
    await commandLine((code) => { process.exitCode = code; }).parseAsync();
  } catch (error) {
    if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 1;
    else if (error instanceof InputError) {
      process.stderr.write(`error: ${describeInputError(error)}\n`);
      process.exitCode = 1;
    } else throw error;
  }
}

process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
});
await main();
